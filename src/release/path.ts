/** A path and the directory it is relative to, in one text, `.` and `..` undone as far as the names are known. */
export function joined(cwd: string | undefined, path: string): string {
  if (path === '') return path
  const alone = !cwd || /^([/~]|\{\{|\$|[\w.@-]+:)/.test(path)
  return undotted(alone ? path : `${cwd}/${path}`)
}

function undotted(path: string): string {
  if (!/(^|\/)\.{1,2}(\/|$)/.test(path)) return path
  const out: string[] = []
  for (const part of path.split('/')) {
    if (part === '.' || (part === '' && out.length > 0)) continue
    // What a variable's own parent is cannot be told.
    if (part === '..' && out.length > 0 && !/^$|^\.\.$|[${]/.test(out.at(-1)!)) out.pop()
    else out.push(part)
  }
  return out.join('/') || (path.startsWith('/') ? '/' : '.')
}

const cacheNames =
  /(^|\/)(var\/cache|app\/cache|tmp\/cache|storage\/framework\/(cache|views)|bootstrap\/cache|cache|caches|\.?views-cache|di-cache\.php|generated|var\/(di|generation|view_preprocessed|page_cache)|templates_c|smarty_cache|twig_cache|typo3temp|temp\/cache|\.cache)(\/|$)/i

/** Whether a path names a cache of the application. */
export function namesCache(path: string): boolean {
  return (
    cacheNames.test(path) &&
    !/(^|\/)(~|\$HOME|root|home\/[^/]+)\/\.cache|composer|npm|yarn|pip\b|apt|docker/i.test(path)
  )
}

/** Whether a path is, by its name, the link or directory that a web server serves: `current`, `live`, a document root. */
export function namesLink(path: string): boolean {
  const plain = path.replace(/\/+$/, '')
  return /(^|[/}])(current|live|active|latest|stable|production|prod|htdocs|html|public_html|www|httpdocs|docroot|webroot)$|current_?(path|link|dir)?\}*$|\$\{?\w*?(CURRENT|LIVE|WEB_?ROOT|DOC_?ROOT|SYMLINK)(_?(PATH|DIR|LINK|SYMLINK|ROOT|RELEASE|FOLDER|DIRECTORY|SITE|APP|WEB|NAME))?\}?$|^\/var\/www\/[^/]+$/i.test(
    plain,
  )
}

/** Whether a path lies in one release of several: below `releases/`, or named by a variable for a release, version, build or time. */
export function namesRelease(path: string): boolean {
  return /(^|[/}_.-])releases?(\/|[-_.][^/]*[$\d{])|release_(or_current_)?path|release_dir|new_release|\$[{(]?\w*(REL|RELEASE|RELEASES|VERSION|BUILD|TIMESTAMP|STAMP|SHA|COMMIT|REVISION|NEW|DATE|NOW|TAG|STAGED|CANDIDATE|TMP|TEMP|WORKDIR)\w*|\$\(date|(^|\/)(versions|builds|deployments|deploys|artifacts)\//i.test(
    path,
  )
}

/** Whether a path lies in what all releases share. */
export function namesShared(path: string): boolean {
  return /(^|[/}_])shared(\/|$|_path|_dir|\})|\$\{?\w*(SHARED|PERSIST|STORAGE_DIR|DATA_DIR)\w*|(^|\/)(persistent|persist|common|nfs|mnt)\//i.test(
    path,
  )
}

/** Whether a path goes through the link that serves: `…/current/…`. */
export function namesCurrent(path: string): boolean {
  return /(^|[/}])current(\/|$)|(?<!release_or_)current_path|\$\{?\w*CURRENT\w*/i.test(path)
}

const farHost = /^(?:\$?\{\{[^}]*\}\}|[\w.$@{}-])+:(?=[/~$.{\w]|$)/

/** Whether a path is on another host, as rsync and scp write it: `web@host:/srv/app`. */
export function isFar(path: string): boolean {
  return farHost.test(path)
}

/** The host of a far path, as written; undefined: it is on this one. */
export function hostIn(path: string): string | undefined {
  return farHost.exec(path)?.[0].slice(0, -1)
}

/** A path as it is compared: no trailing slash, no host, no doubled slashes. */
export function plainPath(path: string): string {
  return path
    .replace(farHost, '')
    .replace(/\/{2,}/g, '/')
    .replace(/(\/\.)+$/, '')
    .replace(/(.)\/+$/, '$1')
}

/** Whether `path` is `directory` or lies below it. */
export function isWithin(path: string, directory: string): boolean {
  const a = plainPath(path)
  const b = plainPath(directory)
  return a === b || a.startsWith(b === '/' ? b : `${b}/`)
}
