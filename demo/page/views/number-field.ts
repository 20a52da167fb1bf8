import type { NumberRange } from '../../backend/ranges.js'
import type { Words } from '../words/words.js'
import { create, hint } from './element.js'

export interface NumberFieldParts {
  name: string
  label: string
  unit: string
  about: string
  range: NumberRange
  value: number
  words: Words
  /** Called with a number that is in the range. */
  onChange(value: number): void
}

export interface NumberField {
  readonly element: HTMLElement
  set(value: number): void
}

/** A field for a number. What cannot be taken is refused beside it, in words, and changes nothing. */
export function createNumberField(parts: NumberFieldParts): NumberField {
  const { name, label, unit, about, range, value, words, onChange } = parts
  const id = `field-${name}`
  const complaint = create('p', {
    class: 'complaint',
    role: 'alert',
    id: `${id}-complaint`,
    'data-testid': `${name}-complaint`,
  })
  const input = create('input', {
    id,
    name,
    inputmode: 'numeric',
    autocomplete: 'off',
    size: 6,
    maxlength: 12,
    value,
    'data-testid': name,
    'aria-describedby': `${id}-complaint ${id}-about`,
  })
  const element = create(
    'div',
    { class: 'field number' },
    create('label', { for: id }, label),
    create('div', { class: 'with-unit' }, input, create('span', { 'aria-hidden': 'true' }, unit)),
    complaint,
    hint(about, { id: `${id}-about` }),
  )
  let last = value

  function check(): void {
    const given = input.value.trim().replace('−', '-')
    const problem = complaintAbout(given, range, words)
    complaint.textContent = problem ?? ''
    input.setAttribute('aria-invalid', String(problem !== null))
    const number = Number(given)
    if (problem !== null || number === last) return
    last = number
    onChange(number)
  }

  input.addEventListener('change', check)

  return {
    element,
    /** What is being written, or stands refused, is left alone where nothing is new. */
    set(next) {
      if (next === last) return
      last = next
      input.value = String(next)
      complaint.textContent = ''
      input.setAttribute('aria-invalid', 'false')
    },
  }
}

function complaintAbout(given: string, { least, most }: NumberRange, { conditions }: Words): string | null {
  if (!/^-?\d+$/.test(given)) return conditions.notANumber(given)
  const number = Number(given)
  if (number < least) return conditions.tooSmall(given, least, most)
  if (number > most) return conditions.tooLarge(given, least, most)
  return null
}
