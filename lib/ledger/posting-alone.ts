import 'server-only';
import { invariant } from '#lib/core/assert.ts';
import { canonicalJson } from '#lib/core/canonical.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import { toDate } from '#lib/core/instant.ts';
import { isConnectionLost } from '#lib/platform/database-errors.ts';
import { sendAlone, settingsOf } from '#lib/platform/db.ts';
import { Gathering } from '#lib/platform/gathering.ts';
import { contentHash } from './content.ts';
import { columnsOf } from './posting.ts';
import type { Journal } from './types.ts';

type Outcome = 'created' | 'exists';
type Call = { readonly ctx: Ctx; readonly journals: readonly Journal[] };

const TEXT = `SELECT key, outcome FROM ledger_post_alone($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[],
  $6::text[], $7::text[], $8::text[], $9::timestamptz[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[],
  $16::int[], $17::int[], $18::bigint[], $19::bigint[])`;

/** The parameters of `ledger_post_alone()`: the journals of several calls, each with its caller's context. */
function parametersOf(calls: readonly Call[]): readonly unknown[] {
  const each = calls.flatMap(({ ctx, journals }) => {
    const settings = {
      ...settingsOf(ctx),
      actor: actorLabel(ctx.actor),
      requestId: ctx.requestId,
      at: toDate(ctx.now),
    };
    return journals.map((journal) => ({ ...settings, journal }));
  });
  const journals = each.map(({ journal }) => journal);
  const { accounts, legs } = columnsOf(journals);
  return [
    each.map(({ scope }) => scope),
    each.map(({ organisation }) => organisation),
    each.map(({ requestId }) => requestId),
    each.map(({ actor }) => actor),
    each.map(({ at }) => at),
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
 * Posts journals that are a transaction of their own, all of them or none, in one round trip; calls of one moment share it,
 * and one that is refused harms no other. Answers and refuses as `post` does. When the line is cut nobody knows whether they
 * are posted: the same call again says so, by its keys.
 */
export async function postAlone(ctx: Ctx, journals: readonly Journal[]): Promise<ReadonlyMap<string, Outcome>> {
  const toPost = journals.filter((journal) => journal.legs.length > 0);
  if (toPost.length === 0) return new Map();
  invariant(new Set(toPost.map((journal) => journal.key)).size === toPost.length, 'a key stands once in a call');
  return gathering.call({ ctx, journals: toPost });
}
