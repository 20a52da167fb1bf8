import type { Settings } from '../backend/settings.js'
import type { Control } from './control.js'

/** The server's settings, changed for one run and put back after it. */
export interface BorrowedSettings {
  change(wish: Partial<Settings>): Promise<void>
  /** What somebody else has changed meanwhile is left alone. Never rejects. */
  giveBack(): Promise<void>
}

export function borrowSettings(control: Control): BorrowedSettings {
  const before: Partial<Settings> = {}
  const borrowed: Partial<Settings> = {}

  /** A page that is reloaded or closed in the middle of a run must not leave its faults to the others. */
  const leave = (): void => void control.change(before, true).catch(() => {})

  async function giveBack(): Promise<void> {
    if (Object.keys(before).length === 0) return
    const settings = await control.settings()
    window.removeEventListener('pagehide', leave)
    const ours = Object.entries(before).filter(([key]) => {
      const name = key as keyof Settings
      // The server itself counts the strikes down.
      return name === 'faultStrikes' || settings[name] === borrowed[name]
    })
    await control.change(Object.fromEntries(ours))
  }

  return {
    async change(wish) {
      const settings = await control.settings()
      const isFirst = Object.keys(before).length === 0
      Object.assign(before, { ...pick(settings, wish), ...before })
      Object.assign(borrowed, wish)
      if (isFirst) window.addEventListener('pagehide', leave)
      await control.change(wish)
    },

    async giveBack() {
      // A network that is away takes the way back along.
      await giveBack().catch(() => {
        window.addEventListener('online', () => void giveBack().catch(() => {}), { once: true })
      })
    },
  }
}

function pick(settings: Settings, wish: Partial<Settings>): Partial<Settings> {
  return Object.fromEntries(Object.keys(wish).map((key) => [key, settings[key as keyof Settings]]))
}
