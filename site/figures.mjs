// Puts the rows of bench/results.md into the guides that quote them: `node site/figures.mjs` after a bench.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))

/** The tables of a section of the results, without the rows that are limits and not peers, and without those of parts. */
export function tablesOf(results, section) {
  const [, text = ''] = results.split(`\n## ${section}\n`)
  const tables = text.split(/^## /m)[0].match(/(?:^\|.*\n)+/gm) ?? []
  const wanted = section === 'Size' ? tables.slice(0, 1) : tables
  return wanted
    .map((table) =>
      table.replace(
        /^\| (physical limit|bare axios, against|fetch, header only, against|Latchkey, parsed).*\n/gm,
        '',
      ),
    )
    .join('\n')
}

export const withFigures = (guide, results) =>
  guide.replace(
    /(<!-- from: (.+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, begin, section, end) => `${begin}${tablesOf(results, section)}${end}`,
  )

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const guide = `${root}docs/comparison.md`
  writeFileSync(
    guide,
    withFigures(readFileSync(guide, 'utf8'), readFileSync(`${root}bench/results.md`, 'utf8')),
  )
}
