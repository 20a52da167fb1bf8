/** What the page calls itself where the server speaks OAuth. */
export const clientId = 'demo-page'
