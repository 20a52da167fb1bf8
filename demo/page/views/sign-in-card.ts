import { isAxiosError } from 'axios'
import users from '../../users.json'
import type { Words } from '../words/words.js'
import { button, card, create, hint } from './element.js'

type User = (typeof users)[number]

const [firstUser] = users as [User, ...User[]]

export interface SignInCard {
  readonly element: HTMLElement
  /** Whom the form names, or else the first of those that the server knows. */
  readonly chosen: { username: string; password: string }
  show(reason: 'none' | 'signed-out' | 'expired'): void
  hide(): void
}

/** `signIn` resolves with false when the server would not have them. */
export function createSignInCard(
  words: Words,
  signIn: (username: string, password: string) => Promise<boolean>,
): SignInCard {
  const text = words.signIn
  const reasonLine = hint('', { 'data-testid': 'sign-in-reason' })
  const username = createField('username', text.username, text.empty.username)
  const password = createField('password', text.password, text.empty.password)
  const complaint = create('p', { class: 'complaint', role: 'alert', 'data-testid': 'sign-in-complaint' })
  const people = users.map((user) => ({
    user,
    button: button('', { 'data-testid': `user-${user.username}` }, () => fillIn(user)),
  }))
  for (const { user, button } of people) {
    button.append(create('span', {}, user.name), ' ', create('code', {}, user.username))
  }
  const form = create(
    'form',
    { autocomplete: 'off', novalidate: true },
    create(
      'fieldset',
      { class: 'people' },
      create('legend', {}, text.people),
      create('div', {}, ...people.map(({ button }) => button)),
    ),
    username.element,
    password.element,
    complaint,
    create('button', { type: 'submit', class: 'primary', 'data-testid': 'sign-in' }, text.submit),
  )
  const element = card('sign-in', text.title, reasonLine, form)
  element.dataset.testid = 'signed-out'
  element.hidden = true

  function fillIn(user: User): void {
    username.input.value = user.username
    password.input.value = user.password
    complaint.textContent = ''
    for (const field of [username, password]) field.complain(false)
    markChosen()
  }

  function isNamed(user: User): boolean {
    return user.username === username.input.value && user.password === password.input.value
  }

  function markChosen(): void {
    for (const { user, button } of people) button.setAttribute('aria-pressed', String(isNamed(user)))
  }

  form.addEventListener('input', markChosen)
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    complaint.textContent = ''
    const empty = [username, password].filter((field) => field.complain(field.input.value.trim() === ''))
    if (empty[0]) return empty[0].input.focus()
    try {
      const isIn = await signIn(username.input.value.trim(), password.input.value)
      complaint.textContent = isIn ? '' : text.wrong
    } catch (error) {
      const status = isAxiosError(error) ? error.response?.status : undefined
      complaint.textContent = status === 429 ? text.tooMany : text.unreachable
    }
  })
  fillIn(firstUser)

  return {
    element,
    get chosen() {
      return people.find((each) => isNamed(each.user))?.user ?? firstUser
    },
    show(reason) {
      reasonLine.textContent = text.reasons[reason]
      element.hidden = false
    },
    hide() {
      element.hidden = true
      complaint.textContent = ''
    },
  }
}

function createField(
  name: string,
  label: string,
  whenEmpty: string,
): { element: HTMLElement; input: HTMLInputElement; complain(isEmpty: boolean): boolean } {
  const complaint = create('span', {
    class: 'complaint',
    id: `${name}-complaint`,
    'data-testid': `${name}-complaint`,
  })
  const input = create('input', {
    name,
    id: `field-${name}`,
    'data-testid': name,
    autocapitalize: 'none',
    maxlength: 100,
    spellcheck: 'false',
    'aria-describedby': `${name}-complaint`,
  })
  const element = create(
    'div',
    { class: 'field' },
    create('label', { for: `field-${name}` }, label),
    input,
    complaint,
  )
  return {
    element,
    input,
    complain(isEmpty) {
      complaint.textContent = isEmpty ? whenEmpty : ''
      input.setAttribute('aria-invalid', String(isEmpty))
      return isEmpty
    },
  }
}
