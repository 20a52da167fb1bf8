// @vitest-environment node
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { draw } from '../../scripts/film/draw.mjs'

const word = (kind: string, text: string, y: number) => ({ kind, text, x: 4, y, anchor: 'start' })
const recording = {
  width: 640,
  height: 200,
  marks: [
    { kind: 'sent', d: 'M10.0 40.0h50.0v5.0h-50.0zM10.0 140.0h70.0v5.0h-70.0z' },
    { kind: 'moment', d: 'M300.0 38V60' },
    { kind: 'failed', d: '' },
  ],
  words: [
    word('group-name', 'Copied queue, tab A (this one)', 22),
    word('moment-name ended', 'signed out', 22),
    word('group-name', 'Latchkey, tab A (this one)', 122),
    word('time', '200 ms', 190),
  ],
  grid: [{ x: 4.5, y1: 8, y2: 173 }],
  verdicts: {
    queue: { standing: 'Signed out', calls: '8 of 16 calls answered' },
    latchkey: { standing: 'Still signed in', calls: '16 of 16 calls answered' },
  },
}
const film = draw(recording)
const committed = readFileSync('docs/images/two-tabs.svg', 'utf8')

describe('the film of the demo', () => {
  test('says what the recording says of each client, in its picture and to those who hear it', () => {
    expect(film).toMatch(/>Signed out<.*>8 of 16 calls answered</)
    expect(film).toMatch(/>Still signed in<.*>16 of 16 calls answered</)
    expect(film).toMatch(/aria-label="[^"]*The copied queue: Signed out.*Latchkey: Still signed in/)
  })

  test('moves the lines of a client down as far as its name, and keeps every time', () => {
    const [, upper, lower] =
      /class="sent" d="M10 ([\d.]+)h50.*M10 ([\d.]+)h70/.exec(film.replaceAll('.0', '')) ?? []
    const places = [...film.matchAll(/class="tab" x="4" y="([\d.]+)"/g)].map(([, y]) => Number(y))
    expect([Number(upper) - (places[0] ?? 0), Number(lower) - (places[1] ?? 0)]).toEqual([18, 18])
    const [, from, to] = /class="moment" d="M300(?:\.0)? ([\d.]+)V([\d.]+)"/.exec(film) ?? []
    expect(Number(to) - Number(from)).toBe(60 - 38)
  })
})

test.each([
  ['as it is drawn', film],
  ['as it is committed', committed],
])('the film %s is a still for whoever wants less motion, and ends as one', (_, svg) => {
  const [before = '', motion = ''] = svg.split('@media (prefers-reduced-motion: no-preference) {')
  expect(motion).toContain('.cover { animation:')
  expect(before).not.toContain('animation')
  expect(svg).not.toContain('infinite')
  // What covers the picture is beside it unless it moves.
  expect(before).toContain('transform: translateX(110%)')
})

test('the committed film is small, loads nothing, and shows two tabs of both clients', () => {
  expect(committed.length).toBeLessThan(300_000)
  expect(committed).not.toMatch(/<script|<image|href|url\((?!#)|@import/)
  expect(committed.match(/class="tab"/g)).toHaveLength(4)
  expect(committed).toContain('>Signed out<')
  expect(committed).toContain('>Still signed in<')
})
