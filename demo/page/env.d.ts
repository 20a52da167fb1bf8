/** Files that Vite hands over as text or as an address. */
declare module '*?raw' {
  const text: string
  export default text
}

declare module '*.svg' {
  const url: string
  export default url
}
