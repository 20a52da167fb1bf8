type Attributes = Record<string, string | number | boolean | null>

/**
 * An HTML element with attributes and children. `false` and `null` leave an attribute out, `true` sets it bare; children
 * that are `null` are left out.
 */
export function create<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: (Node | string | null)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name)
  setAttributes(made, attributes)
  made.append(...children.filter((child) => child !== null))
  return made
}

export function createSvg<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): SVGElementTagNameMap[K] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name)
  setAttributes(made, attributes)
  made.append(...children)
  return made
}

export function button(
  text: string,
  attributes: Attributes,
  onClick: (button: HTMLButtonElement) => void,
): HTMLButtonElement {
  const made = create('button', { type: 'button', ...attributes }, text)
  made.addEventListener('click', () => onClick(made))
  return made
}

/** A card with a heading, which names it. */
export function card(id: string, title: string, ...children: (Node | string | null)[]): HTMLElement {
  return create(
    'section',
    { class: 'card', id, 'aria-labelledby': `${id}-title`, tabindex: -1, 'data-testid': id },
    create('h2', { id: `${id}-title` }, title),
    ...children,
  )
}

export function hint(text: string, attributes: Attributes = {}): HTMLParagraphElement {
  return create('p', { class: 'hint', ...attributes }, text)
}

/** A term and what it stands for. */
export function fact(term: string | Node, ...value: (Node | string)[]): HTMLElement {
  return create('div', {}, create('dt', {}, term), create('dd', {}, ...value))
}

function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === false) continue
    element.setAttribute(name, value === true ? '' : String(value))
  }
}
