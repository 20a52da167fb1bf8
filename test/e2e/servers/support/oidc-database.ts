import type { Adapter, AdapterPayload } from 'oidc-provider'

export interface OidcDatabase {
  adapter: (model: string) => Adapter
  /** The ids of a model's records, in the order in which they came. */
  idsOf(model: string): string[]
  removeAll(isMeant: (model: string, record: AdapterPayload) => boolean): void
}

/** All that oidc-provider keeps; whether something has expired, it sees for itself. */
export function createOidcDatabase(): OidcDatabase {
  const models = new Map<string, Map<string, AdapterPayload>>()

  const recordsOf = (model: string): Map<string, AdapterPayload> => {
    const records = models.get(model) ?? new Map<string, AdapterPayload>()
    models.set(model, records)
    return records
  }

  function removeAll(isMeant: (model: string, record: AdapterPayload) => boolean): void {
    for (const [model, records] of models) {
      for (const [id, record] of records) if (isMeant(model, record)) records.delete(id)
    }
  }

  return {
    idsOf: (model) => [...recordsOf(model).keys()],
    removeAll,
    adapter(model) {
      const records = recordsOf(model)
      return {
        find: async (id) => records.get(id),
        findByUid: async (uid) => [...records.values()].find((record) => record.uid === uid),
        findByUserCode: async (code) => [...records.values()].find((record) => record.userCode === code),
        async upsert(id, record) {
          records.set(id, record)
        },
        async consume(id) {
          const record = records.get(id)
          if (record) record.consumed = Math.floor(Date.now() / 1000)
        },
        async destroy(id) {
          records.delete(id)
        },
        async revokeByGrantId(grantId) {
          removeAll((_, record) => record.grantId === grantId)
        },
      }
    },
  }
}
