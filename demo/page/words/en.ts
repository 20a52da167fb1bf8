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
  skip: 'Skip to what happened',
  anotherTab: 'Open another tab',
  opensNewTab: 'opens a new tab',

  title: 'What happens when the access token expires',
  lead: 'The same calls run twice: through an interceptor that people use in their apps, and through Latchkey. Who stays signed in?',
  start: 'Show me',
  again: 'Play again',
  aboutStart: {
    server: 'A real server on this machine answers them.',
    worker: 'A service worker plays the server, so nothing leaves your browser.',
  },

  places: { title: 'More about Latchkey', docs: 'Guides', package: 'Package', source: 'Source' },

  sides: {
    latchkey: 'Latchkey',
    queue: 'Copied queue',
    'no-queue': 'No queue',
    'auth-refresh-queue': 'axios-auth-refresh-queue',
    'without-worker': 'Latchkey without a worker',
    'with-worker': 'Latchkey with a worker',
  },

  opponents: { label: 'Compare with', off: 'Nothing' },

  signIn: {
    title: 'Sign in',
    reasons: {
      none: 'Choose any of the demo users. Their passwords are public.',
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
      expired: ['Expired', 'The next call refreshes it.'],
      good: ['Valid', ''],
    } as Record<'refreshing' | 'expired' | 'good', [string, string]>,
    lifetime: (seconds: number) => `Its lifetime is ${count(seconds, 'second')}.`,
    expireNow: 'Expire on the server',
    callNow: 'Make one call',
    expireNowHint: 'The browser does not know. The next call gets a 401.',
    expiredNow: 'The server now rejects this token. The next call gets a 401, and Latchkey refreshes.',
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
      strict: 'can be used once; each refresh returns a new one',
      grace: 'can be used once; the old one is still accepted for 10 seconds',
      none: 'stays the same for the whole session',
    },
  },

  scenarios: {
    title: 'Pick a scene',
    groups: {
      expiry: 'The access token expires',
      worker: 'With a service worker',
      faults: 'The refresh fails for a moment',
      limits: 'No client can help',
    },
    cancel: 'Cancel the wait',
    waiting: 'Waiting for the token to expire. The calls then go out by themselves.',
    failed: (reason: string) => `The scene stopped early: ${reason}`,
    taken: 'Another tab is playing a scene. Wait until it is done.',
    sharedWorker:
      'A page has only one service worker, and in this build it plays the server. So the same worker does this, too. “Without a worker” means that it leaves that app alone.',
    list: {
      pictures: [
        'Pictures behind the API',
        'These are plain <img> elements: their requests carry no token. A service worker with Latchkey adds it. After six pictures the server rejects the token, and the page asks for six more.',
      ],
      reload: [
        'Reload during a refresh',
        'An app makes 8 calls and is reloaded in the middle of its refresh: the server has spent the old refresh token, its reply is still on the way, and there is no grace window. Then the app makes 8 more calls. (It runs in a hidden frame.)',
      ],
      tabs: [
        'Two tabs, one expired token',
        'Both tabs make 8 calls with the same expired token. The refresh token works once: if each tab refreshes for itself, the server treats the second refresh as theft. (If no other tab is open, a hidden frame is the second one.)',
      ],
      burst: [
        '20 calls, token rejected early',
        'The token looks valid in the browser, but the server rejects it: all 20 calls get a 401 at the same time.',
      ],
      expired: [
        '20 calls, token expired',
        'The token lives for 4 seconds. Once it has expired, 20 calls go out at the same time.',
      ],
      single: [
        'One call, valid token',
        'There is nothing to refresh: the call carries the token and gets its answer.',
      ],
      many: ['500 calls at once', '500 calls get a 401 at the same time.'],
      leave: [
        'Sign-out during a refresh',
        'The user signs out while a refresh is running. Its reply arrives late and must not sign them in again.',
      ],
      'refresh-500': [
        'Server error (500)',
        'The refresh endpoint fails once with a 500. The session is still valid.',
      ],
      'refresh-403': [
        'Firewall page (403)',
        'A firewall answers the refresh with 403 and an HTML page. The session is still valid.',
      ],
      'refresh-429': [
        'Too many requests (429)',
        'The refresh gets a 429 with Retry-After: 2. The session is still valid.',
      ],
      'refresh-html': [
        'Hotel Wi-Fi page (200)',
        'The sign-in page of a hotel network answers the refresh: status 200, but HTML and no tokens.',
      ],
      'refresh-empty': [
        'Empty reply (200)',
        'The server answers the refresh with status 200 and an empty body: a success without tokens.',
      ],
      'refresh-slow': [
        'Slow reply (3 seconds)',
        'The refresh takes 3 seconds. All calls wait for it, and no second refresh goes out.',
      ],
      'refresh-hang': [
        'No reply at all',
        'The server never answers the refresh. Calls should fail after a while instead of waiting forever. (Each side takes about 10 seconds.)',
      ],
      'dropped-grace': [
        'Reply lost, with a grace window',
        'The server rotates the refresh token, but its reply never arrives. It accepts the old token for 10 more seconds, so a client that tries again stays signed in.',
      ],
      offline: [
        'Offline for a moment',
        'The network drops: 4 calls fail. It comes back: 4 more calls go out. The session is still valid.',
      ],
      clock: [
        'Clock 20 minutes fast',
        'The clock of this page is wrong (the page reloads to set it). It makes 8 calls with a fresh token, then 8 with one that the server rejects.',
      ],
      dropped: [
        'Reply lost, no grace window',
        'The server rotates the refresh token, and its reply never arrives. Without a grace window, the new token is lost and the old one no longer works: the user has to sign in again.',
      ],
      'refresh-401': [
        'Session ended by the server',
        'The server has revoked the session. Signing the user out is the right answer.',
      ],
    } as Record<string, [string, string]>,
  },

  conditions: {
    title: 'Conditions',
    lifetime: 'Token lifetime',
    seconds: 'seconds',
    lifetimeHint: 'For the next token.',
    latency: 'Refresh takes',
    milliseconds: 'ms',
    latencyHint: 'How long the server takes to answer a refresh.',
    skew: 'Clock ahead by',
    minutes: 'minutes',
    skewHint: 'This page’s clock. Reloads the page.',
    rotation: 'Refresh token rotation',
    rotations: { strict: 'strict', grace: '10 s grace', none: 'none' },
    offline: 'Offline (this tab)',
    locksOff: 'Without Web Locks (reloads)',
    notANumber: (text: string): string =>
      text === '' ? 'Enter a number.' : `“${text}” is not a whole number.`,
    tooSmall: (text: string, least: number, most: number) => `${text} is too small: ${least} to ${most}.`,
    tooLarge: (text: string, least: number, most: number) => `${text} is too large: ${least} to ${most}.`,
  },

  story: {
    before: [
      ['none', 'Both clients make the same calls. The server no longer accepts their access token.'],
      [
        'copied',
        'The copied queue (isRefreshing, failedQueue) sends one refresh per tab. The refresh token works once, so the server treats the second one as theft and ends the session. The user is signed out.',
      ],
      ['refresh', 'Latchkey sends one refresh for all tabs, while the calls wait.'],
      ['good', 'Then it replays the calls with the new token. The app only notices a short wait.'],
      ['none', 'In some scenes, both do equally well, and the page says so.'],
    ] as [string, string][],
    permalink: 'Link to this scene',
    steps: 'Latchkey, step by step',
    nothing: 'No call was made.',
    reloaded: (amount: number) =>
      `The app was reloaded during its refresh. ${calls(amount)} disappeared with the old page. The next steps are those of the new page.`,
    heldFirst: (amount: number, total: number) =>
      `The browser knew that the token had expired, so ${some(amount, total).toLowerCase()} waited for a new one.`,
    sent: (amount: number, total: number) =>
      `${total === 1 ? 'The call' : some(amount, total)} went out with a token that still looked valid in the browser.`,
    refused: (amount: number, total: number) =>
      `The server answered ${some(amount, total).toLowerCase()} with a 401, and ${amount === 1 ? 'it waited' : 'they waited'} instead of failing.`,
    refresh: (total: number, took: number) =>
      `One refresh went out${total > 1 ? ' for all of them' : ''} and was answered after ${duration(took)}.`,
    refreshes: (amount: number, failures: string) =>
      `${amount} refreshes went out, one after the other (${failures}).`,
    refreshFailed: (failure: string) => `One refresh went out and failed: ${failure}.`,
    refreshHangs: 'One refresh went out, and no answer ever came.',
    refreshCalledOff: 'One refresh went out and was cancelled, because nobody needed it any more.',
    adopted: 'Another tab had already refreshed the token, so this tab used the new one.',
    sentLate: (amount: number, total: number) =>
      `Then ${some(amount, total).toLowerCase()} went out, for the first time.`,
    sentAgain: (amount: number, total: number) =>
      `Then ${some(amount, total).toLowerCase()} ${was(amount)} replayed with the new token.`,
    answered: (amount: number, total: number, after: number) =>
      `${some(amount, total)} ${was(amount)} answered, ${total > 1 ? 'the last ' : ''}after ${duration(after)}.`,
    failed: (amount: number, total: number, codes: string) =>
      `${some(amount, total)} failed with an error code: ${codes}.`,
    kept: 'The user stays signed in, because the server never said that the session is over.',
    ended: 'The server rejected the refresh token. That ends the session, in every tab.',
    left: 'The reply to the refresh came late and changed nothing: the user is still signed out.',
  },

  verdict: {
    standings: { in: 'Still signed in', out: 'Signed out' },
    /** Where the user wanted to be signed out. */
    left: { in: 'Signed in again', out: 'Signed out, as asked' },
    calls: (answered: number, total: number, failed: number, waiting: number): string =>
      [
        `${answered} of ${total} calls answered`,
        failed > 0 ? `${failed} failed` : '',
        waiting > 0 ? `${waiting} still waiting` : '',
      ]
        .filter(Boolean)
        .join(', '),
    pictures: (shown: number, total: number): string => `${shown} of ${total} pictures`,
    refreshes: (amount: number): string => countRefreshes(amount),
    nothing: 'No call was made.',
    notYet: 'This side runs next.',
    underWay: 'Running …',
    remarks: {
      'tokens-lost':
        'It treated a reply without tokens as a success and stored “undefined”, so the next call signs the user out.',
      'session-ended':
        'Tokens are still stored, but the server has ended the session: the next refresh signs the user out.',
    } as Record<string, string>,
    ruling: {
      tie: 'A tie: the same outcome, and the same number of answered calls and refreshes.',
      inAlone: (winner: string, loser: string) =>
        `${winner} keeps the user signed in. ${loser} signs them out.`,
      leftAlone: (winner: string, loser: string) =>
        `${winner} leaves the user signed out, as they asked. ${loser} signs them in again.`,
      bothIn: 'Both keep the user signed in. The calls and refreshes differ.',
      bothInOneWaits: (other: string) =>
        `Both keep the user signed in. The calls of Latchkey have failed with an error. Those of ${other} are still waiting.`,
      bothOut: 'Both end signed out. The calls and refreshes differ.',
      pictures: (withWorker: number, without: number, total: number) =>
        `With the worker, ${withWorker} of ${total} pictures load; without it, ${without}. An <img> sends no token.`,
      limit: 'A tie: no client can keep this session.',
    },
  },

  compare: {
    title: 'This run in numbers',
    hint: 'The server counts these numbers. Only failed calls and times come from the callers.',
    rows: {
      refreshRequests: 'refresh requests',
      refused: 'calls answered with 401',
      failed: 'calls failed',
      reuseDetected: 'refresh token used twice',
      sessionsLost: 'sessions lost',
      lastAnswer: 'time to the last answer',
    },
    code: (name: string) => `${name}: the code that ran`,
    counted: (requests: number, refreshes: number, sessions: number) =>
      `Since it started, the server has seen ${calls(requests)} and ${count(refreshes, 'refresh', 'refreshes')} from Latchkey. Active now: ${count(sessions, 'session')}.`,
  },

  timeline: {
    title: 'One line per call',
    run: 'This run',
    live: 'Last 30 seconds',
    role: 'timeline',
    window: 'Time range',
    help: 'Point at a line, or focus the picture and use the arrow keys, to read what went over the wire.',
    refresh: 'refresh',
    call: (number: number) => `call ${number}`,
    group: (side: string, tab: string, isOwn: boolean) => `${side}, tab ${tab}${isOwn ? ' (this one)' : ''}`,
    moments: {
      'signed-out': 'signed out',
      expired: 'session ended',
      adopted: 'uses the other tab’s token',
      reloaded: 'page reloaded',
    },
    legend: {
      refresh: 'refresh',
      'refresh-failed': 'refresh failed',
      sent: 'sent',
      refused: '401',
      held: 'waiting',
      'sent-again': 'replayed',
      answered: 'answered',
      failed: 'failed',
    },
    label: (lanes: number, refreshes: number) =>
      `Timeline of ${calls(lanes)} and ${count(refreshes, 'refresh', 'refreshes')}. Use the arrow keys to go from line to line.`,
    seconds: (ms: number): string => duration(ms),
    table: 'All calls as a table',
    columns: { call: 'Call', story: 'What happened' },
    steps: {
      held: (ms: number) => `waited for ${duration(ms)}`,
      sent: (ms: number) => `sent at ${duration(ms)}`,
      refused: (ms: number) => `401 at ${duration(ms)}`,
      'sent-again': (ms: number) => `replayed at ${duration(ms)}`,
      answered: (ms: number) => `answered at ${duration(ms)}`,
      failed: (ms: number) => `failed at ${duration(ms)}`,
    },
    with: (code: string) => ` with ${code}`,
    broken: '(the connection broke off)',
  },

  tabs: {
    title: 'Tabs',
    hint: 'All tabs share one session and one lock. Their calls appear in the same picture.',
    tab: (letter: string) => `Tab ${letter}`,
    own: 'this one',
    holds: 'holds the lock',
    lock: 'A tab holds the lock only while it refreshes the token.',
    noLocks: 'This page has no Web Locks, so Latchkey uses a lease in IndexedDB instead.',
  },

  protocol: {
    title: 'The protocol on the wire',
    hint: 'Servers expect different refresh requests. Choosing another protocol reloads the page. The clients compared with Latchkey always use the header pair.',
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
    exchange: 'The last refresh (tokens shortened)',
    none: 'No refresh yet. Play “20 calls, token rejected early”.',
    cookieNote:
      'The refresh token is in no header here: the browser adds the cookie, and no script can read it.',
    workerNote: 'In this build the service worker keeps the cookie itself, because a worker cannot set one.',
    code: 'The lines to copy',
    copy: 'Copy',
    copied: 'Copied',
  },

  log: {
    title: 'Event log',
    list: 'Events, the newest first',
    hint: 'The events of session.on, from every tab.',
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
