import { fixed } from './table.mjs'

/**
 * One line of the table at the top: what Latchkey reaches, and the best of the peers.
 *
 * @typedef {{ figure: string, ours: string, best: string }} Line
 */

/**
 * @param {{ figure: string, digits?: number, found: readonly { name: string, value: number }[] }} finding
 * Lower is better.
 * @returns {Line}
 */
export function lineOf({ figure, digits = 2, found }) {
  const isOurs = (/** @type {{ name: string }} */ { name }) => name.startsWith('Latchkey')
  const peers = found.filter((one) => !isOurs(one) && Number.isFinite(one.value))
  const best = peers.sort((a, b) => a.value - b.value)[0]
  return {
    figure,
    ours: fixed(found.find(isOurs)?.value ?? Number.NaN, digits),
    best: best ? `${fixed(best.value, digits)} (${best.name})` : '–',
  }
}
