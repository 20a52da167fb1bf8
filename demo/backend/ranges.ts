/** Within which a number must lie, in whole steps. */
export interface NumberRange {
  least: number
  most: number
  step: number
}

export const ranges: Readonly<
  Record<'accessTokenLifetimeMs' | 'refreshLatencyMs' | 'faultStrikes', NumberRange>
> = {
  accessTokenLifetimeMs: { least: 4_000, most: 60_000, step: 1_000 },
  refreshLatencyMs: { least: 0, most: 5_000, step: 1 },
  faultStrikes: { least: 0, most: 100, step: 1 },
}

export function isInRange(value: unknown, { least, most, step }: NumberRange): value is number {
  return typeof value === 'number' && value >= least && value <= most && value % step === 0
}
