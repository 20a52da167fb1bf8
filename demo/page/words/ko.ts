import type { Words } from './en.js'

const nbsp = '\u00a0'

const duration = (ms: number): string =>
  ms < 1000
    ? `${Math.max(0, Math.round(ms))}${nbsp}ms`
    : `${Number((ms / 1000).toFixed(ms < 10_000 ? 2 : 1))}초`

const calls = (amount: number): string => `호출 ${amount}개`

const countRefreshes = (amount: number): string => (amount === 0 ? '갱신 없이' : `갱신 ${amount}번,`)

/** `20개 모두`, `그중 3개가`, `호출이`, as subject or as object. */
const some = (amount: number, total: number, particle: '이' | '을'): string => {
  if (total === 1) return `호출${particle}`
  if (amount === total) return `${amount}개 모두`
  return `그중 ${amount}개${particle === '이' ? '가' : '를'}`
}

export const ko: Words = {
  language: '한국어',
  skip: '결과로 건너뛰기',
  anotherTab: '다른 탭 열기',
  opensNewTab: '새 탭에서 열림',

  title: '토큰이 만료되면 무슨 일이 벌어질까요',
  lead: '호출 20개가 한꺼번에 나가는데, 서버는 그 액세스 토큰을 더는 받아 주지 않습니다. 모두가 복사해 쓰는 인터셉터는 어떻게 되고 Latchkey는 어떻게 하는지 나란히 보세요.',
  start: '실행해 보기',
  aboutStart: {
    server: '몇 초면 끝나며, 이 컴퓨터의 실제 서버에 데모 사용자로 로그인합니다.',
    worker:
      '몇 초면 끝나며, 데모 사용자로 로그인합니다. 서비스 워커가 서버 역할을 하므로 브라우저 밖으로 나가는 것은 없습니다.',
  },

  sides: { latchkey: 'Latchkey', copied: '복사한 인터셉터' },

  signIn: {
    title: '로그인',
    reasons: {
      none: '누구로든 로그인할 수 있습니다. 여기서 비밀번호는 비밀이 아닙니다.',
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
      expired: ['만료됨', '새 토큰이 필요한 호출이 나올 때까지 아무 일도 하지 않습니다.'],
      good: ['아직 유효함', ''],
    },
    lifetime: (seconds) => `수명 ${seconds}초로 발급된 토큰입니다.`,
    expireNow: '지금 만료시키기',
    expireNowHint: '서버에서만 만료됩니다. 브라우저는 모릅니다.',
    expiredNow: '이제 서버는 이 토큰을 만료된 것으로 봅니다. 다음 호출이 그 사실을 알게 됩니다.',
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
      strict: '한 번만 쓸 수 있고, 쓰면 새것으로 바뀝니다',
      grace: '한 번만 쓸 수 있지만, 방금 쓴 것은 10초 동안 봐줍니다',
      none: '세션 내내 그대로입니다',
    },
  },

  scenarios: {
    title: '직접 해 보기',
    groups: { calls: '호출', faults: '고장 내기' },
    aboutFaults: '누르면 바로 실행되고, 끝나면 조건은 원래대로 돌아갑니다. 시계만 틀린 채로 남습니다.',
    cancel: '기다리기 취소',
    waiting: '토큰이 만료되기를 기다리는 중입니다. 호출은 저절로 나갑니다.',
    failed: (reason) => `끝까지 진행하지 못했습니다: ${reason}`,
    taken: '다른 탭에서 실행 중입니다. 그쪽이 끝날 때까지 기다려 주세요.',
    list: {
      burst: [
        '호출 20개, 토큰 조기 만료',
        '서버가 토큰을 미리 만료시키고 아무에게도 알리지 않아서, 처음에는 모두 거부됩니다.',
      ],
      expired: [
        '호출 20개, 토큰 만료',
        '토큰이 만료될 때까지 기다립니다. 브라우저도 알고 있으므로 헛되이 보내는 요청이 없습니다.',
      ],
      single: ['호출 1개', '지금 있는 토큰으로 보냅니다.'],
      many: ['호출 500개', '서버가 미리 만료시킨 토큰으로 한꺼번에 보냅니다.'],
      leave: ['갱신 중에 로그아웃', '응답이 너무 늦게 옵니다. 아무도 다시 로그인되면 안 됩니다.'],
      tabs: [
        '모든 탭에서 호출 8개',
        '먼저 다른 탭을 여세요. 한 탭만 갱신하고 나머지는 그 토큰을 이어받습니다.',
      ],
      'refresh-401': [
        '갱신: 401',
        '서버가 세션을 잊었습니다. 세션은 여기서 끝나고, 그 사실은 한 번만 알립니다.',
      ],
      'refresh-403': ['갱신: 403', '방화벽이 HTML로 거절합니다. 이 때문에 로그아웃되지는 않습니다.'],
      'refresh-429': ['갱신: 429', 'Retry-After: 2. 호출은 서버가 말한 만큼 기다립니다.'],
      'refresh-500': ['갱신: 500', '서버가 한 번 실패합니다. 잠시 뒤 다시 시도합니다.'],
      'refresh-slow': [
        '갱신: 3초',
        '느린 서버입니다. 호출은 응답 하나를 함께 기다리고, 두 번째 갱신은 나가지 않습니다.',
      ],
      'refresh-hang': ['갱신이 멈춤', '응답이 오지 않습니다. 호출은 제때 실패하고 세션은 남습니다.'],
      'refresh-html': ['JSON 대신 HTML', '호텔 네트워크의 로그인 페이지가 상태 200으로 옵니다.'],
      'refresh-empty': ['빈 200', '성공이라고 하지만 내용이 없습니다.'],
      dropped: ['응답 유실', '서버는 갱신했지만 응답이 오지 않습니다. 엄격한 교체는 이를 봐주지 않습니다.'],
      'dropped-grace': ['응답 유실, 유예 있음', '같은 상황이지만 서버가 방금 쓴 토큰을 봐줍니다.'],
      offline: ['오프라인', '네트워크가 끊겼다가 돌아옵니다. 세션은 그대로 있습니다.'],
      clock: ['20분 빠른 시계', '시계가 틀린 상태로 페이지를 다시 엽니다. 새 토큰은 여전히 새 토큰입니다.'],
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
    rotation: '리프레시 토큰 교체',
    rotations: { strict: '엄격하게', grace: '10초 유예', none: '안 함' },
    compare: '복사한 인터셉터도 함께 실행',
    offline: '오프라인 (이 탭)',
    locksOff: 'Web Locks 없이 (다시 엶)',
    notANumber: (text) => (text === '' ? '숫자를 입력하세요.' : `“${text}”은(는) 정수가 아닙니다.`),
    tooSmall: (text, least, most) => `${text}은(는) 너무 작습니다. ${least}~${most} 사이여야 합니다.`,
    tooLarge: (text, least, most) => `${text}은(는) 너무 큽니다. ${least}~${most} 사이여야 합니다.`,
  },

  story: {
    title: '무슨 일이 있었나',
    before: {
      title: '이런 일이 벌어집니다',
      lines: [
        [
          'sent',
          '같은 호출 20개를 클라이언트마다 한 번씩 보냅니다. 토큰이 더는 유효하지 않아 서버가 모두 거부합니다.',
        ],
        [
          'copied',
          '복사한 인터셉터는 거부될 때마다 갱신을 따로 보냅니다. 리프레시 토큰은 한 번만 쓸 수 있으므로, 서버는 두 번째 갱신을 도난으로 보고 세션을 끝냅니다. 사용자는 작업하다 말고 로그아웃됩니다.',
        ],
        ['refresh', 'Latchkey는 호출을 잠시 붙들어 두고, 탭이 몇 개든 갱신을 한 번만 보냅니다.'],
        ['good', '그런 다음 새 토큰으로 호출을 다시 보냅니다. 호출한 쪽은 조금 기다렸을 뿐입니다.'],
      ],
    },
    permalink: '이 결과의 링크',
    steps: 'Latchkey가 한 일',
    nothing: '나간 호출이 없습니다.',
    heldFirst: (amount, total) =>
      `토큰이 만료되었고 브라우저도 알고 있었습니다. 그래서 ${some(amount, total, '을')} 붙들어 두었고, 헛되이 보낸 요청이 없습니다.`,
    sent: (amount, total) => `${some(amount, total, '이')} 브라우저가 유효하다고 여긴 토큰으로 나갔습니다.`,
    refused: (amount, total) =>
      `서버가 ${some(amount, total, '을')} 거부했습니다. 실패로 돌려주는 대신 붙들어 두었습니다.`,
    refresh: (total, took) =>
      `${total > 1 ? '모두를 위해 ' : ''}갱신 요청이 한 번 나갔고 ${duration(took)} 뒤에 응답을 받았습니다.`,
    refreshes: (amount, failures) => `갱신 요청이 차례로 ${amount}번 나갔습니다 (${failures}).`,
    refreshFailed: (failure) => `갱신 요청이 한 번 나갔고 실패했습니다: ${failure}.`,
    refreshHangs: '갱신 요청이 한 번 나갔지만 응답이 끝내 오지 않았습니다.',
    refreshCalledOff: '갱신 요청이 한 번 나갔지만 더는 필요 없어져 취소했습니다.',
    adopted: '다른 탭이 이미 토큰을 갱신해서, 이 탭은 그 토큰을 이어받았습니다.',
    sentLate: (amount, total) => `그런 다음 ${some(amount, total, '이')} 처음이자 마지막으로 나갔습니다.`,
    sentAgain: (amount, total) => `그런 다음 ${some(amount, total, '을')} 새 토큰으로 다시 보냈습니다.`,
    answered: (amount, total, after) =>
      `${some(amount, total, '이')} 응답을 받았습니다. ${total > 1 ? '마지막 응답까지 ' : ''}${duration(after)} 걸렸습니다.`,
    failed: (amount, total, codes) =>
      `${some(amount, total, '이')} 호출한 쪽에서 구별할 수 있는 오류로 실패했습니다: ${codes}.`,
    kept: '세션은 그대로 있습니다. 서버가 세션이 끝났다고 말한 적은 없기 때문입니다.',
    ended:
      '서버가 리프레시 토큰이 더는 유효하지 않다고 했습니다. 그래서 모든 탭에서 세션이 한 번에 끝납니다.',
    left: '갱신 응답이 너무 늦게 와서 아무것도 바꾸지 못했습니다. 여전히 로그아웃 상태입니다.',
  },

  verdict: {
    answered: (answered, total) => `${total}개 중 ${answered}개 응답`,
    notYet: '아직 시작하지 않았습니다.',
    underWay: '진행 중 …',
    left: '갱신 도중에 로그아웃했고, 그대로 로그아웃 상태입니다.',
    ended: '서버가 세션을 끝냈고, 모든 호출이 그 사실을 들었습니다.',
    kept: (refreshes) => `${countRefreshes(refreshes)} 마냥 기다리는 호출은 없고, 로그인은 그대로입니다.`,
    outcome: (refreshes, stays) =>
      `${countRefreshes(refreshes)} ${stays ? '로그인은 그대로입니다.' : '사용자가 로그아웃되었습니다.'}`,
  },

  compare: {
    title: '이번 실행의 숫자',
    hint: '서버가 직접 센 값입니다. 실패한 호출과 걸린 시간은 호출한 쪽이 겪은 그대로입니다.',
    rows: {
      refreshRequests: '요청받은 갱신',
      refused: '거부된 호출',
      failed: '실패한 호출',
      reuseDetected: '이미 쓴 리프레시 토큰이 다시 온 횟수',
      sessionsLost: '잃은 세션',
      lastAnswer: '마지막 응답까지',
    },
    code: '복사한 인터셉터의 코드',
    counted: (requests, refreshes, sessions) =>
      `서버는 시작한 뒤로 Latchkey에서 호출 ${requests}개와 갱신 ${refreshes}번을 받았습니다. 살아 있는 세션 ${sessions}개.`,
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
    moments: { 'signed-out': '로그아웃', expired: '세션 종료', adopted: '다른 탭에서 이어받음' },
    legend: {
      refresh: '갱신',
      'refresh-failed': '실패한 갱신',
      sent: '보냄',
      refused: '거부됨',
      held: '붙들어 둠',
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
      held: (ms) => `${duration(ms)} 동안 붙들어 둠`,
      sent: (ms) => `${duration(ms)}에 보냄`,
      refused: (ms) => `${duration(ms)}에 거부됨`,
      'sent-again': (ms) => `${duration(ms)}에 다시 보냄`,
      answered: (ms) => `${duration(ms)}에 응답`,
      failed: (ms) => `${duration(ms)}에 실패`,
    },
    with: (code) => ` (${code})`,
    broken: '(연결이 끊어졌습니다)',
  },

  tabs: {
    title: '탭',
    hint: '같은 오리진의 탭들은 세션과 그 잠금을 함께 씁니다. 다른 탭의 줄도 같은 그림에 나타납니다.',
    tab: (letter) => `탭 ${letter}`,
    own: '이 탭',
    holds: '잠금 보유',
    lock: '잠금은 토큰을 갱신하는 동안에만 잡습니다.',
    noLocks: '이 페이지에는 Web Locks가 없습니다. IndexedDB의 임대가 대신합니다.',
  },

  protocol: {
    title: '실제로 오가는 프로토콜',
    hint: '서버마다 요청받는 방식이 다릅니다. 바꾸면 페이지를 다시 엽니다.',
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
    none: '아직 갱신이 없습니다. “호출 20개, 토큰 조기 만료”를 실행해 보세요.',
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
    hint: '모든 탭에서 session.on이 알리는 내용입니다.',
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
