/** What `work` returns while `Object.prototype` has these fields, enumerable as a careless merge of JSON leaves them. */
export async function whilePolluted<T>(fields: object, work: () => T | Promise<T>): Promise<T> {
  Object.assign(Object.prototype, fields)
  try {
    return await work()
  } finally {
    for (const name of Object.keys(fields)) Reflect.deleteProperty(Object.prototype, name)
  }
}
