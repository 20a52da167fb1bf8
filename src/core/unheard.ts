/** A hook that is async is not supported, but must not reject unheard. */
export function unheard<T>(returned: T): T {
  if (returned) Promise.resolve(returned).catch(() => {})
  return returned
}
