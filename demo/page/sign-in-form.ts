import users from '../users.json'
import type { DemoServer } from './demo-server.js'
import { create, element } from './element.js'

const reasons = {
  none: 'Anyone of these will do. Their passwords are no secret here.',
  'signed-out': 'You are signed out.',
  expired: 'The session has ended: the server no longer takes its refresh token. Sign in again.',
}

export interface SignInForm {
  show(reason: keyof typeof reasons): void
  hide(): void
}

export function createSignInForm(server: DemoServer): SignInForm {
  const section = element('sign-in', HTMLElement)
  const form = element('sign-in-form', HTMLFormElement)
  const reasonLine = element('sign-in-reason', HTMLElement)
  const complaint = element('sign-in-complaint', HTMLElement)
  const username = form.elements.namedItem('username') as HTMLInputElement
  const password = form.elements.namedItem('password') as HTMLInputElement

  const people = users.map((user) => {
    const button = create(
      'button',
      { type: 'button' },
      create('span', {}, user.name),
      ' ',
      create('code', {}, user.username),
    )
    button.addEventListener('click', () => {
      fillIn(user)
    })
    return { user, button }
  })
  element('people', HTMLElement).append(...people.map(({ button }) => button))

  function fillIn(user: { username: string; password: string }): void {
    username.value = user.username
    password.value = user.password
    complaint.textContent = ''
    markChosen()
  }

  function markChosen(): void {
    for (const { user, button } of people) {
      const isChosen = user.username === username.value && user.password === password.value
      button.setAttribute('aria-pressed', String(isChosen))
    }
  }

  form.addEventListener('input', markChosen)
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    complaint.textContent = ''
    try {
      complaint.textContent = (await server.signIn(username.value.trim(), password.value)) ?? ''
    } catch {
      complaint.textContent = 'The server could not be reached. Is it still running?'
    }
  })
  if (users[0]) fillIn(users[0])

  return {
    show(reason) {
      reasonLine.textContent = reasons[reason]
      section.hidden = false
    },
    hide() {
      section.hidden = true
      complaint.textContent = ''
    },
  }
}
