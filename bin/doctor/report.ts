import type { Diagnosis, Examination } from './examine.js'

const bold = (text: string): string => `\x1b[1m${text}\x1b[22m`
const red = (text: string): string => `\x1b[31m${text}\x1b[39m`
const yellow = (text: string): string => `\x1b[33m${text}\x1b[39m`
const green = (text: string): string => `\x1b[32m${text}\x1b[39m`
const plain = (text: string): string => text

export type Subject = Pick<Examination, 'url' | 'origin'> & { hasSignIn: boolean }

/** For people. */
export function reportForPeople(
  { url, origin, hasSignIn }: Subject,
  diagnosis: Diagnosis,
  hasColours: boolean,
): string {
  const [strong, bad, soso, good] = hasColours ? [bold, red, yellow, green] : [plain, plain, plain, plain]
  const { findings, protocol } = diagnosis
  const lines = [strong(url), `for pages of ${origin}`, '']
  const byLevel = [...findings].sort((a, b) => Number(b.level === 'problem') - Number(a.level === 'problem'))
  for (const { code, level, wrong, right, add } of byLevel) {
    lines.push(level === 'problem' ? bad(`✗ ${strong(code)}`) : soso(`! ${strong(code)}`))
    lines.push(`  wrong  ${wrong}`, `  right  ${right}`)
    if (add !== undefined) lines.push(`  add    ${strong(add)}`)
    lines.push('')
  }
  if (protocol) {
    const how = {
      refreshed: 'a real refresh brought tokens',
      'not due':
        'the server accepts a refresh only after the access token has expired; run the doctor again then',
      bound: 'the server wants DPoP, and only the browser that holds the key can refresh',
      guess: 'a guess by the answers to made-up tokens; pass a sign-in reply to be sure',
    }[protocol.by]
    lines.push(
      `Protocol      ${protocol.name}: ${how}`,
      `              ${strong(`refresh: ${protocol.code}`)}`,
    )
  } else if (!hasSignIn && findings.every(({ level }) => level === 'advice')) {
    lines.push('Protocol      not clear from made-up tokens: pass a sign-in reply, or --protocol')
  }
  lines.push(...factLines(diagnosis))
  const problems = findings.filter(({ level }) => level === 'problem').length
  const advice = findings.length - problems
  const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`
  const sum = problems ? bad(count(problems, 'problem', 'problems')) : good('No problem found')
  if (lines.at(-1) !== '') lines.push('')
  lines.push(`${sum}${advice ? `, ${count(advice, 'piece of advice', 'pieces of advice')}` : ''}`)
  if (!hasSignIn) lines.push('The doctor made no refresh: standard input held no sign-in reply')
  return `${lines.join('\n')}\n`
}

function factLines(diagnosis: Diagnosis): string[] {
  const { preflights, authorize, rotates, accessTokenLives, clockSkew, reuse } = diagnosis
  const lines: string[] = []
  const tell = (name: string, value: string): void => {
    lines.push(`${name.padEnd(14)}${value}`)
  }
  if (preflights?.length) {
    const names = (isAllowed: boolean): string =>
      preflights
        .filter((each) => each.isAllowed === isAllowed)
        .map(({ name }) => name)
        .join(', ')
    if (names(true)) tell('CORS allows', names(true))
    if (names(false)) tell('CORS blocks', names(false))
  }
  if (authorize !== undefined)
    tell('The API', `takes the access token in another header: authorize: ${authorize}`)
  if (rotates !== undefined) {
    tell('Refresh token', rotates ? 'rotates: each refresh brings a new one' : 'stays the same')
  }
  if (accessTokenLives !== undefined) {
    tell(
      'Access token',
      accessTokenLives === null ? 'has an unknown lifetime' : `lives ${Math.round(accessTokenLives)} s`,
    )
  }
  if (clockSkew !== undefined) {
    const s = Math.abs(clockSkew)
    tell(
      'Clock',
      s < 2 ? 'agrees with this machine’s' : `${s} s ${clockSkew > 0 ? 'ahead of' : 'behind'} this machine’s`,
    )
  }
  if (reuse !== undefined) {
    const words = {
      'not rotated': 'is accepted: the token does not rotate',
      forgiven: 'is accepted for some time: a lost reply costs nothing',
      refused: 'is refused',
      'ends the session': 'ends the session',
    }
    tell('Second use', words[reuse])
  }
  return lines
}

/** For machines. `version` changes when a field does. */
export function reportForMachines({ url, origin }: Subject, diagnosis: Diagnosis): string {
  const ok = diagnosis.findings.every(({ level }) => level === 'advice')
  return `${JSON.stringify({ version: 1, url, origin, ok, ...diagnosis }, null, 2)}\n`
}
