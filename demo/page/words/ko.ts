import type { Words } from './en.js'

const nbsp = '\u00a0'

const duration = (ms: number): string =>
  ms < 1000
    ? `${Math.max(0, Math.round(ms))}${nbsp}ms`
    : `${Number((ms / 1000).toFixed(ms < 10_000 ? 2 : 1))}초`

const calls = (amount: number): string => `호출 ${amount}개`

const countRefreshes = (amount: number): string => (amount === 0 ? '갱신 없음' : `갱신 ${amount}번`)

/** `20개 모두`, `그중 3개가`, `호출이`, as subject or as object. */
const some = (amount: number, total: number, particle: '이' | '을'): string => {
  if (total === 1) return `호출${particle}`
  if (amount === total) return `${amount}개 모두`
  return `그중 ${amount}개${particle === '이' ? '가' : '를'}`
}

export const ko: Words = {
  skip: '결과로 건너뛰기',
  anotherTab: '다른 탭 열기',
  opensNewTab: '새 탭에서 열림',

  title: '액세스 토큰이 만료되면 무슨 일이 벌어질까요',
  lead: '같은 호출을 한 번은 사람들이 앱에 쓰는 인터셉터로, 한 번은 Latchkey로 보냅니다. 로그인은 누가 지켜 낼까요?',
  start: '실행해 보기',
  again: '다시 실행',
  aboutStart: {
    server: '이 컴퓨터의 실제 서버가 응답합니다.',
    worker: '서비스 워커가 서버 역할을 하므로 브라우저 밖으로 나가는 것은 없습니다.',
  },

  places: { title: 'Latchkey 링크', docs: '가이드', package: '패키지', source: '소스' },

  sides: {
    latchkey: 'Latchkey',
    queue: '복사한 대기열',
    'no-queue': '대기열 없음',
    'auth-refresh-queue': 'axios-auth-refresh-queue',
    'without-worker': '서비스 워커 없는 Latchkey',
    'with-worker': '서비스 워커를 쓰는 Latchkey',
  },

  opponents: { label: '비교 대상', off: '없음' },

  signIn: {
    title: '로그인',
    reasons: {
      none: '데모 사용자를 고르세요. 비밀번호는 공개되어 있습니다.',
      'signed-out': '로그아웃했습니다.',
      expired: '세션이 끝났습니다. 서버가 리프레시 토큰을 더 받지 않습니다. 다시 로그인하세요.',
    },
    people: '데모 사용자',
    username: '사용자 이름',
    password: '비밀번호',
    submit: '로그인',
    empty: { username: '사용자 이름을 입력하세요.', password: '비밀번호를 입력하세요.' },
    tooMany: '시도가 너무 많았습니다. 1분 뒤에 다시 해 보세요.',
    wrong: '그런 사용자 이름과 비밀번호는 서버에 없습니다.',
    unreachable: '서버에 연결할 수 없습니다. 아직 실행 중인가요?',
  },

  session: {
    title: '로그인한 사용자',
    signOut: '모든 탭에서 로그아웃',
    second: () => '초',
    refreshing: '갱신 중',
    states: {
      refreshing: ['갱신하는 중', '새 토큰이 올 때까지 호출은 기다립니다.'],
      expired: ['만료됨', '다음 호출이 나갈 때 갱신합니다.'],
      good: ['유효함', ''],
    },
    lifetime: (seconds) => `수명은 ${seconds}초입니다.`,
    expireNow: '서버에서 만료시키기',
    callNow: '한 번 호출하기',
    expireNowHint: '브라우저는 모릅니다. 다음 호출이 401을 받습니다.',
    expiredNow: '이제 서버가 이 토큰을 거부합니다. 다음 호출이 401을 받으면 Latchkey가 갱신합니다.',
  },

  tokens: {
    title: '토큰',
    form: '형식',
    use: '사용',
    accessToken: '액세스 토큰',
    refreshToken: '리프레시 토큰',
    claims: { sub: '사용자', sid: '세션', jti: '토큰', iat: '발급', exp: '만료' },
    shortened: '줄인 값',
    kept: '저장 위치',
    keptIn: (name) => `이 오리진의 IndexedDB, 데이터베이스 “${name}”`,
    keptInMemory: (reason) => `이 탭의 메모리 (저장소 오류: ${reason})`,
    generation: '세대',
    generationIs: (number) => (number === 1 ? '1 (로그인할 때 받은 것)' : `${number} (${number - 1}번 갱신)`),
    opaque: '불투명 토큰. 서버는 해시만 보관합니다',
    inCookie: '스크립트가 읽을 수 없는 쿠키',
    rotation: {
      strict: '한 번만 쓸 수 있고, 갱신할 때마다 새것으로 바뀝니다',
      grace: '한 번만 쓸 수 있지만, 이전 토큰도 10초 동안은 받아 줍니다',
      none: '세션 내내 그대로입니다',
    },
  },

  scenarios: {
    title: '장면 고르기',
    groups: {
      expiry: '액세스 토큰이 만료될 때',
      worker: '서비스 워커를 쓸 때',
      faults: '장애 재현: 갱신이 잠시 실패할 때',
      limits: '어떤 클라이언트도 막을 수 없는 경우',
    },
    cancel: '기다리기 취소',
    waiting: '토큰이 만료되기를 기다리는 중입니다. 그 뒤 호출은 저절로 나갑니다.',
    failed: (reason) => `끝까지 진행하지 못했습니다: ${reason}`,
    taken: '다른 탭에서 실행 중입니다. 끝날 때까지 기다려 주세요.',
    sharedWorker:
      '페이지의 서비스 워커는 하나뿐이고, 이 빌드에서는 그 워커가 서버 역할을 합니다. 그래서 같은 워커가 이 일도 합니다. “서비스 워커 없는” 쪽은 워커가 그 앱을 그대로 둔다는 뜻입니다.',
    list: {
      pictures: [
        'API 뒤에 있는 그림',
        '평범한 <img> 요소이고, 그 요청에는 토큰이 없습니다. Latchkey를 쓰는 서비스 워커가 토큰을 붙입니다. 그림 6장 뒤에 서버가 토큰을 거부하고, 6장을 더 요청합니다.',
      ],
      reload: [
        '갱신 중에 새로 고침',
        '앱이 호출 8개를 보내고, 갱신 도중에 페이지를 새로 고칩니다. 서버는 이전 리프레시 토큰을 이미 썼고 응답은 아직 오는 중입니다. 유예는 없습니다. 새로 열린 앱이 호출 8개를 더 보냅니다. (앱은 숨은 프레임에서 돕니다.)',
      ],
      tabs: [
        '탭 두 개, 만료된 토큰 하나',
        '두 탭이 만료된 같은 토큰으로 호출을 8개씩 보냅니다. 리프레시 토큰은 한 번만 쓸 수 있으므로, 탭마다 따로 갱신하면 서버는 두 번째 갱신을 도난으로 봅니다. (다른 탭이 없으면 숨은 프레임이 두 번째 탭이 됩니다.)',
      ],
      burst: [
        '호출 20개, 일찍 거부된 토큰',
        '브라우저에서는 유효해 보이지만 서버가 거부하는 토큰입니다. 호출 20개가 한꺼번에 401을 받습니다.',
      ],
      expired: [
        '호출 20개, 만료된 토큰',
        '토큰의 수명은 4초입니다. 만료된 뒤에 호출 20개가 한꺼번에 나갑니다.',
      ],
      single: ['호출 1개, 유효한 토큰', '갱신할 것이 없습니다. 호출은 토큰을 싣고 나가 응답을 받습니다.'],
      many: ['호출 500개', '호출 500개가 한꺼번에 401을 받습니다.'],
      leave: [
        '갱신 중에 로그아웃',
        '갱신하는 동안 사용자가 로그아웃합니다. 늦게 온 갱신 응답이 사용자를 다시 로그인시켜서는 안 됩니다.',
      ],
      'refresh-500': ['서버 오류 (500)', '갱신 요청이 한 번 500으로 실패합니다. 세션은 아직 유효합니다.'],
      'refresh-403': [
        '방화벽 페이지 (403)',
        '방화벽이 갱신 요청에 403과 HTML로 답합니다. 세션은 아직 유효합니다.',
      ],
      'refresh-429': [
        '요청 과다 (429)',
        '갱신 요청이 429와 Retry-After: 2를 받습니다. 세션은 아직 유효합니다.',
      ],
      'refresh-html': [
        '호텔 와이파이 페이지 (200)',
        '호텔 네트워크의 로그인 페이지가 갱신 요청에 답합니다. 상태는 200이지만 HTML이고 토큰이 없습니다.',
      ],
      'refresh-empty': [
        '빈 응답(200)',
        '갱신 요청이 상태 200과 빈 본문을 받습니다. 성공이라지만 토큰이 없습니다.',
      ],
      'refresh-slow': [
        '느린 응답 (3초)',
        '갱신에 3초가 걸립니다. 모든 호출이 함께 기다리고, 두 번째 갱신은 나가지 않습니다.',
      ],
      'refresh-hang': [
        '응답 없음',
        '갱신 요청에 응답이 오지 않습니다. 호출은 마냥 기다리지 말고 제때 실패해야 합니다. (양쪽이 각각 10초쯤 걸립니다.)',
      ],
      'dropped-grace': [
        '응답 유실, 유예 있음',
        '서버가 리프레시 토큰을 교체했지만 응답이 유실됩니다. 이전 토큰도 10초 동안 받아 주므로, 다시 시도하는 클라이언트는 로그인을 유지합니다.',
      ],
      offline: [
        '잠시 오프라인',
        '네트워크가 끊겨 호출 4개가 실패하고, 돌아온 뒤 4개가 더 나갑니다. 세션은 아직 유효합니다.',
      ],
      clock: [
        '20분 빠른 시계',
        '이 페이지의 시계가 틀려 있습니다(그래서 페이지를 다시 엽니다). 새 토큰으로 호출 8개, 서버가 거부하는 토큰으로 8개를 보냅니다.',
      ],
      dropped: [
        '응답 유실, 유예 없음',
        '서버가 리프레시 토큰을 교체했지만 응답이 유실됩니다. 유예가 없으면 새 토큰은 잃어버렸고 이전 토큰은 이미 쓴 것이므로, 다시 로그인해야 합니다.',
      ],
      'refresh-401': [
        '서버가 끝낸 세션',
        '서버가 세션을 취소했습니다. 로그아웃시키는 것이 올바른 동작입니다.',
      ],
    },
  },

  conditions: {
    title: '조건',
    lifetime: '토큰 수명',
    seconds: '초',
    lifetimeHint: '다음 토큰부터 적용됩니다.',
    latency: '갱신 시간',
    milliseconds: 'ms',
    latencyHint: '서버가 갱신에 응답하는 데 걸리는 시간입니다.',
    skew: '시계 오차(앞섬)',
    minutes: '분',
    skewHint: '이 페이지의 시계입니다. 페이지를 다시 엽니다.',
    rotation: '리프레시 토큰 로테이션',
    rotations: { strict: '엄격하게', grace: '10초 유예', none: '안 함' },
    offline: '오프라인 (이 탭)',
    locksOff: 'Web Locks 없이 (다시 엶)',
    notANumber: (text) => (text === '' ? '숫자를 입력하세요.' : `“${text}”은(는) 정수가 아닙니다.`),
    tooSmall: (text, least, most) => `${text}은(는) 너무 작습니다. ${least}~${most} 사이여야 합니다.`,
    tooLarge: (text, least, most) => `${text}은(는) 너무 큽니다. ${least}~${most} 사이여야 합니다.`,
  },

  story: {
    before: [
      ['none', '두 클라이언트가 같은 호출을 보냅니다. 서버는 그 액세스 토큰을 더는 받지 않습니다.'],
      [
        'copied',
        '복사한 대기열(isRefreshing, failedQueue)은 탭마다 갱신을 한 번씩 보냅니다. 리프레시 토큰은 한 번만 쓸 수 있으므로, 서버는 두 번째 갱신을 도난으로 보고 세션을 끝냅니다. 사용자는 로그아웃됩니다.',
      ],
      ['refresh', 'Latchkey는 호출을 대기시키고, 탭이 몇 개든 갱신을 한 번만 보냅니다.'],
      ['good', '그런 다음 새 토큰으로 호출을 다시 보냅니다. 앱은 조금 기다렸을 뿐입니다.'],
      ['none', '둘 다 똑같이 잘하는 장면도 있고, 그때는 그렇다고 알려 줍니다.'],
    ],
    permalink: '이 장면의 링크',
    steps: 'Latchkey가 한 일',
    nothing: '나간 호출이 없습니다.',
    reloaded: (amount) =>
      `앱이 갱신 도중에 새로 고쳐졌습니다. ${calls(amount)}는 이전 페이지와 함께 사라졌습니다. 다음은 새 페이지의 이야기입니다.`,
    heldFirst: (amount, total) =>
      `브라우저가 토큰의 만료를 알고 있었으므로 ${some(amount, total, '이')} 불필요하게 나가지 않고 대기했습니다.`,
    sent: (amount, total) => `${some(amount, total, '이')} 브라우저에서는 유효해 보이는 토큰으로 나갔습니다.`,
    refused: (amount, total) =>
      `서버가 ${some(amount, total, '을')} 401로 거부했습니다. 호출은 실패하는 대신 대기했습니다.`,
    refresh: (total, took) =>
      `${total > 1 ? '모두를 위해 ' : ''}갱신 요청이 한 번 나갔고 ${duration(took)} 뒤에 응답을 받았습니다.`,
    refreshes: (amount, failures) => `갱신 요청이 차례로 ${amount}번 나갔습니다 (${failures}).`,
    refreshFailed: (failure) => `갱신 요청이 한 번 나갔고 실패했습니다: ${failure}.`,
    refreshHangs: '갱신 요청이 한 번 나갔지만 응답이 끝내 오지 않았습니다.',
    refreshCalledOff: '갱신 요청이 한 번 나갔지만 더는 필요 없어져 취소했습니다.',
    adopted: '다른 탭이 이미 토큰을 갱신해서, 이 탭은 그 토큰을 썼습니다.',
    sentLate: (amount, total) => `그런 다음 ${some(amount, total, '이')} 처음으로 나갔습니다.`,
    sentAgain: (amount, total) => `그런 다음 ${some(amount, total, '을')} 새 토큰으로 다시 보냈습니다.`,
    answered: (amount, total, after) =>
      `${some(amount, total, '이')} 응답을 받았습니다. ${total > 1 ? '마지막 응답까지 ' : ''}${duration(after)} 걸렸습니다.`,
    failed: (amount, total, codes) => `${some(amount, total, '이')} 오류 코드와 함께 실패했습니다: ${codes}.`,
    kept: '로그인은 그대로입니다. 서버가 세션이 끝났다고 한 적이 없기 때문입니다.',
    ended: '서버가 리프레시 토큰을 거부했습니다. 그래서 모든 탭에서 세션이 끝납니다.',
    left: '갱신 응답은 늦게 왔고 아무것도 바꾸지 않았습니다. 여전히 로그아웃 상태입니다.',
  },

  verdict: {
    standings: { in: '로그인 유지', out: '로그아웃됨' },
    left: { in: '다시 로그인됨', out: '요청대로 로그아웃됨' },
    calls: (answered, total, failed, waiting) =>
      [
        `호출 ${total}개 중 ${answered}개 응답`,
        failed > 0 ? `${failed}개 실패` : '',
        waiting > 0 ? `${waiting}개 대기 중` : '',
      ]
        .filter(Boolean)
        .join(', '),
    pictures: (shown, total) => `그림 ${total}장 중 ${shown}장`,
    refreshes: (amount) => countRefreshes(amount),
    nothing: '나간 호출이 없습니다.',
    notYet: '다음 차례입니다.',
    underWay: '진행 중 …',
    remarks: {
      'tokens-lost':
        '토큰이 없는 응답을 성공으로 여겨 “undefined”를 저장했습니다. 다음 호출에서 로그아웃됩니다.',
      'session-ended': '토큰은 저장되어 있지만 서버가 세션을 끝냈습니다. 다음에 갱신할 때 로그아웃됩니다.',
    },
    ruling: {
      tie: '무승부: 결과도, 응답받은 호출 수도, 갱신 횟수도 같습니다.',
      inAlone: (winner, loser) => `${winner} 쪽은 로그인이 유지되고, ${loser} 쪽은 로그아웃됩니다.`,
      leftAlone: (winner, loser) =>
        `${winner} 쪽은 요청대로 로그아웃 상태로 남고, ${loser} 쪽은 다시 로그인됩니다.`,
      bothIn: '둘 다 로그인이 유지됩니다. 호출과 갱신 횟수는 다릅니다.',
      bothInOneWaits: (other) =>
        `둘 다 로그인이 유지됩니다. Latchkey의 호출은 오류로 끝났고, ${other} 쪽 호출은 아직 대기 중입니다.`,
      bothOut: '둘 다 로그아웃 상태로 끝납니다. 호출과 갱신 횟수는 다릅니다.',
      pictures: (withWorker, without, total) =>
        `그림 ${total}장 중 워커가 있으면 ${withWorker}장, 없으면 ${without}장이 보입니다. <img>는 토큰을 보내지 않습니다.`,
      limit: '무승부: 이 세션은 어떤 클라이언트도 지킬 수 없습니다.',
    },
  },

  compare: {
    title: '이번 실행 결과',
    hint: '서버가 센 값입니다. 실패한 호출과 걸린 시간만 호출한 쪽에서 잰 값입니다.',
    rows: {
      refreshRequests: '갱신 요청 수',
      refused: '401을 받은 호출',
      failed: '실패한 호출',
      reuseDetected: '리프레시 토큰 재사용',
      sessionsLost: '끊긴 세션',
      lastAnswer: '마지막 응답까지',
    },
    code: (name) => `${name}: 실제로 실행한 코드`,
    counted: (requests, refreshes, sessions) =>
      `서버는 시작한 뒤로 Latchkey에서 호출 ${requests}개와 갱신 ${refreshes}번을 받았습니다. 현재 세션 ${sessions}개.`,
  },

  timeline: {
    title: '호출마다 한 줄씩',
    run: '이번 실행',
    live: '최근 30초',
    role: '타임라인',
    window: '시간 범위',
    help: '줄을 가리키거나, 그림에 초점을 두고 화살표 키를 누르면 실제로 오간 내용을 볼 수 있습니다.',
    refresh: '갱신',
    call: (number) => `호출 ${number}`,
    group: (side, tab, isOwn) => `${side}, 탭 ${tab}${isOwn ? ' (이 탭)' : ''}`,
    moments: {
      'signed-out': '로그아웃',
      expired: '세션 종료',
      adopted: '다른 탭의 토큰 사용',
      reloaded: '새로 고침',
    },
    legend: {
      refresh: '갱신',
      'refresh-failed': '실패한 갱신',
      sent: '보냄',
      refused: '401',
      held: '대기',
      'sent-again': '다시 보냄',
      answered: '응답',
      failed: '실패',
    },
    label: (lanes, refreshes) =>
      `${calls(lanes)}와 갱신 ${refreshes}번의 타임라인. 화살표 키로 줄을 옮겨 다닐 수 있습니다.`,
    seconds: (ms) => duration(ms),
    table: '모든 호출을 표로 보기',
    columns: { call: '호출', story: '겪은 일' },
    steps: {
      held: (ms) => `${duration(ms)} 동안 대기`,
      sent: (ms) => `${duration(ms)}에 보냄`,
      refused: (ms) => `${duration(ms)}에 401`,
      'sent-again': (ms) => `${duration(ms)}에 다시 보냄`,
      answered: (ms) => `${duration(ms)}에 응답`,
      failed: (ms) => `${duration(ms)}에 실패`,
    },
    with: (code) => ` (${code})`,
    broken: '(연결이 끊어졌습니다)',
  },

  tabs: {
    title: '탭',
    hint: '모든 탭이 세션 하나와 락 하나를 함께 씁니다. 다른 탭의 호출도 같은 그림에 나타납니다.',
    tab: (letter) => `탭 ${letter}`,
    own: '이 탭',
    holds: '락 보유',
    lock: '탭은 토큰을 갱신하는 동안에만 락을 잡습니다.',
    noLocks: '이 페이지에는 Web Locks가 없어서 IndexedDB의 리스(lease)를 대신 씁니다.',
  },

  protocol: {
    title: '실제로 오가는 프로토콜',
    hint: '서버마다 갱신 요청의 형식이 다릅니다. 바꾸면 페이지를 다시 엽니다. 비교 대상은 항상 헤더 쌍을 씁니다.',
    choose: '서버의 프로토콜',
    names: {
      headers: '헤더 쌍',
      json: 'JSON 쌍',
      cookie: '쿠키',
      oauth: 'OAuth 2.0',
      django: 'Django',
      spring: 'Spring',
      aspnet: 'ASP.NET',
    },
    exchange: '마지막 갱신 (토큰은 줄여서 표시)',
    none: '아직 갱신이 없습니다. “호출 20개, 일찍 거부된 토큰”을 실행해 보세요.',
    cookieNote:
      '여기서 리프레시 토큰은 어느 헤더에도 없습니다. 브라우저가 쿠키를 붙이고, 스크립트는 읽을 수 없습니다.',
    workerNote:
      '이 빌드에서는 서비스 워커가 쿠키를 직접 보관합니다. 워커는 쿠키를 설정할 수 없기 때문입니다.',
    code: '복사할 코드',
    copy: '복사',
    copied: '복사함',
  },

  log: {
    title: '이벤트 로그',
    list: '이벤트, 최신순',
    hint: '모든 탭의 session.on 이벤트입니다.',
    filter: '필터',
    all: '모든 이벤트',
    kind: '종류',
    search: '포함하는 글자',
    export: 'JSON으로 내보내기',
    clear: '지우기',
    columns: { at: '시각', tab: '탭', type: '이벤트', details: '내용' },
    nothing: '아직 없습니다.',
    noMatch: '필터에 맞는 이벤트가 없습니다.',
    shown: (matching, all, most) =>
      `이벤트 ${all}개 중 ${matching}개${matching > most ? ` (최근 ${most}개 표시)` : ''}`,
  },
}
