/**
 * What a server renders, where there is no store to look into; and so what the page must render while it takes over the
 * server's HTML, whatever it knows by then.
 */
export const serverState: Readonly<{ status: 'loading' }> = Object.freeze({ status: 'loading' })
