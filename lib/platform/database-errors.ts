/** What a database error says, however many layers wrapped it. */
export type DatabaseError = { readonly sqlState: string; readonly message: string };

/** SQL states that a repeat of the whole transaction may cure: serialization failure, deadlock. */
const TRANSIENT = new Set(['40001', '40P01']);

function asRecord(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
}

/**
 * Finds the SQL state in an error of `pg`, of Prisma's client (`meta.driverAdapterError.cause`) or of its adapter
 * (`cause.originalCode`); null when the error did not come from the database.
 */
export function databaseErrorOf(error: unknown, depth = 0): DatabaseError | null {
  const record = asRecord(error);
  if (!record || depth > 6) return null;
  const code = record['originalCode'] ?? record['code'];
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !/^P\d{4}$/.test(code)) {
    return { sqlState: code, message: String(record['originalMessage'] ?? record['message'] ?? '') };
  }
  if (record['kind'] === 'TransactionWriteConflict') return { sqlState: '40001', message: 'write conflict' };
  if (code === 'P2034') return { sqlState: '40001', message: 'write conflict' };
  const meta = asRecord(record['meta']);
  return databaseErrorOf(meta?.['driverAdapterError'], depth + 1) ?? databaseErrorOf(record['cause'], depth + 1);
}

/** True when running the same transaction again may succeed. */
export function isTransient(error: unknown): boolean {
  const found = databaseErrorOf(error);
  return found !== null && TRANSIENT.has(found.sqlState);
}

/** True when the work failed because the connection did: what was asked may be right, and may be asked again. */
export function isConnectionLost(error: unknown): boolean {
  const found = databaseErrorOf(error);
  if (found !== null) return /^(08|57P|EPIPE)/.test(found.sqlState);
  return /ECONN|[Cc]onnection (terminated|ended|closed)|closed the connection|Can't reach database server/.test(
    String(error),
  );
}
