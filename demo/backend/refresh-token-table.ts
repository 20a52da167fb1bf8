/** A refresh token as the server keeps it: never the token itself. */
export interface RefreshTokenRow {
  hash: string
  /** All tokens that descend from one sign-in. */
  family: string
  username: string
  expiresAt: number
  /** When it was traded for its successor. */
  spentAt: number | null
}

/** Where the rows live. Synchronous, so that looking at a token and spending it is one step. */
export interface RefreshTokenTable {
  find(hash: string): RefreshTokenRow | null
  add(row: RefreshTokenRow): void
  spend(hash: string, at: number): void
  extend(hash: string, expiresAt: number): void
  removeFamily(family: string): void
  removeExpired(now: number): void
  removeAll(): void
  countFamilies(): number
}

/** For where there is no database: the rows by their hash, in an object that the caller keeps. */
export function createMemoryTable(rows: Record<string, RefreshTokenRow>): RefreshTokenTable {
  function removeWhere(isOver: (row: RefreshTokenRow) => boolean): void {
    for (const [hash, row] of Object.entries(rows)) if (isOver(row)) delete rows[hash]
  }

  return {
    find: (hash) => rows[hash] ?? null,
    add(row) {
      rows[row.hash] = row
    },
    spend(hash, at) {
      const row = rows[hash]
      if (row) row.spentAt = at
    },
    extend(hash, expiresAt) {
      const row = rows[hash]
      if (row) row.expiresAt = expiresAt
    },
    removeFamily: (family) => removeWhere((row) => row.family === family),
    removeExpired: (now) => removeWhere(({ expiresAt }) => expiresAt <= now),
    removeAll: () => removeWhere(() => true),
    countFamilies: () => new Set(Object.values(rows).map(({ family }) => family)).size,
  }
}
