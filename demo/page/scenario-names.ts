/** In the order in which the page lists them. The first is the one to begin with. */
export const scenarioNames = [
  'tabs',
  'burst',
  'expired',
  'single',
  'many',
  'leave',
  'pictures',
  'reload',
  'refresh-500',
  'refresh-403',
  'refresh-429',
  'refresh-html',
  'refresh-empty',
  'refresh-slow',
  'refresh-hang',
  'dropped-grace',
  'offline',
  'clock',
  'dropped',
  'refresh-401',
] as const

export type ScenarioName = (typeof scenarioNames)[number]

export function isScenarioName(name: unknown): name is ScenarioName {
  return scenarioNames.includes(name as ScenarioName)
}
