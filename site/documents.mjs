import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { errorsPage } from './errors-page.mjs'
import { root } from './places.mjs'

/** The order of the sidebar. A guide that no group names stands at the end of the last one. */
const groups = [
  {
    title: { en: 'Start', ko: '시작' },
    names: ['is-this-for-me', 'getting-started', 'migration', 'comparison', 'faq'],
  },
  {
    title: { en: 'Why users are signed out', ko: '로그아웃되는 이유' },
    names: ['refresh-token-queue', 'logged-out-in-tabs', 'grace-window', 'cors'],
  },
  {
    title: { en: 'Guides', ko: '가이드' },
    names: [
      'servers',
      'front-ends',
      'state-managers',
      'recipes',
      'service-worker',
      'storage',
      'storage-and-security',
      'doctor',
    ],
  },
  {
    title: { en: 'When something is wrong', ko: '문제 해결' },
    names: ['troubleshooting', 'errors'],
  },
  {
    title: { en: 'Reference', ko: '레퍼런스' },
    names: ['reference', 'tabs', 'time-and-failure'],
  },
]

const namesIn = (folder) =>
  readdirSync(`${root}${folder}`)
    .filter((file) => file.endsWith('.md'))
    .map((file) => file.replace(/\.md$/, ''))

const guides = namesIn('docs')
const koreanGuides = existsSync(`${root}docs/ko`) ? namesIn('docs/ko') : []

/** Every document that is a page: its file in the repository, and the page's path without an ending. */
export const documents = [
  { file: 'README.md', path: 'index', language: 'en' },
  { file: 'README.ko.md', path: 'ko/index', language: 'ko' },
  ...guides.map((name) => ({ file: `docs/${name}.md`, path: name, language: 'en' })),
  ...koreanGuides.map((name) => ({ file: `docs/ko/${name}.md`, path: `ko/${name}`, language: 'ko' })),
  ...namesIn('bench').map((name) => ({ file: `bench/${name}.md`, path: `bench/${name}`, language: 'en' })),
  { file: 'CHANGELOG.md', path: 'changelog', language: 'en' },
  { file: 'SECURITY.md', path: 'security', language: 'en' },
].map((document) => ({ ...document, text: readFileSync(`${root}${document.file}`, 'utf8') }))

// The one page that is no file: its sections are rows of a table elsewhere.
documents.push({ file: 'docs/errors.md', path: 'errors', language: 'en', text: errorsPage() })

export const titleOf = ({ text }) => /^# (.+)$/m.exec(text)?.[1] ?? ''

/** The guides in groups. The Korean sidebar has the Korean page where there is one, and the English one elsewhere. */
export function sidebarOf(language) {
  const named = groups.flatMap(({ names }) => names)
  const unnamed = guides.filter((name) => !named.includes(name))
  return groups.map(({ title, names }, index) => ({
    text: title[language],
    items: [...names, ...(index === groups.length - 1 ? unnamed : [])].flatMap((name) => {
      const paths = language === 'ko' ? [`ko/${name}`, name] : [name]
      const document =
        documents.find(({ path }) => path === paths[0]) ?? documents.find(({ path }) => path === paths[1])
      return document ? [{ text: titleOf(document), link: `/${document.path}` }] : []
    }),
  }))
}
