import type { Language } from '../link.js'
import { en, type Words } from './en.js'
import { ko } from './ko.js'

export type { Words } from './en.js'

const all: Readonly<Record<Language, Words>> = { en, ko }

export function wordsOf(language: Language): Words {
  return all[language]
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
