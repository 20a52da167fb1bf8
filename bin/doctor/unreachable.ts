import { type Finding, finding } from './finding.js'

/** What Node says of certificates, and what that means. */
const certificateErrors: Record<string, [wrong: string, right: string]> = {
  CERT_HAS_EXPIRED: ['has expired', 'Renew it, and have the server load the new one'],
  CERT_NOT_YET_VALID: ['is not valid yet', 'Check the clocks of both machines'],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['is self-signed', 'Use one of a public authority, such as Let’s Encrypt'],
  SELF_SIGNED_CERT_IN_CHAIN: [
    'comes from an authority that this machine does not know',
    'Use a public authority; for a private one set NODE_EXTRA_CA_CERTS for this command',
  ],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    'comes without the intermediate certificate',
    'Have the server send the whole chain (fullchain.pem). Some browsers fetch the missing part, others fail',
  ],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
    'comes without the intermediate certificate, or from an authority that this machine does not know',
    'Have the server send the whole chain (fullchain.pem)',
  ],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'is for another host name',
    'Use a certificate that names this host, or the host name that it is for',
  ],
}

/** The codes of an error and of all that caused it. */
function codesOf(error: unknown): string[] {
  const codes: string[] = []
  for (let each = error, depth = 0; each instanceof Error && depth < 5; each = each.cause, depth++) {
    const { code } = each as NodeJS.ErrnoException
    codes.push(...(typeof code === 'string' ? [code] : []), each.name)
    if (each instanceof AggregateError) codes.push(...each.errors.flatMap(codesOf))
  }
  return codes
}

/** Says plainly why no reply came. */
export function whyUnreachable(error: unknown, address: string, timeoutMs: number): Finding {
  const { host, hostname, protocol } = new URL(address)
  const codes = codesOf(error)
  const has = (...names: string[]): boolean => names.some((name) => codes.includes(name))
  for (const [code, [wrong, right]] of Object.entries(certificateErrors)) {
    if (has(code)) return finding('CERTIFICATE', `The certificate of ${host} ${wrong} (${code})`, right)
  }
  if (has('ENOTFOUND', 'EAI_AGAIN', 'EAI_NONAME', 'ENODATA')) {
    return finding(
      'HOST_UNKNOWN',
      `No DNS server knows the host ${hostname}`,
      'Check the spelling, and the DNS record of the host',
    )
  }
  if (has('ECONNREFUSED')) {
    return finding('CONNECTION_REFUSED', `Nothing listens at ${host}`, 'Start the server, or check the port')
  }
  if (has('TimeoutError', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'ETIMEDOUT')) {
    return finding(
      'TIMED_OUT',
      `${host} did not answer within ${timeoutMs / 1000} s`,
      'A refresh must answer in a few seconds: users wait for it. Check the firewall, and what the server waits for',
    )
  }
  if (codes.some((code) => /SSL|TLS|^EPROTO$/.test(code))) {
    return finding(
      'TLS_FAILED',
      `The TLS handshake with ${host} fails (${codes.find((code) => /SSL|TLS|EPROTO/.test(code))})`,
      'Check that this is the port for https',
    )
  }
  if (has('ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET') || codes.some((code) => code.startsWith('HPE_'))) {
    const isPlain = protocol === 'http:'
    return finding(
      'CONNECTION_BROKEN',
      `${host} accepted the connection and closed it without a reply`,
      isPlain
        ? 'Check whether this port expects https, and look at the log of the server'
        : 'Look at the log of the server',
    )
  }
  return finding('UNREACHABLE', `The doctor cannot reach ${host} (${codes.join(', ')})`, 'Check the network')
}
