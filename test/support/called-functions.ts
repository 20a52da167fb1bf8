import { Session } from 'node:inspector/promises'
import { onTestFinished } from 'vitest'

/** Notes the functions of src/ that are called between `start` and `stop`, as V8 counts them. */
export interface CallRecorder {
  start(): Promise<void>
  /** The functions, by file. */
  stop(): Promise<Map<string, string[]>>
}

/** How the module runner of vitest reads an export. It is no function of ours. */
const exportReader = /^\(\) => \{ try \{ return \w+ \} catch \{\} \}$/

export async function recordCalls(): Promise<CallRecorder> {
  const inspector = new Session()
  inspector.connect()
  onTestFinished(() => inspector.disconnect())
  await inspector.post('Debugger.enable')
  await inspector.post('Profiler.enable')

  return {
    async start() {
      await inspector.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
      // Counts begin again with each report.
      await inspector.post('Profiler.takePreciseCoverage')
    },
    async stop() {
      const { result } = await inspector.post('Profiler.takePreciseCoverage')
      await inspector.post('Profiler.stopPreciseCoverage')
      const called = new Map<string, string[]>()
      for (const { scriptId, url, functions } of result) {
        const file = /\/src\/(.+)\.ts$/.exec(url)?.[1]
        if (file === undefined) continue
        const { scriptSource } = await inspector.post('Debugger.getScriptSource', { scriptId })
        for (const { functionName, ranges } of functions) {
          const [range] = ranges
          if (!range?.count || exportReader.test(scriptSource.slice(range.startOffset, range.endOffset)))
            continue
          called.set(file, [...(called.get(file) ?? []), functionName || 'anonymous'])
        }
      }
      return called
    },
  }
}
