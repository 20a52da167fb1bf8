import { create } from './element.js'

/** One of a few, each a click away. */
export interface Choice<Name extends string> {
  readonly element: HTMLElement
  readonly chosen: Name
  choose(name: Name): void
}

export function createChoice<Name extends string>(
  group: string,
  label: string,
  options: readonly (readonly [Name, string])[],
  first: Name,
  onChoose: (name: Name) => void,
): Choice<Name> {
  let chosen = first
  const inputs = options.map(([name]) => {
    const input = create('input', {
      type: 'radio',
      name: group,
      value: name,
      'data-testid': `${group}-${name}`,
    })
    input.checked = name === first
    input.addEventListener('change', () => {
      chosen = name
      onChoose(name)
    })
    return input
  })

  return {
    element: create(
      'div',
      { class: 'segments', role: 'radiogroup', 'aria-label': label },
      ...options.map(([, text], index) =>
        create('label', {}, inputs[index] ?? null, create('span', {}, text)),
      ),
    ),
    get chosen() {
      return chosen
    },
    choose(name) {
      chosen = name
      for (const input of inputs) input.checked = input.value === name
    },
  }
}
