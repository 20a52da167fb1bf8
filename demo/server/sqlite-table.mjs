import sqlite from 'node-sqlite3-wasm'

/**
 * The refresh tokens in an embedded database: hashes only. In memory, for a restart makes a new signing secret and so
 * ends every session anyhow.
 */
export function openDatabase() {
  const database = new sqlite.Database(':memory:')
  database.exec(`
    CREATE TABLE refresh_token (
      scope TEXT NOT NULL,
      hash TEXT NOT NULL,
      family TEXT NOT NULL,
      username TEXT NOT NULL,
      expires_at INTEGER NOT NULL,
      spent_at INTEGER,
      PRIMARY KEY (scope, hash)
    ) WITHOUT ROWID;
    CREATE INDEX refresh_token_family ON refresh_token (scope, family);
  `)
  return database
}

/** The rows of one scope. What the functions do: ../backend/refresh-token-table.ts. */
export function createSqliteTable(database, scope) {
  const run = (sql, ...values) => database.run(sql, values)

  return {
    find(hash) {
      const row = database.get('SELECT * FROM refresh_token WHERE scope = ? AND hash = ?', [scope, hash])
      if (!row) return null
      const { family, username, expires_at: expiresAt, spent_at: spentAt } = row
      return { hash, family, username, expiresAt: Number(expiresAt), spentAt: spentAt && Number(spentAt) }
    },
    add({ hash, family, username, expiresAt, spentAt }) {
      run(
        'INSERT INTO refresh_token VALUES (?, ?, ?, ?, ?, ?)',
        scope,
        hash,
        family,
        username,
        expiresAt,
        spentAt,
      )
    },
    spend(hash, at) {
      run('UPDATE refresh_token SET spent_at = ? WHERE scope = ? AND hash = ?', at, scope, hash)
    },
    extend(hash, expiresAt) {
      run('UPDATE refresh_token SET expires_at = ? WHERE scope = ? AND hash = ?', expiresAt, scope, hash)
    },
    removeFamily(family) {
      run('DELETE FROM refresh_token WHERE scope = ? AND family = ?', scope, family)
    },
    removeExpired(now) {
      run('DELETE FROM refresh_token WHERE scope = ? AND expires_at <= ?', scope, now)
    },
    removeAll() {
      run('DELETE FROM refresh_token WHERE scope = ?', scope)
    },
    countFamilies() {
      const sql = 'SELECT count(DISTINCT family) AS families FROM refresh_token WHERE scope = ?'
      return Number(database.get(sql, [scope]).families)
    },
  }
}
