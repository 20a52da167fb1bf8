import { fieldOf, isObject } from '../core/own-fields.js'

/** What the names of fields are made of, as far as replies of auth servers go. */
const words = [
  'access account accounts active age api app at auth authenticated authentication authorization bearer body by client',
  'code codes content cookie created credential credentials csrf current data date detail details device email end err',
  'error errors exp expiration expire expired expires expiry fail failed field fields first flow full grant has header',
  'headers iat id identity in info instance invalid is iss issued item items jti jwt key kind language last life lifetime',
  'link links list login me message messages meta metadata method mfa mode msg name nbf new next nonce not note object of',
  'ok old on option options otp params password path payload permission permissions phone picture policy profile reason',
  'redirect ref refresh refreshed renew renewal request required response result results retry role roles scope scopes',
  'seconds server session sessions sid sign signed since start state status sub success successful tenant text the ticket',
  'time timestamp title to token tokens trace ttl type types uid updated uri url user username users uuid valid validity',
  'value values verified version xsrf',
].flatMap((line) => line.split(' '))

/** Whether people name a field so: of any other name it cannot be told whether it is a token. */
const isUsual = (name: string): boolean =>
  /^[a-z_-]{1,30}$/i.test(name) &&
  (name.match(/[A-Z]?[a-z]+|[A-Z]+/g) ?? ['']).every((word) => words.includes(word.toLowerCase()))

/** Names of fields, and those in objects among them after a dot. */
function fieldsOf(body: unknown, depth = 1): string[] {
  if (!isObject(body) || Array.isArray(body)) return []
  return Object.keys(body).flatMap((name) => {
    if (!isUsual(name)) return 'others'
    const inner = depth ? fieldsOf(fieldOf(body, name), 0) : []
    return inner.length ? inner.map((each) => `${name}.${each}`) : name
  })
}

/** The names of a body's fields, for a message: none that may be a token. Empty where there are none. */
export const fieldNamesOf = (body: unknown): string => [...new Set(fieldsOf(body))].slice(0, 20).join(', ')
