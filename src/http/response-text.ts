/** The text of a reply; `undefined` as soon as it turns out to be longer than `limit` bytes. */
export async function readText(response: Response, limit: number): Promise<string | undefined> {
  // Some `fetch` implementations have no streams.
  const reader = response.body?.getReader?.()
  if (!reader) return response.text()
  const decoder = new TextDecoder()
  let text = ''
  for (let length = 0; ; ) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    length += value.length
    if (length > limit) {
      reader.cancel().catch(() => {})
      return undefined
    }
    text += decoder.decode(value, { stream: true })
  }
}
