/** The types of some events, in order. */
export const typesOf = (events: readonly { type: string }[]): string[] => events.map(({ type }) => type)
