import 'server-only';
import type { AuditAction, AuditData } from '#lib/audit/types.ts';
import { invariant } from '#lib/core/assert.ts';
import { canonicalJson } from '#lib/core/canonical.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import { toDate } from '#lib/core/instant.ts';
import { databaseErrorOf, isConnectionLost } from '#lib/platform/database-errors.ts';
import { sendAlone, settingsOf } from '#lib/platform/db.ts';
import { Gathering } from '#lib/platform/gathering.ts';
import { contentHash } from './content.ts';
import { columnsOf } from './posting.ts';
import type { Journal } from './types.ts';

type Outcome = 'created' | 'exists';

/** A row that its module writes with a journal, by the names of its columns, and the record of the act. */
export type Beside = {
  readonly of: 'payment' | 'bankLine';
  readonly row: Readonly<Record<string, string | null>>;
  readonly act: { readonly action: AuditAction; readonly target: string; readonly data: AuditData };
};

type Call = { readonly ctx: Ctx; readonly journals: readonly Journal[]; readonly beside: Beside | null };

const TEXT = `SELECT key, outcome FROM ledger_post_alone($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[],
  $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::timestamptz[], $15::text[],
  $16::text[], $17::text[], $18::text[], $19::text[], $20::text[], $21::int[], $22::int[], $23::bigint[], $24::bigint[])`;

/** What `ledger_post_alone()` answers where it takes more than its one statement. */
const DECLINED = 'KL430';

/** The parameters of `ledger_post_alone()`: the journals of several calls, each with its caller's context. */
function parametersOf(calls: readonly Call[]): readonly unknown[] {
  const each = calls.flatMap(({ ctx, journals, beside }) => {
    const said = { ...settingsOf(ctx), actor: actorLabel(ctx.actor), requestId: ctx.requestId, at: toDate(ctx.now) };
    return journals.map((journal, n) => ({ ...said, journal, beside: n === 0 ? beside : null }));
  });
  const journals = each.map(({ journal }) => journal);
  const { accounts, legs } = columnsOf(journals);
  return [
    each.map(({ scope }) => scope),
    each.map(({ organisation }) => organisation),
    each.map(({ requestId }) => requestId),
    each.map(({ actor }) => actor),
    each.map(({ at }) => at),
    each.map(({ beside }) => beside?.of ?? null),
    each.map(({ beside }) => (beside ? JSON.stringify(beside.row) : null)),
    each.map(({ beside }) => beside?.act.action ?? null),
    each.map(({ beside }) => beside?.act.target ?? null),
    each.map(({ beside }) => (beside ? canonicalJson(beside.act.data) : null)),
    journals.map(({ key }) => key),
    journals.map(({ kind }) => kind),
    journals.map(({ organisationId }) => organisationId),
    journals.map(({ effectiveAt }) => toDate(effectiveAt)),
    journals.map(({ source }) => canonicalJson(source)),
    journals.map(contentHash),
    accounts.map(({ path }) => path),
    accounts.map(({ kind }) => kind),
    accounts.map(({ organisationId }) => organisationId),
    accounts.map(({ asset }) => asset),
    legs.journal,
    legs.account,
    legs.debit,
    legs.credit,
  ];
}

async function send(calls: readonly Call[]): Promise<readonly ReadonlyMap<string, Outcome>[]> {
  const keys = calls.flatMap(({ journals }) => journals.map(({ key }) => key));
  // The same journal from two callers at once: tried one by one, the second finds the first's.
  if (calls.length > 1 && new Set(keys).size < keys.length) throw new Error('a key stands twice in a group');
  const rows = await sendAlone<{ key: string; outcome: Outcome }>('ledger_post_alone', TEXT, parametersOf(calls));
  const outcomes = new Map(rows.map(({ key, outcome }) => [key, outcome]));
  return calls.map(({ journals }) => new Map(journals.map(({ key }) => [key, outcomes.get(key) ?? 'exists'])));
}

/**
 * One on its way, so that those who spend from one wallet share its lock instead of waiting for it through a flush each:
 * what comes meanwhile goes together with the next.
 */
const gathering = new Gathering({
  lanes: 1,
  callsMax: 32,
  mayTryApart: (error) => !isConnectionLost(error),
  send,
});

/**
 * Posts journals that are a transaction of their own, with a row of their caller's and the record of the act, all or nothing and
 * in one round trip; calls of one moment share it, each under its caller's rights, and one that is refused harms no other.
 * Answers and refuses as `post` does; null when nothing was written because it takes a transaction of more than this: the row is
 * there already, or the organisation that is paid owes for hours of grace, which that transaction pays. When the line is cut
 * nobody knows whether they are posted: the same call again says so, by its keys.
 */
export async function postAlone(
  ctx: Ctx,
  journals: readonly Journal[],
  beside: Beside | null = null,
): Promise<ReadonlyMap<string, Outcome> | null> {
  const toPost = journals.filter((journal) => journal.legs.length > 0);
  if (toPost.length === 0) return new Map();
  invariant(new Set(toPost.map((journal) => journal.key)).size === toPost.length, 'a key stands once in a call');
  try {
    return await gathering.call({ ctx, journals: toPost, beside });
  } catch (error) {
    if (databaseErrorOf(error)?.sqlState === DECLINED) return null;
    throw error;
  }
}
