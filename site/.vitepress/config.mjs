import { fileURLToPath } from 'node:url'
import { slug } from 'github-slugger'
import { defineConfig } from 'vitepress'
import { sidebarOf } from '../documents.mjs'
import { address, base, repository } from '../places.mjs'

const korean = {
  nav: [
    { text: '시작하기', link: '/ko/getting-started' },
    { text: '레퍼런스', link: '/ko/reference' },
    { text: 'API', link: '/api/index.html', target: '_self' },
    { text: '데모', link: '/demo/index.html#lang=ko', target: '_self' },
  ],
  sidebar: sidebarOf('ko'),
  outline: { level: [2, 3], label: '이 페이지에서' },
  docFooter: { prev: '이전', next: '다음' },
  darkModeSwitchLabel: '화면 모드',
  lightModeSwitchTitle: '밝은 화면으로',
  darkModeSwitchTitle: '어두운 화면으로',
  sidebarMenuLabel: '메뉴',
  returnToTopLabel: '맨 위로',
  langMenuLabel: '언어 바꾸기',
  skipToContentLabel: '본문으로 건너뛰기',
}

const koreanSearch = {
  button: { buttonText: '검색', buttonAriaLabel: '검색' },
  modal: {
    displayDetails: '자세히 보기',
    resetButtonTitle: '지우기',
    backButtonTitle: '닫기',
    noResultsText: '찾은 것이 없습니다',
    footer: { selectText: '고르기', navigateText: '옮기기', closeText: '닫기' },
  },
}

/** Links to what is no page of VitePress leave its router alone. It then adds no base path either. */
function leaveRouter(markdown) {
  markdown.core.ruler.push('leave-router', ({ tokens }) => {
    for (const link of tokens.flatMap(({ children }) => children ?? [])) {
      const href = link.type === 'link_open' ? link.attrGet('href') : ''
      if (!/^\/(demo|api)\/|^\/llms/.test(href)) continue
      link.attrSet('href', `${base}${href.slice(1)}`)
      link.attrSet('target', '_self')
    }
  })
}

export default defineConfig({
  title: 'Latchkey',
  description: 'One token refresh for all concurrent requests and all open tabs, for axios and fetch.',
  base,
  srcDir: 'dist/pages',
  outDir: 'dist/site',
  cacheDir: 'dist/cache',
  cleanUrls: true,
  appearance: true,
  sitemap: { hostname: address },
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `${base}key.svg` }]],
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    // Anchors are those that the code host makes, so that one link holds in both places.
    anchor: { slugify: slug },
    config: leaveRouter,
  },
  vite: {
    resolve: {
      // Where the menu of languages leads.
      alias: [
        {
          find: /^.*\/composables\/langs$/,
          replacement: fileURLToPath(new URL('theme/langs.mjs', import.meta.url)),
        },
      ],
    },
  },
  locales: {
    root: { label: 'English', lang: 'en' },
    ko: {
      label: '한국어',
      lang: 'ko',
      description: '동시에 나간 모든 요청과 열려 있는 모든 탭에 토큰 재발급 한 번. axios와 fetch를 위해.',
      themeConfig: korean,
    },
  },
  themeConfig: {
    nav: [
      { text: 'Getting started', link: '/getting-started' },
      { text: 'Reference', link: '/reference' },
      { text: 'API', link: '/api/index.html', target: '_self' },
      { text: 'Demo', link: '/demo/index.html', target: '_self' },
      { text: 'Changes', link: '/changelog' },
    ],
    sidebar: sidebarOf('en'),
    outline: [2, 3],
    search: { provider: 'local', options: { locales: { ko: { translations: koreanSearch } } } },
    socialLinks: /github\.com/.test(repository) ? [{ icon: 'github', link: repository }] : [],
  },
})
