import type { SideName } from '../../backend/side-names.js'
import { create } from './element.js'

/** The pictures of a run, as plain `<img>` elements: what the browser shows is what there is. */
export interface Gallery {
  elementOf(side: SideName): HTMLElement | null
  /** Resolves when the picture is there, and rejects when the browser calls it broken. */
  hang(side: SideName, url: string): Promise<void>
  clear(): void
}

export function createGallery(): Gallery {
  const rows = new Map<SideName, HTMLElement>()

  function rowOf(side: SideName): HTMLElement {
    const row = rows.get(side) ?? create('div', { class: 'gallery', 'data-testid': `gallery-${side}` })
    rows.set(side, row)
    return row
  }

  return {
    elementOf: (side) => rows.get(side) ?? null,

    hang(side, url) {
      const row = rowOf(side)
      const image = create('img', { alt: row.childElementCount + 1, width: 60, height: 40 })
      return new Promise((resolve, reject) => {
        image.addEventListener('load', () => resolve())
        // The element tells no status.
        image.addEventListener('error', () => reject({ code: 'IMG_ERROR' }))
        image.src = url
        row.append(image)
      })
    },

    clear: () => rows.clear(),
  }
}
