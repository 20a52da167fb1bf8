/** What stands above the README on the two start pages. */
const heroes = {
  en: {
    text: 'One token refresh for all requests and all tabs',
    actions: [
      { theme: 'brand', text: 'Get started', link: '/getting-started' },
      { theme: 'alt', text: 'Is this for me?', link: '/is-this-for-me' },
      { theme: 'alt', text: 'Play with the demo', link: '/demo/', target: '_self' },
    ],
    demo: 'Two tabs meet the same expired token. See what the copied queue does with it, and what Latchkey does.',
  },
  ko: {
    text: '모든 요청과 모든 탭에 토큰 재발급은 한 번',
    actions: [
      { theme: 'brand', text: '시작하기', link: '/ko/getting-started' },
      { theme: 'alt', text: '레퍼런스', link: '/ko/reference' },
      { theme: 'alt', text: '데모 해 보기', link: '/demo/#lang=ko', target: '_self' },
    ],
    demo: '탭 두 개가 같은 만료된 토큰을 만납니다. 복사한 대기열과 Latchkey가 각각 어떻게 하는지 보세요.',
  },
}

/** The README as a start page: its first sentences above, then its picture and its sections, without the list of links at the end. */
export function homeOf(language, readme) {
  const { demo, ...hero } = heroes[language]
  const [head, ...sections] = readme.split(/^(?=## )/m)
  const paragraphs = head
    .split(/\n\n+/)
    .slice(2)
    .filter((paragraph) => !paragraph.startsWith('>'))
  const [tagline, ...rest] = paragraphs
  const plain = tagline.replace(/\s*\n\s*/g, ' ').replace(/`/g, '')
  const front = { layout: 'home', hero: { name: 'Latchkey', tagline: plain, ...hero }, description: plain }
  const frame = `<DemoFrame hash="scenario=tabs" about="${demo}" />`
  return `---\n${JSON.stringify(front)}\n---\n\n${[...rest, frame, ...sections.slice(0, -1)].join('\n\n')}\n`
}
