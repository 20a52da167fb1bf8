import type { Language } from '../link.js'
import type { Words } from './en.js'

export type { Words } from './en.js'

export const languageNames: Readonly<Record<Language, string>> = { en: 'English', ko: '한국어' }

/** Nobody loads a language that they do not read. */
export async function loadWords(language: Language): Promise<Words> {
  return language === 'ko' ? (await import('./ko.js')).ko : (await import('./en.js')).en
}

/** What the address asks for, else what the browser prefers. */
export function chooseLanguage(asked: Language | null): Language {
  return asked ?? (navigator.language.startsWith('ko') ? 'ko' : 'en')
}

/** Made once: it takes a hundred times as long to make as to use. */
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' })

export function clockTime(ms: number): string {
  return clock.format(ms)
}
