import 'server-only';
import { AsyncLocalStorage } from 'node:async_hooks';
import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlQuery, Transaction } from '@prisma/driver-adapter-utils';

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>;

/**
 * The driver's side of one transaction. Statements go out as they come, without waiting for each other's answers, and are
 * carried out in that order; none goes out behind the transaction's end. What fails behind the first failure fails with it.
 */
export type Line = Pick<Transaction, 'queryRaw' | 'executeRaw'> & {
  /** Carries a statement out, unheard: if it fails, so does whatever comes behind it, at the latest {@link Line.allDone}. */
  readonly send: (query: SqlQuery) => void;
  /** Until all is carried out; fails as the first that failed did, for such a transaction commits nothing. */
  readonly allDone: () => Promise<void>;
};

type Opening = AsyncLocalStorage<{ line: Line | null }>;

/**
 * Where a transaction that is being opened leaves its line: Prisma does not say which of the driver's is behind its own.
 * One for the process, like the connection in `db.ts`: Next's server has this module more than once.
 */
const holder = globalThis as typeof globalThis & { kashiOpening?: Opening };
holder.kashiOpening ??= new AsyncLocalStorage();
const opening: Opening = holder.kashiOpening;

/** Runs `open`, which opens one transaction and may then ask for its line. */
export function withLine<T>(open: (line: () => Line | null) => Promise<T>): Promise<T> {
  const kept: { line: Line | null } = { line: null };
  return opening.run(kept, () => open(() => kept.line));
}

/**
 * Prisma's way to PostgreSQL, over connections that take statements while others are under way (`pipeline`): Prisma reads
 * the relations of one select all at once, and a round of the engine writes many rows whose answers say nothing.
 */
export class LinedPg extends PrismaPg {
  override async connect(): Promise<Adapter> {
    const adapter = await super.connect();
    const start = adapter.startTransaction.bind(adapter);
    adapter.startTransaction = async (level) => {
      const transaction = await start(level);
      const line = lineOf(transaction);
      transaction.queryRaw = line.queryRaw;
      transaction.executeRaw = line.executeRaw;
      const kept = opening.getStore();
      if (kept) kept.line = line;
      return transaction;
    };
    return adapter;
  }
}

const ENDS: ReadonlySet<string> = new Set(['COMMIT', 'ROLLBACK']);
/** To a savepoint: the transaction goes on as if nothing behind that had failed. */
const BACK = 'ROLLBACK TO';

/** Behind the end there is nobody: the connection is another's. Behind a failure PostgreSQL only says that there was one. */
function lineOf(tx: Transaction): Line {
  let isOver = false;
  let failure: { readonly error: unknown } | null = null;
  let last: Promise<unknown> = Promise.resolve();
  const guarded =
    <T>(ask: (query: SqlQuery) => Promise<T>) =>
    async (query: SqlQuery): Promise<T> => {
      if (isOver) throw new Error('the transaction is over');
      isOver = ENDS.has(query.sql);
      try {
        const answer = await ask(query);
        if (query.sql.startsWith(BACK)) failure = null;
        return answer;
      } catch (error) {
        failure ??= { error };
        throw failure.error;
      }
    };
  const executeRaw = guarded(tx.executeRaw.bind(tx));
  return {
    queryRaw: guarded(tx.queryRaw.bind(tx)),
    executeRaw,
    send: (query) => {
      last = executeRaw(query);
      // Heard by whatever is asked behind it.
      last.catch(() => {});
    },
    allDone: async () => {
      await last;
      if (failure !== null) throw failure.error;
    },
  };
}
