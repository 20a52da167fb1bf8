import { useData } from 'vitepress'
import { computed } from 'vue'

/**
 * In place of the theme's own, which leads to the same page of the other language whether or not there is one. `translation`
 * of a page's frontmatter is where it is; else the menu leads to the start page.
 */
export function useLangs() {
  const { site, localeIndex, frontmatter } = useData()
  const startOf = (key) => (key === 'root' ? '/' : `/${key}/`)
  const currentLang = computed(() => ({
    label: site.value.locales[localeIndex.value]?.label,
    link: startOf(localeIndex.value),
  }))
  const localeLinks = computed(() =>
    Object.entries(site.value.locales)
      .filter(([key]) => key !== localeIndex.value)
      .map(([key, { label }]) => ({ text: label, link: frontmatter.value.translation ?? startOf(key) })),
  )
  return { localeLinks, currentLang }
}
