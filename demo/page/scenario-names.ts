export const scenarioNames = [
  'burst',
  'expired',
  'single',
  'many',
  'leave',
  'tabs',
  'refresh-401',
  'refresh-403',
  'refresh-429',
  'refresh-500',
  'refresh-slow',
  'refresh-hang',
  'refresh-html',
  'refresh-empty',
  'dropped',
  'dropped-grace',
  'offline',
  'clock',
] as const

export type ScenarioName = (typeof scenarioNames)[number]

export function isScenarioName(name: unknown): name is ScenarioName {
  return scenarioNames.includes(name as ScenarioName)
}
