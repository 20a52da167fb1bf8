/** Makes a build of `src` the production build: what is behind `if (isDevelopment)` is left out. @type {import('rollup').Plugin} */
export const production = {
  name: 'production',
  load: (id) =>
    /[\\/]src[\\/]development[\\/]is-development\.ts$/.test(id) ? 'export const isDevelopment = false' : null,
}
