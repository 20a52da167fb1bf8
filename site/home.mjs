/** What stands above the README on the two start pages. */
const heroes = {
  en: {
    text: 'One token refresh for all requests and all tabs',
    actions: [
      { theme: 'brand', text: 'Get started', link: '/getting-started' },
      { theme: 'alt', text: 'Is this for me?', link: '/is-this-for-me' },
      { theme: 'alt', text: 'Try the demo', link: '/demo/', target: '_self' },
    ],
    demo: 'The token expires in two tabs at the same time. Compare what the copied queue does with what Latchkey does.',
  },
  ko: {
    text: '모든 요청과 모든 탭에 토큰 재발급은 한 번',
    actions: [
      { theme: 'brand', text: '시작하기', link: '/ko/getting-started' },
      { theme: 'alt', text: '레퍼런스', link: '/ko/reference' },
      { theme: 'alt', text: '데모 해 보기', link: '/demo/#lang=ko', target: '_self' },
    ],
    demo: '두 탭에서 같은 토큰이 동시에 만료됩니다. 복사한 대기열과 Latchkey가 각각 어떻게 하는지 비교해 보세요.',
  },
}

/** The README as a start page: its first sentences and its picture above, then its sections, without the list of links at the end. */
export function homeOf(language, readme) {
  const { demo, ...hero } = heroes[language]
  const [head, ...sections] = readme.split(/^(?=## )/m)
  const paragraphs = head
    .split(/\n\n+/)
    .slice(2)
    .filter((paragraph) => !paragraph.startsWith('>'))
  const picture = paragraphs.find((paragraph) => paragraph.startsWith('!['))
  const [, alt, src] = /^!\[(.+)\]\((.+)\)$/.exec(picture) ?? []
  const [tagline, ...rest] = paragraphs.filter((paragraph) => paragraph !== picture)
  const plain = tagline.replace(/\s*\n\s*/g, ' ').replace(/`/g, '')
  const image = { src, alt }
  const front = {
    layout: 'home',
    hero: { name: 'Latchkey', tagline: plain, image, ...hero },
    description: plain,
  }
  const frame = `<DemoFrame hash="scenario=tabs" about="${demo}" />`
  return `---\n${JSON.stringify(front)}\n---\n\n${[...rest, frame, ...sections.slice(0, -1)].join('\n\n')}\n`
}
