import 'server-only';
import { AsyncLocalStorage } from 'node:async_hooks';
import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlQuery, Transaction } from '@prisma/driver-adapter-utils';

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>;

/** The driver's side of one transaction: one statement after the other, and none after its end. */
export type Line = Pick<Transaction, 'queryRaw' | 'executeRaw'>;

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
 * Prisma's way to PostgreSQL, with the statements of a transaction one after the other. Prisma reads the relations of one
 * select all at once, also within a transaction, whose one connection takes one statement at a time; `pg` keeps a queue
 * for such callers and gives it up with version 9.
 */
export class OneAtATimePg extends PrismaPg {
  override async connect(): Promise<Adapter> {
    const adapter = await super.connect();
    const start = adapter.startTransaction.bind(adapter);
    adapter.startTransaction = async (level) => {
      const transaction = oneAtATime(await start(level));
      const kept = opening.getStore();
      if (kept) kept.line = transaction;
      return transaction;
    };
    return adapter;
  }
}

const ENDS: ReadonlySet<string> = new Set(['COMMIT', 'ROLLBACK']);

/** A statement waits for the one before it, however that ended. Behind the end there is nobody: the connection is another's. */
function oneAtATime(tx: Transaction): Transaction {
  let last: Promise<unknown> = Promise.resolve();
  let isOver = false;
  const inTurn =
    <T>(ask: (query: SqlQuery) => Promise<T>) =>
    (query: SqlQuery): Promise<T> => {
      if (isOver) return Promise.reject(new Error('the transaction is over'));
      isOver = ENDS.has(query.sql);
      const answer = last.then(
        () => ask(query),
        () => ask(query),
      );
      last = answer;
      return answer;
    };
  tx.queryRaw = inTurn(tx.queryRaw.bind(tx));
  tx.executeRaw = inTurn(tx.executeRaw.bind(tx));
  return tx;
}
