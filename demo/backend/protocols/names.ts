export const protocolNames = ['headers', 'json', 'cookie', 'oauth', 'django', 'spring', 'aspnet'] as const

export type ProtocolName = (typeof protocolNames)[number]

export function isProtocolName(name: unknown): name is ProtocolName {
  return protocolNames.includes(name as ProtocolName)
}
