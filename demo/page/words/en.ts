const nbsp = '\u00a0'

/** `412 ms`, and from a second on `1.24 s`; never broken over two lines. */
const duration = (ms: number): string =>
  ms < 1000
    ? `${Math.max(0, Math.round(ms))}${nbsp}ms`
    : `${Number((ms / 1000).toFixed(ms < 10_000 ? 2 : 1))}${nbsp}s`

const count = (amount: number, noun: string, plural = `${noun}s`): string =>
  `${amount}${nbsp}${amount === 1 ? noun : plural}`

const calls = (amount: number): string => count(amount, 'call')

const countRefreshes = (amount: number): string =>
  amount === 0 ? 'No refresh' : count(amount, 'refresh', 'refreshes')

/** `All 20`, `3 of them`, `It`. */
const some = (amount: number, total: number): string =>
  total === 1 ? 'It' : amount === total ? `All ${amount}` : `${amount} of them`

const was = (amount: number): string => (amount === 1 ? 'was' : 'were')

export const en = {
  language: 'English',
  skip: 'Skip to what happened',
  anotherTab: 'Open another tab',
  opensNewTab: 'opens a new tab',

  title: 'What happens when the token runs out',
  lead: 'Twenty calls go out at once, and the server no longer accepts their access token. See what the interceptor that everybody copies does, and what Latchkey does.',
  start: 'Show me',
  aboutStart: {
    server: 'Takes a few seconds and signs you in as a demo user, on a real server on this machine.',
    worker:
      'Takes a few seconds and signs you in as a demo user. A service worker plays the server: nothing leaves your browser.',
  },

  sides: { latchkey: 'Latchkey', copied: 'Copied interceptor' },

  signIn: {
    title: 'Sign in',
    reasons: {
      none: 'Any of these will do. Their passwords are no secret here.',
      'signed-out': 'You are signed out.',
      expired: 'The session has ended: the server no longer accepts its refresh token. Sign in again.',
    },
    people: 'Demo users',
    username: 'User name',
    password: 'Password',
    submit: 'Sign in',
    empty: { username: 'Enter a user name.', password: 'Enter the password.' },
    tooMany: 'Too many attempts. Try again in a minute.',
    wrong: 'There is no such user name and password.',
    unreachable: 'The server could not be reached. Is it still running?',
  },

  session: {
    title: 'Signed in as',
    signOut: 'Sign out everywhere',
    second: (amount: number): string => (amount === 1 ? 'second' : 'seconds'),
    refreshing: 'refreshing',
    states: {
      refreshing: ['Refreshing', 'Calls wait until the new token is here.'],
      expired: ['Run out', 'Nothing happens until a call needs a new one.'],
      good: ['Good for now', ''],
    } as Record<'refreshing' | 'expired' | 'good', [string, string]>,
    lifetime: (seconds: number) => `Issued for ${count(seconds, 'second')}.`,
    expireNow: 'Expire now',
    expireNowHint: 'On the server alone. The browser does not know.',
    expiredNow: 'For the server this token has expired from now on. The next call will find out.',
  },

  tokens: {
    title: 'The tokens',
    form: 'Form',
    use: 'Use',
    accessToken: 'Access token',
    refreshToken: 'Refresh token',
    claims: { sub: 'Subject', sid: 'Session', jti: 'Token', iat: 'Issued', exp: 'Expires' },
    shortened: 'Shortened',
    kept: 'Kept in',
    keptIn: (name: string) => `IndexedDB of this origin, database “${name}”`,
    keptInMemory: (reason: string) => `the memory of this tab, because the store failed: ${reason}`,
    generation: 'Generation',
    generationIs: (number: number): string =>
      number === 1 ? '1, as it came from the sign-in' : `${number}, refreshed ${count(number - 1, 'time')}`,
    opaque: 'opaque; the server keeps a hash of it',
    inCookie: 'in a cookie that no script can read',
    rotation: {
      strict: 'serves once, then a new one takes its place',
      grace: 'serves once; one that was just spent is forgiven for 10 seconds',
      none: 'stays the same for the whole session',
    },
  },

  scenarios: {
    title: 'Make something happen',
    groups: { calls: 'Calls', faults: 'Break something' },
    aboutFaults: 'Each runs at once. Afterwards the conditions are as before; only the clock stays wrong.',
    cancel: 'Cancel the wait',
    waiting: 'Waiting for the token to run out. The calls go out by themselves.',
    failed: (reason: string) => `This could not be played to the end: ${reason}`,
    taken: 'Another tab is at it. Wait until it is done there.',
    list: {
      burst: [
        '20 calls, token ended early',
        'Only the server knows that the token has ended, so all calls are refused first.',
      ],
      expired: [
        '20 calls, token expired',
        'Waits until the token has run out. The browser knows, so nothing is sent in vain.',
      ],
      single: ['One call', 'With whatever token there is.'],
      many: ['500 calls', 'All at the same moment, with a token that the server has ended.'],
      leave: ['Sign out during a refresh', 'The answer comes too late. It must not sign anyone in again.'],
      tabs: [
        '8 calls in every tab',
        'Open another tab first: one of them refreshes, and the others use its token.',
      ],
      'refresh-401': [
        'Refresh: 401',
        'The server has no such session any more. It ends here, and the event is emitted once.',
      ],
      'refresh-403': ['Refresh: 403', 'A firewall refuses, in HTML. Nobody is signed out because of that.'],
      'refresh-429': ['Refresh: 429', 'Retry-After: 2. The calls wait as long as the header says.'],
      'refresh-500': ['Refresh: 500', 'The server fails once. A second try, a moment later.'],
      'refresh-slow': [
        'Refresh: 3 s',
        'A slow server. The calls wait for the one answer, and no second refresh goes out.',
      ],
      'refresh-hang': [
        'Refresh hangs',
        'No answer ever comes. The calls fail in time, and the session stays.',
      ],
      'refresh-html': ['HTML for JSON', 'The sign-in page of a hotel network, with status 200.'],
      'refresh-empty': ['Empty 200', 'Success, and nothing in it.'],
      dropped: [
        'Answer lost',
        'The server has rotated the token, and the answer never arrives. Strict rotation does not forgive that.',
      ],
      'dropped-grace': [
        'Answer lost, grace',
        'The same, and the server forgives a token that was spent a moment ago.',
      ],
      offline: ['Offline', 'The network goes, and comes back. The session is still there.'],
      clock: [
        'Clock 20 minutes fast',
        'Reloads the page with a wrong clock. A fresh token still counts as fresh.',
      ],
    } as Record<string, [string, string]>,
  },

  conditions: {
    title: 'Conditions',
    lifetime: 'Token lifetime',
    seconds: 'seconds',
    lifetimeHint: 'From the next token on.',
    latency: 'Refresh takes',
    milliseconds: 'ms',
    latencyHint: 'How long the server takes to answer a refresh.',
    skew: 'Clock ahead by',
    minutes: 'minutes',
    skewHint: 'This page’s clock. Reloads the page.',
    rotation: 'Refresh token rotation',
    rotations: { strict: 'strict', grace: '10 s of grace', none: 'none' },
    compare: 'Run the copied interceptor as well',
    offline: 'Offline (this tab)',
    locksOff: 'Without Web Locks (reloads)',
    notANumber: (text: string): string =>
      text === '' ? 'Enter a number.' : `“${text}” is not a whole number.`,
    tooSmall: (text: string, least: number, most: number) => `${text} is too small: ${least} to ${most}.`,
    tooLarge: (text: string, least: number, most: number) => `${text} is too large: ${least} to ${most}.`,
  },

  story: {
    title: 'What happened',
    before: {
      title: 'What you will see',
      lines: [
        [
          'sent',
          'The same twenty calls, once for each client. Their token is no longer good, and the server refuses all of them.',
        ],
        [
          'copied',
          'The copied interceptor answers each refusal with a refresh of its own. The refresh token is good for one; to the server the second is theft, and it ends the session. The user is signed out in the middle of their work.',
        ],
        ['refresh', 'Latchkey holds the calls and sends one refresh, one for all tabs.'],
        [
          'good',
          'Then it sends the calls again with the new token. Their callers notice nothing but the wait.',
        ],
      ] as [string, string][],
    },
    permalink: 'Link to this',
    steps: 'Latchkey, step by step',
    nothing: 'No call was made.',
    heldFirst: (amount: number, total: number) =>
      `The token had run out, and the browser knew it: ${some(amount, total).toLowerCase()} ${was(amount)} held back, and nothing was sent in vain.`,
    sent: (amount: number, total: number) =>
      `${total === 1 ? 'The call' : some(amount, total)} went out with a token that was valid as far as the browser knew.`,
    refused: (amount: number, total: number) =>
      `The server refused ${some(amount, total).toLowerCase()}: ${amount === 1 ? 'it was' : 'they were'} held instead of failing.`,
    refresh: (total: number, took: number) =>
      `One refresh went out${total > 1 ? ' for all of them' : ''} and was answered after ${duration(took)}.`,
    refreshes: (amount: number, failures: string) =>
      `${amount} refreshes went out, one after the other (${failures}).`,
    refreshFailed: (failure: string) => `One refresh went out and failed: ${failure}.`,
    refreshHangs: 'One refresh went out, and no answer ever came.',
    refreshCalledOff: 'One refresh went out, and was called off when it was not wanted any longer.',
    adopted: 'Another tab had refreshed the token already, and this one uses it.',
    sentLate: (amount: number, total: number) =>
      `Then ${some(amount, total).toLowerCase()} went out, for the first and only time.`,
    sentAgain: (amount: number, total: number) =>
      `Then ${some(amount, total).toLowerCase()} ${was(amount)} sent again with the new token.`,
    answered: (amount: number, total: number, after: number) =>
      `${some(amount, total)} ${was(amount)} answered, ${total > 1 ? 'the last ' : ''}after ${duration(after)}.`,
    failed: (amount: number, total: number, codes: string) =>
      `${some(amount, total)} failed with an error that the caller can tell apart: ${codes}.`,
    kept: 'The session is still there: no reply of the server means that it is over.',
    ended: 'The server refused the refresh token for good. That ends the session, once, in every tab.',
    left: 'The answer to the refresh came too late and changed nothing: you are still signed out.',
  },

  verdict: {
    answered: (answered: number, total: number) => `${answered} of ${total} answered`,
    notYet: 'Not started yet.',
    underWay: 'Under way …',
    left: 'Signed out in the middle of a refresh, and it stayed that way.',
    ended: 'The server has ended the session, and every caller got an error that says so.',
    kept: (refreshes: number) =>
      `${countRefreshes(refreshes)}. Nobody is left waiting, and the user stays signed in.`,
    outcome: (refreshes: number, stays: boolean) =>
      `${countRefreshes(refreshes)}, and the user ${stays ? 'stays signed in' : 'is signed out'}.`,
  },

  compare: {
    title: 'This run in figures',
    hint: 'The server’s own count. What failed and how long it took is what the callers got.',
    rows: {
      refreshRequests: 'refreshes asked for',
      refused: 'calls refused',
      failed: 'calls failed',
      reuseDetected: 'spent refresh tokens seen again',
      sessionsLost: 'sessions lost',
      lastAnswer: 'until the last answer',
    },
    code: 'The copied interceptor, line by line',
    counted: (requests: number, refreshes: number, sessions: number) =>
      `Since it started, the server has seen ${calls(requests)} and ${count(refreshes, 'refresh', 'refreshes')} from Latchkey. ${count(sessions, 'session')} alive.`,
  },

  timeline: {
    title: 'Every call on a line',
    run: 'This run',
    live: 'Last 30 seconds',
    role: 'timeline',
    window: 'Stretch of time',
    help: 'Point at a line, or focus the picture and use the arrow keys, to read what went over the wire.',
    refresh: 'refresh',
    call: (number: number) => `call ${number}`,
    group: (side: string, tab: string, isOwn: boolean) => `${side}, tab ${tab}${isOwn ? ' (this one)' : ''}`,
    moments: { 'signed-out': 'signed out', expired: 'session ended', adopted: 'taken from another tab' },
    legend: {
      refresh: 'refresh',
      'refresh-failed': 'refresh failed',
      sent: 'sent',
      refused: 'refused',
      held: 'held back',
      'sent-again': 'sent again',
      answered: 'answered',
      failed: 'failed',
    },
    label: (lanes: number, refreshes: number) =>
      `Timeline of ${calls(lanes)} and ${count(refreshes, 'refresh', 'refreshes')}. Use the arrow keys to go from line to line.`,
    seconds: (ms: number): string => duration(ms),
    table: 'Every call in a table',
    columns: { call: 'Call', story: 'What it went through' },
    steps: {
      held: (ms: number) => `held for ${duration(ms)}`,
      sent: (ms: number) => `sent at ${duration(ms)}`,
      refused: (ms: number) => `refused at ${duration(ms)}`,
      'sent-again': (ms: number) => `sent again at ${duration(ms)}`,
      answered: (ms: number) => `answered at ${duration(ms)}`,
      failed: (ms: number) => `failed at ${duration(ms)}`,
    },
    with: (code: string) => ` with ${code}`,
    broken: '(the connection broke off)',
  },

  tabs: {
    title: 'Tabs',
    hint: 'Tabs of one origin share the session, and its lock. Their lines appear in the same picture.',
    tab: (letter: string) => `Tab ${letter}`,
    own: 'this one',
    holds: 'holds the lock',
    lock: 'The lock is held while a token is refreshed, and at no other time.',
    noLocks: 'This page has no Web Locks: a lease in IndexedDB takes their place.',
  },

  protocol: {
    title: 'The protocol on the wire',
    hint: 'Servers differ in their refresh request. Choosing another reloads the page.',
    choose: 'The server speaks',
    names: {
      headers: 'Header pair',
      json: 'JSON pair',
      cookie: 'Cookie',
      oauth: 'OAuth 2.0',
      django: 'Django',
      spring: 'Spring',
      aspnet: 'ASP.NET',
    },
    exchange: 'The last refresh, tokens shortened',
    none: 'No refresh yet. Run “20 calls, token ended early”.',
    cookieNote:
      'The refresh token is in no header here: the browser adds the cookie, and no script can read it.',
    workerNote: 'In this build the service worker keeps the cookie itself, because a worker cannot set one.',
    code: 'The lines to copy',
    copy: 'Copy',
    copied: 'Copied',
  },

  log: {
    title: 'Event log',
    hint: 'What session.on emits, from every tab.',
    filter: 'Filter',
    all: 'All events',
    kind: 'Kind',
    search: 'Contains',
    export: 'Export as JSON',
    clear: 'Clear',
    columns: { at: 'Time', tab: 'Tab', type: 'Event', details: 'Details' },
    nothing: 'Nothing yet.',
    noMatch: 'No event matches the filter.',
    shown: (matching: number, all: number, most: number) =>
      `${matching} of ${count(all, 'event')}${matching > most ? `, the newest ${most} shown` : ''}`,
  },
}

export type Words = typeof en
