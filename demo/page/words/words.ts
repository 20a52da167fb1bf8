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

export function clockTime(ms: number): string {
  return new Date(ms).toLocaleTimeString(undefined, { hourCycle: 'h23' })
}
