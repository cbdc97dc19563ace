import { apacheFiles, apacheHandovers, type ApacheFile } from '../facts/apache/handover.ts'
import { caddyHandovers } from '../facts/caddy/handover.ts'
import { iniSettings, type IniSettings } from '../facts/ini/setting.ts'
import { nginxConfigurations, type NginxConfigurations } from '../facts/nginx/configurations.ts'
import { nginxHandovers } from '../facts/nginx/handover.ts'
import { locationsOf, type Location } from '../facts/nginx/location.ts'
import type { Handover } from '../facts/server/handover.ts'
import type { Facts } from './facts.ts'

/** The project's nginx configuration, with what was read reported. */
export function nginxOf(facts: Facts): readonly NginxConfigurations[] {
  const found = nginxConfigurations(facts.files, [], facts.unread)
  for (const text of found.texts) facts.read(text.file)
  return [found]
}

/** Every nginx location of the project that hands requests to a FastCGI server. */
export function locationsIn(facts: Facts): readonly Location[] {
  return facts.all('nginx').flatMap((nginx) => nginx.mains.flatMap(locationsOf))
}

/** Every place where a web server of the project hands requests to PHP. */
export function handoversOf(facts: Facts): readonly Handover[] {
  return [
    ...facts.all('nginx').flatMap((nginx) => nginx.mains.flatMap(nginxHandovers)),
    ...apacheHandovers(facts.all('apache')),
    ...caddyHandovers(facts.files, facts.read, facts.unread),
  ]
}

/** The project's Apache files. */
export function apacheOf(facts: Facts): readonly ApacheFile[] {
  return apacheFiles(facts.files, facts.read, facts.unread)
}

/** The project's settings of PHP and FPM. */
export function iniOf(facts: Facts): readonly IniSettings[] {
  return [iniSettings(facts.files, [], facts.unread, facts.read)]
}
