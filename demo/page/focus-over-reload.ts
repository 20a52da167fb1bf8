const key = 'demo-focus'

/** For a page that is loaded anew by one of its own controls: whoever was on that control goes on there. */
export function keepFocus(): void {
  const { testid } = (document.activeElement as HTMLElement | null)?.dataset ?? {}
  if (testid) sessionStorage.setItem(key, testid)
}

export function restoreFocus(): void {
  const testid = sessionStorage.getItem(key)
  sessionStorage.removeItem(key)
  if (testid) document.querySelector<HTMLElement>(`[data-testid="${CSS.escape(testid)}"]`)?.focus()
}
