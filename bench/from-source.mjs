import { posix, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import nodeResolve from '@rollup/plugin-node-resolve'
import { transform } from 'esbuild'
import { rollup } from 'rollup'
import esbuild from 'rollup-plugin-esbuild'
import { production } from '../scripts/production.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const entry = `${root}entry.ts`

/**
 * Modules of the library, minified, as the production build makes them: for measures that take the library apart.
 *
 * @param {string} contents What to export, by paths such as `./src/core/tokens.ts`.
 * @param {(path: string) => boolean} [isLeftOut] Whether a module stays outside, by its path from the root or its package.
 */
export async function fromSource(contents, isLeftOut = () => false) {
  const bundle = await rollup({
    input: entry,
    external: (id, importer) => {
      const isRelative = id.startsWith('.') && importer !== undefined
      const path = isRelative ? posix.join(relative(root, importer), '..', id) : id
      return path === 'axios' || isLeftOut(path)
    },
    treeshake: { moduleSideEffects: false },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? contents : null),
      },
      production,
      nodeResolve(),
      esbuild({ target: 'es2022' }),
    ],
  })
  const { output } = await bundle.generate({ format: 'es', inlineDynamicImports: true })
  const { code } = await transform(output[0].code, { minify: true, format: 'esm', target: 'es2022' })
  return code
}
