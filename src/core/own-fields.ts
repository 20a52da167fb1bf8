/** A copy of `value` that inherits nothing, so that a polluted `Object.prototype` is not read where a field is absent. */
export const ownFields = <T extends object>(value: T | undefined): T =>
  Object.assign(Object.create(null), value)
