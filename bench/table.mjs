/** A table in Markdown. @param {string[]} head @param {(string | number)[][]} rows */
export const tableOf = (head, rows) =>
  [head, head.map((_, column) => (column === 0 ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')

/** @param {number} value @param {number} [digits] */
export const fixed = (value, digits = 2) => (Number.isFinite(value) ? value.toFixed(digits) : '–')
