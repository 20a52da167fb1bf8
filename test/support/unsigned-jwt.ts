const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url')

/** A JWT that nobody signed, for code that only reads it. */
export const unsignedJwt = (claims: unknown): string => `${encode({ alg: 'none' })}.${encode(claims)}.`
