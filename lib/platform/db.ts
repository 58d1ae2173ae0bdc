import 'server-only';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { InfrastructureError, invariant } from '#lib/core/assert.ts';
import { type Actor, actorLabel, type Scope } from '#lib/core/context.ts';
import { isConnectionLost, isTransient } from './database-errors.ts';
import { environment } from './environment.ts';
import {
  type CallableFunction,
  type CallArgument,
  columnsOf,
  gatheredStatement,
  rowsByCall,
} from './gathered-calls.ts';
import { Gathering } from './gathering.ts';
import { errorText, log } from './log.ts';
import { Prisma, PrismaClient } from './generated/client.ts';
import { keepLine, sendDirectly } from './direct-statements.ts';
import { LinedPg, withLine } from './line.ts';

/** A transaction with its context set. The only way to the tables. */
export type Tx = Omit<Prisma.TransactionClient, '$transaction'>;

export { Prisma };

/** The part of a context that the database needs. */
export type TxContext = { readonly scope: Scope; readonly actor: Actor; readonly requestId: string };

/** The role of every application connection: it owns nothing, and row-level security holds for it. */
const APP_ROLE = 'kashi_app';

/** Server-side limits end a statement before Prisma's own timeout gives the connection to somebody else. */
const SERVER_LIMITS_MS = { statement: 20_000, idleInTransaction: 25_000, lock: 10_000 };
const TX_LIMITS_MS = { maxWait: 10_000, timeout: 30_000 };
/** The server gives up this much before Prisma does. */
const CLIENT_MARGIN_MS = 1_000;
const MAX_ATTEMPTS = 5;
/** A connection knows its statements and the tables; one that is made anew after every lull learns them again. */
const IDLE_MS = 300_000;

/** Start-up options of an application connection, for Prisma's pool and for our own clients. */
export function connectionOptions(limits = SERVER_LIMITS_MS): string {
  return [
    `-c role=${APP_ROLE}`,
    `-c statement_timeout=${limits.statement}`,
    `-c idle_in_transaction_session_timeout=${limits.idleInTransaction}`,
    `-c lock_timeout=${limits.lock}`,
    '-c TimeZone=UTC',
    // Said once for the connection, so that no transaction has to say it.
    '-c default_transaction_isolation=read\\ committed',
  ].join(' ');
}

/** A row with the number of the call that it answers. */
type CalledRow = pg.QueryResultRow & { readonly n: number };
type CallGathering = Gathering<readonly CallArgument[], readonly pg.QueryResultRow[]>;

/** `calls` serves {@link callGathered}: a statement through Prisma costs its sender several times what it costs here. */
type Connection = {
  readonly url: string;
  readonly prisma: PrismaClient;
  readonly calls: pg.Pool;
  readonly gatherings: Map<CallableFunction, CallGathering>;
};

// Next's development server loads modules anew; the pool must not be opened anew with them.
const holder = globalThis as typeof globalThis & { kashiConnection?: Connection | undefined };

/** Statements that connections keep prepared. Longer ones, and those beyond the count, come in too many variants. */
const KEPT = { statements: 500, characters: 2_000 };
const statementNames = new Map<string, string>();

/** The name under which a connection keeps a statement prepared; none when it is not worth keeping. */
function statementName({ sql }: { readonly sql: string }): string {
  const known = statementNames.get(sql);
  if (known !== undefined) return known;
  // BEGIN and COMMIT are not worth it.
  if (!sql.includes(' ') || sql.length > KEPT.characters || statementNames.size >= KEPT.statements) return '';
  const name = `kashi_${statementNames.size}`;
  statementNames.set(sql, name);
  return name;
}

/** Connects to a database from now on; without a call, the environment's `DATABASE_URL` is used. */
export function openDatabase(url: string, poolSize = 10): void {
  const pool = { connectionString: url, options: connectionOptions(), max: poolSize, idleTimeoutMillis: IDLE_MS };
  const adapter = new LinedPg({ ...pool, pipeline: true }, { statementNameGenerator: statementName });
  const calls = new pg.Pool(pool);
  calls.on('error', (error) => log.debug('an idle connection was lost', { reason: errorText(error) }));
  holder.kashiConnection = { url, prisma: new PrismaClient({ adapter }), calls, gatherings: new Map() };
}

function connection(): Connection {
  if (!holder.kashiConnection) {
    const url = environment().databaseUrl;
    if (url === null) throw new InfrastructureError('DATABASE_URL is not set: start through `npm start`, or set it.');
    openDatabase(url);
  }
  if (!holder.kashiConnection) throw new InfrastructureError('no database connection');
  return holder.kashiConnection;
}

/** The URL in use, for a client of our own (LISTEN, COPY). */
export function databaseUrl(): string {
  return connection().url;
}

/** Closes the pool. */
export async function closeDatabase(): Promise<void> {
  const open = holder.kashiConnection;
  holder.kashiConnection = undefined;
  await open?.prisma.$disconnect();
  await open?.calls.end();
}

/** How a context is said to the database. */
export function settingsOf(ctx: TxContext): { scope: string; organisation: string } {
  const { scope } = ctx;
  return { scope: scope.kind, organisation: scope.kind === 'organisation' ? scope.organisationId : '' };
}

export type TxOptions = {
  /** The engine's leadership: the pool's epoch that this transaction claims to write under. */
  readonly epoch?: bigint;
  /** For long reading: how long the transaction may last instead of the usual half minute. */
  readonly timeoutMs?: number;
};

/**
 * Runs `work` in one transaction whose tenant, actor and epoch the database knows. Outside of one, row-level security
 * shows nothing and accepts nothing, so a statement that strays past a timeout does no harm (prisma/orm #29762).
 * Serialization failures and deadlocks are repeated, at most {@link MAX_ATTEMPTS} times with growing pauses; `work`
 * must therefore not act outside the transaction.
 */
export async function withTx<T>(ctx: TxContext, work: (tx: Tx) => Promise<T>, options: TxOptions = {}): Promise<T> {
  const { scope, organisation } = settingsOf(ctx);
  const epoch = options.epoch?.toString() ?? '';
  return repeated(() =>
    withLine((line) =>
      connection().prisma.$transaction(
        async (tx) => {
          const opened = line();
          invariant(opened !== null, 'a transaction of Prisma is one of the driver');
          keepLine(tx, opened);
          // Sent with the first statement of the work: it is carried out before it.
          sendDirectly(
            tx,
            Prisma.sql`SELECT set_config('kashi.scope', ${scope}, true),
              set_config('kashi.organisation', ${organisation}, true), set_config('kashi.epoch', ${epoch}, true),
              set_config('kashi.actor', ${actorLabel(ctx.actor)}, true), set_config('kashi.request', ${ctx.requestId}, true)`,
          );
          if (options.timeoutMs !== undefined) {
            const limit = `${options.timeoutMs - CLIENT_MARGIN_MS}`;
            sendDirectly(
              tx,
              Prisma.sql`SELECT set_config('statement_timeout', ${limit}, true), set_config('idle_in_transaction_session_timeout', ${limit}, true)`,
            );
          }
          const done = await work(tx);
          await opened.allDone();
          return done;
        },
        { maxWait: TX_LIMITS_MS.maxWait, timeout: options.timeoutMs ?? TX_LIMITS_MS.timeout },
      ),
    ),
  );
}

/**
 * Calls one SQL function outside of any other transaction, in one round trip: for what is done so often that opening,
 * entering and closing a transaction would be most of it. The function enters the context before it does anything, or asks of
 * each call of a set what the policies of its tables ask. Calls of one moment share a statement, each with its own context: they
 * are committed together, and a call that fails is one of its own.
 */
export async function callGathered<Row extends pg.QueryResultRow>(
  ctx: TxContext,
  name: CallableFunction,
  args: readonly CallArgument[],
): Promise<readonly Row[]> {
  const { scope, organisation } = settingsOf(ctx);
  const { gatherings, calls } = connection();
  const gathering = gatherings.get(name) ?? gatheringOf(calls, name);
  gatherings.set(name, gathering);
  return (await gathering.call([scope, organisation, actorLabel(ctx.actor), ctx.requestId, ...args])) as readonly Row[];
}

/**
 * Two on their way, so that one that waits for a lock holds nobody else up; so few in each that whoever decides what they ask
 * has begun with the first while the next are on their way.
 */
const GATHERED = { lanes: 2, callsMax: 32 };

function gatheringOf(pool: pg.Pool, name: CallableFunction): CallGathering {
  const text = gatheredStatement(name);
  return new Gathering<readonly CallArgument[], readonly pg.QueryResultRow[]>({
    ...GATHERED,
    mayTryApart: (error) => !isConnectionLost(error),
    send: async (calls) => {
      const values = columnsOf(name, calls);
      const query = { name, text, values, types: CALL_TYPES };
      const { rows } = await repeated(() => pool.query<CalledRow>(query));
      return rowsByCall(rows, calls.length);
    },
  });
}

/**
 * Sends one statement that is a transaction of its own, for a gathering that knows how to put its calls into one. What it
 * calls enters the context of each call before it does anything: outside of one, nothing is seen or written.
 */
export async function sendAlone<Row extends pg.QueryResultRow>(
  name: string,
  text: string,
  values: readonly unknown[],
): Promise<readonly Row[]> {
  const query = { name, text, values: [...values], types: CALL_TYPES };
  const { rows } = await repeated(() => connection().calls.query<Row>(query));
  return rows;
}

/** 64-bit integers come as bigint, as they do through Prisma; all else as `pg` reads it. */
const CALL_TYPES: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => (oid === pg.types.builtins.INT8 ? BigInt : pg.types.getTypeParser(oid, format)),
};

/** Repeats what failed by a serialization failure or a deadlock, with growing pauses. */
async function repeated<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= MAX_ATTEMPTS || !isTransient(error)) throw error;
      await sleep(2 ** attempt * (5 + attempt));
    }
  }
}
