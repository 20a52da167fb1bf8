/** Under these names everybody can have a host, as under a top-level domain. Of thousands, those that apps are hosted on. */
const sharedSuffixes = [
  'azurewebsites.net',
  'cloudfront.net',
  'firebaseapp.com',
  'fly.dev',
  'github.io',
  'gitlab.io',
  'herokuapp.com',
  'netlify.app',
  'ngrok-free.app',
  'ngrok.io',
  'onrender.com',
  'pages.dev',
  'railway.app',
  'run.app',
  'vercel.app',
  'web.app',
  'workers.dev',
]

/** The registrable domain, near enough: no list of public suffixes comes along. */
function domainOf(hostname: string): string {
  if (/^[\d.]+$|^\[/.test(hostname)) return hostname
  const labels = hostname.split('.')
  const isShared = sharedSuffixes.some((suffix) => hostname.endsWith(`.${suffix}`))
  const [second = '', top = ''] = labels.slice(-2)
  const isCountry = top.length === 2 && /^(ac|co|com|edu|go|gov|ne|net|or|org|re)$/.test(second)
  return labels.slice(isShared || isCountry ? -3 : -2).join('.')
}

/** Whether cookies with `SameSite` go along: the same scheme and registrable domain, whatever the port. */
export const isSameSite = (a: URL, b: URL): boolean =>
  a.protocol === b.protocol && domainOf(a.hostname) === domainOf(b.hostname)
