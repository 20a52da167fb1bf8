import { readFileSync } from 'node:fs'
import { root } from './places.mjs'

const introductions = {
  Errors:
    'An `AuthError` has a `code`. This page explains each code and what to do. The reference shows [how to handle errors in an app](reference.md#errors).',
  Warnings:
    'A `warning` event has a `code` and a `message`. The session continues in each case. Only the [development build](reference.md#two-builds) emits most of them.',
}

/** Each code of the two tables of the guide as a section of its own, so that a message can link to it. */
export function errorsPage() {
  const guide = readFileSync(`${root}docs/troubleshooting.md`, 'utf8')
  const sections = Object.entries(introductions).map(([title, introduction]) => {
    const [, text = ''] = guide.split(`\n## ${title}\n`)
    const rows = (text.split(/^## /m)[0] ?? '').split('\n').flatMap((line) => {
      const [, code, ...cells] = /^\| `(\w+)` \| (.*) \|$/.exec(line) ?? []
      return code ? [{ code, cells: cells[0].split(' | ') }] : []
    })
    const parts = rows.map(({ code, cells }) => {
      const [meaning, remedy] = cells.slice(-2)
      const build =
        cells.length === 3 ? `*${cells[0] === 'both' ? 'Both builds' : 'Development build'}.* ` : ''
      return `### ${code}\n\n${build}${meaning}\n\n**What to do:** ${remedy}\n`
    })
    return `## ${title}\n\n${introduction}\n\n${parts.join('\n')}`
  })
  const text = `# Errors and warnings\n\nThis page lists every code of Latchkey, each with its own link.\n\n${sections.join('\n')}`
  return text.replaceAll('](#', '](troubleshooting.md#')
}
