import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** A page's script with all it imports, the library from its source included; `iife` for one that is no module. */
export async function bundle(script: string, format: 'esm' | 'iife' = 'esm'): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(script, import.meta.url))],
    bundle: true,
    format,
    target: 'es2022',
    platform: 'browser',
    write: false,
    logLevel: 'error',
  })
  return outputFiles[0]?.text ?? ''
}
