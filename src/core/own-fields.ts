export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** A copy of `value` that inherits nothing, so that a polluted `Object.prototype` is not read where a field is absent. */
export const ownFields = <T extends object>(value: T | undefined): T =>
  Object.assign(Object.create(null), value)

/** A plain object's own field, so that a polluted prototype is not read. */
export function fieldOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
}
