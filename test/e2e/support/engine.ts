import type { App } from './page.js'

/** One tab of a browser, with the app in it. */
export interface Tab {
  /** Calls a function of the app, and waits for what it returns. */
  call<Name extends keyof App>(
    name: Name,
    ...args: Parameters<App[Name]>
  ): Promise<Awaited<ReturnType<App[Name]>>>
  reload(): Promise<void>
  close(): Promise<void>
}

/** A browser with one profile. Each server is an origin of its own, so tests share nothing but the browser. */
export interface Engine {
  readonly name: string
  /** Opens a tab, and waits until its app is there. */
  open(url: string): Promise<Tab>
  /** Closes the tabs that are open, and the browser with them where `close` says so. */
  closeTabs(): Promise<void>
  close(): Promise<void>
}
