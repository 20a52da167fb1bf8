import { posix } from 'node:path'
import { documents } from './documents.mjs'
import { repository } from './places.mjs'

/** A link or a picture; or code, in which nothing is one. */
const linkOrCode = /^```[\s\S]*?^```$|(!?)\[((?:`[^`]*`|\[[^\]]*\]|[^[\]`])*)\]\(([^)\s]+)\)|`[^`\n]+`/gm

/** Where the demo is for somebody who has started it; on the site it is a part of the site. */
const ownDemo = 'http://127.0.0.1:7418/'

const pathOf = new Map(documents.map(({ file, path }) => [file, path]))

/**
 * Where a link of a document leads on the site, or `null` where there is nothing to lead to: a page, the demo, a picture, or
 * a file in the repository if that has an address.
 */
function targetOf(document, link) {
  if (link.startsWith(ownDemo)) return `/demo/${link.slice(ownDemo.length)}`
  if (/^(https?:|mailto:)/.test(link)) return link
  const [file, hash = ''] = link.split(/(?=#)/)
  if (file === '' || link.startsWith('#')) return link
  const place = posix.normalize(posix.join(posix.dirname(document.file), file)).replace(/\/$/, '')
  if (place === 'demo' || place === 'demo/README.md') return '/demo/'
  const english = pathOf.get(place)
  const isTranslated =
    document.language === 'ko' && hash === '' && [...pathOf.values()].includes(`ko/${english}`)
  const path = isTranslated ? `ko/${english}` : english
  if (path !== undefined) return `/${path.replace(/(^|\/)index$/, '$1')}${hash}`
  if (/\.svg$/.test(place)) return `/${place}`
  if (place === 'llms.txt') return '/llms.txt'
  return repository ? `${repository}/blob/main/${place}${hash}` : null
}

/** The document's text with its links as the site has them. `finish` makes of the target what is written. */
export function withLinks(document, finish = (target) => target) {
  return document.text.replace(linkOrCode, (whole, mark, label, link) => {
    if (link === undefined) return whole
    const target = targetOf(document, link)
    return target === null ? label : `${mark}[${label}](${finish(target)})`
  })
}

/** The files of the repository that pages show. */
export const picturesOf = (document) =>
  [...document.text.matchAll(linkOrCode)].flatMap(([, mark, , link]) =>
    mark === '!' && !/^https?:/.test(link)
      ? [posix.normalize(posix.join(posix.dirname(document.file), link))]
      : [],
  )
