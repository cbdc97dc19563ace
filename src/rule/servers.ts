import { apacheFiles, apacheHandovers, type ApacheFile } from '../facts/apache/handover.ts'
import { caddyHandovers } from '../facts/caddy/handover.ts'
import { iniSettings, type IniSettings } from '../facts/ini/setting.ts'
import { looksLikeNginx, nginxText } from '../facts/nginx/text.ts'
import { fillingsOf, filled, type Fillings } from '../facts/written/fillings.ts'
import { iniCommanded, iniWritten } from '../facts/written/ini.ts'
import type { WrittenText } from '../facts/written/text.ts'
import { iniOptions, writtenTexts } from '../facts/written/written.ts'
import { nginxConfigurations, type NginxConfigurations } from '../facts/nginx/configurations.ts'
import { nginxHandovers } from '../facts/nginx/handover.ts'
import { locationsOf, type Location } from '../facts/nginx/location.ts'
import type { Handover, Sent } from '../facts/server/handover.ts'
import type { Facts } from './facts.ts'

/** The configuration texts that scripts, images and playbooks of the project write. */
export function writtenOf(facts: Facts): readonly WrittenText[] {
  return writtenTexts(facts.files, facts.all('script'))
}

/** The project's nginx configuration, with what was read reported. */
export function nginxOf(facts: Facts): readonly NginxConfigurations[] {
  const embedded = facts
    .all('written')
    .filter((text) => looksLikeNginx(text.piece.text))
    .map((text) => nginxText(text.piece, text.file, text.file, text.via))
  const found = nginxConfigurations(facts.files, embedded, facts.unread)
  for (const text of found.texts) facts.read(text.file)
  return [found]
}

/** Every nginx location of the project that hands requests to a FastCGI server. */
export function locationsIn(facts: Facts): readonly Location[] {
  return facts.all('nginx').flatMap((nginx) => nginx.mains.flatMap(locationsOf))
}

/** Every place where a web server of the project hands requests to PHP. */
export function handoversOf(facts: Facts): readonly Handover[] {
  const fillings = fillingsOf(facts.files)
  return [
    ...facts.all('nginx').flatMap((nginx) => nginx.mains.flatMap(nginxHandovers)),
    ...apacheHandovers(facts.all('apache')),
    ...caddyHandovers(facts.files, facts.read, facts.unread),
  ].map((one) => ({
    ...one,
    script: filledIn(one.script, fillings),
    documentRoot: filledIn(one.documentRoot, fillings),
  }))
}

/** What is sent, with the names of templates replaced by what the project gives for them. */
function filledIn(sent: Sent, fillings: Fillings): Sent {
  if (!sent.paths.some((path) => /\{\{|\$\{[A-Z]/.test(path))) return sent
  const ways = sent.paths.flatMap((path) => filled(path, fillings))
  return {
    ...sent,
    paths: [...new Set(ways.map((way) => way.text))],
    because: [...ways.flatMap((way) => way.because), ...sent.because],
  }
}

/** The project's Apache files. */
export function apacheOf(facts: Facts): readonly ApacheFile[] {
  return apacheFiles(facts.files, facts.read, facts.unread)
}

/** The project's settings of PHP and FPM. */
export function iniOf(facts: Facts): readonly IniSettings[] {
  const more = [
    ...facts.all('written').flatMap(iniWritten),
    ...iniOptions(facts.files),
    ...iniCommanded(facts.all('script')),
  ]
  const fillings = fillingsOf(facts.files)
  const value = (text: string): string => {
    const ways = /\$\{|\{\{/.test(text) ? new Set(filled(text, fillings).map((way) => way.text)) : new Set([text])
    return ways.size === 1 ? [...ways][0]! : text
  }
  return [iniSettings(facts.files, more, facts.unread, facts.read, value)]
}
