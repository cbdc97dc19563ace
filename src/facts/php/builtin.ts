// What PHP's own functions give, as far as a boolean may come out of them.

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** Functions that give true or false and nothing else. */
export const givesBoolean = words(`
  in_array is_array is_bool is_callable is_countable is_dir is_double is_executable is_file is_float is_int is_integer
  is_iterable is_link is_long is_nan is_finite is_infinite is_null is_numeric is_object is_readable is_resource
  is_scalar is_string is_subclass_of is_a is_uploaded_file is_writable is_writeable array_key_exists key_exists
  array_is_list property_exists method_exists class_exists interface_exists function_exists trait_exists enum_exists
  file_exists str_contains str_starts_with str_ends_with boolval password_verify hash_equals checkdate ctype_alnum
  ctype_alpha ctype_digit ctype_lower ctype_upper ctype_space ctype_punct ctype_xdigit defined extension_loaded
  mb_check_encoding headers_sent password_needs_rehash json_validate array_any array_all checkdnsrr is_wp_error`)

/** Functions that give a number, whatever they are given. */
export const givesNumber = words(`
  intval floatval doubleval count sizeof strlen mb_strlen time microtime abs ceil floor round max_int rand mt_rand
  random_int array_sum array_product ord crc32 strcmp strcasecmp strncmp preg_match preg_match_all substr_count
  mktime func_num_args filemtime memory_get_usage random_bytes_int date_create_int intdiv bindec hexdec octdec`)

/** Functions that give text (or false when something failed, which is not a value that anybody meant to bind). */
export const givesText = words(`
  trim rtrim ltrim strtolower strtoupper ucfirst ucwords lcfirst substr mb_substr str_replace preg_replace sprintf
  vsprintf implode join strval date gmdate md5 sha1 hash password_hash json_encode serialize htmlspecialchars
  htmlentities strip_tags nl2br addslashes urlencode rawurlencode base64_encode bin2hex uniqid number_format
  var_export http_build_query file_get_contents mb_strtolower mb_strtoupper str_pad str_repeat strrev random_bytes
  print_r php_uname gethostname session_id basename dirname realpath ucwords inet_pton inet_ntop long2ip chr
  mb_convert_encoding iconv utf8_encode utf8_decode strtr get_class gettype get_debug_type escapeshellarg`)

/** Functions that give an array of the same entries as their first argument's. */
export const keepsEntries = words('array_values array_reverse array_unique array_slice iterator_to_array')

/** Names of the superglobals whose entries are text from outside. */
export const inputs = words('_GET _POST _REQUEST _COOKIE _SERVER _ENV')
