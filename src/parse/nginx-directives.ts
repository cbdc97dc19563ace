// What nginx itself knows of its directives, as far as its syntax errors need it. A name that stands in neither
// list belongs to a module we do not know: it may have a block or not.

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter((word) => word !== ''))

const blocks = words(`
  http server location events upstream types map geo split_clients if limit_except mail stream match charset_map
  geoip2 rtmp application
`)

const data = words('types map geo split_clients charset_map match geoip2')

const simple = words(`
  absolute_redirect access_log add_header addition_types aio alias allow auth_basic auth_basic_user_file auth_request
  auth_request_set autoindex autoindex_exact_size break charset chunked_transfer_encoding client_body_buffer_size
  client_body_timeout client_header_buffer_size client_header_timeout client_max_body_size daemon deny default_type
  directio disable_symlinks empty_gif env error_log error_page etag expires fastcgi_bind fastcgi_buffer_size
  fastcgi_buffering fastcgi_buffers fastcgi_busy_buffers_size fastcgi_cache fastcgi_cache_bypass fastcgi_cache_key
  fastcgi_cache_methods fastcgi_cache_path fastcgi_cache_use_stale fastcgi_cache_valid fastcgi_catch_stderr
  fastcgi_connect_timeout fastcgi_hide_header fastcgi_ignore_client_abort fastcgi_ignore_headers fastcgi_index
  fastcgi_intercept_errors fastcgi_keep_conn fastcgi_max_temp_file_size fastcgi_next_upstream fastcgi_no_cache
  fastcgi_param fastcgi_pass fastcgi_pass_header fastcgi_pass_request_body fastcgi_pass_request_headers
  fastcgi_read_timeout fastcgi_request_buffering fastcgi_send_timeout fastcgi_split_path_info fastcgi_store
  fastcgi_temp_file_write_size fastcgi_temp_path gzip gzip_buffers gzip_comp_level gzip_disable gzip_http_version
  gzip_min_length gzip_proxied gzip_static gzip_types gzip_vary if_modified_since ignore_invalid_headers include index
  internal ip_hash keepalive keepalive_disable keepalive_requests keepalive_timeout large_client_header_buffers
  least_conn limit_conn limit_conn_zone limit_rate limit_rate_after limit_req limit_req_status limit_req_zone
  listen load_module lock_file log_format log_not_found log_subrequest map_hash_bucket_size map_hash_max_size
  master_process merge_slashes msie_padding multi_accept open_file_cache open_file_cache_valid pid port_in_redirect
  proxy_buffer_size proxy_buffering proxy_buffers proxy_cache proxy_connect_timeout proxy_hide_header
  proxy_http_version proxy_intercept_errors proxy_next_upstream proxy_pass proxy_pass_header proxy_read_timeout
  proxy_redirect proxy_send_timeout proxy_set_header real_ip_header recursive_error_pages reset_timedout_connection
  resolver resolver_timeout return rewrite root satisfy send_timeout sendfile server_name server_name_in_redirect
  server_names_hash_bucket_size server_names_hash_max_size server_tokens set set_real_ip_from ssi ssl
  ssl_certificate ssl_certificate_key ssl_ciphers ssl_dhparam ssl_ecdh_curve ssl_prefer_server_ciphers ssl_protocols
  ssl_session_cache ssl_session_tickets ssl_session_timeout ssl_stapling ssl_stapling_verify stub_status sub_filter
  tcp_nodelay tcp_nopush try_files types_hash_bucket_size types_hash_max_size underscores_in_headers user
  uwsgi_param uwsgi_pass variables_hash_max_size worker_connections worker_cpu_affinity worker_priority
  worker_processes worker_rlimit_nofile zone
`)

/** Whether the body of this block is data (a map's rows), not directives. */
export function isDataBlock(name: string): boolean {
  return data.has(name)
}

/** Whether nginx demands a block after this name; `server` within `upstream` is a plain line. */
export function takesBlock(name: string, parent: string): boolean {
  return blocks.has(name) && !(name === 'server' && parent === 'upstream')
}

/** Whether nginx demands a `;` after this name. */
export function takesNoBlock(name: string, parent: string): boolean {
  return simple.has(name) || (name === 'server' && parent === 'upstream')
}
