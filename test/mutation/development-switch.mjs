/**
 * Leaves `isDevelopment` as it is: no test can tell it from the `true` that it is here, and the build decides what it is there.
 *
 * @type {{ kind: 'Ignore', name: string, value: import('@stryker-mutator/api/ignore').Ignorer }[]}
 */
export const strykerPlugins = [
  {
    kind: 'Ignore',
    name: 'development-switch',
    value: {
      shouldIgnore(path) {
        const { node } = /** @type {{ node?: { type: string, name?: string } }} */ (path)
        const isSwitch = node?.type === 'Identifier' && node.name === 'isDevelopment'
        return isSwitch ? 'It is a constant of the build' : undefined
      },
    },
  },
]
