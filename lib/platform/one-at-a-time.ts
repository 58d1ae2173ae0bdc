import 'server-only';
import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlQuery, Transaction } from '@prisma/driver-adapter-utils';

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>;

/**
 * Prisma's way to PostgreSQL, with the statements of a transaction one after the other. Prisma reads the relations of one
 * select all at once, also within a transaction, whose one connection takes one statement at a time; `pg` keeps a queue
 * for such callers and gives it up with version 9.
 */
export class OneAtATimePg extends PrismaPg {
  override async connect(): Promise<Adapter> {
    const adapter = await super.connect();
    const start = adapter.startTransaction.bind(adapter);
    adapter.startTransaction = async (level) => oneAtATime(await start(level));
    return adapter;
  }
}

/** A statement waits for the one before it, however that ended. */
function oneAtATime(tx: Transaction): Transaction {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn =
    <T>(ask: (query: SqlQuery) => Promise<T>) =>
    (query: SqlQuery): Promise<T> => {
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
