import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { type Id, type IdKind, makeId } from '#lib/core/id.ts';
import { type Instant, toDate } from '#lib/core/instant.ts';
import { fen, type Units, units } from '#lib/core/money.ts';
import { databaseErrorOf } from '#lib/platform/database-errors.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { chart } from './chart.ts';
import { ledgerRefusalOf, openWallet, post } from './posting.ts';
import { type ReservationRef, topUpSettled } from './templates.ts';
import type { AccountRef, Journal } from './types.ts';

let serial = 0;

/** An id that no other of this process has. */
export function freshId<K extends IdKind>(kind: K, now: Instant): Id<K> {
  serial += 1;
  const bytes = new Uint8Array(10);
  new DataView(bytes.buffer).setUint32(6, serial);
  return makeId(kind, now, bytes);
}

/** An organisation with its wallet, and so much money in it. */
export async function seedWallet(ctx: Ctx, yuan: bigint): Promise<Id<'organisation'>> {
  const organisationId = freshId('organisation', ctx.now);
  await withTx(ctx, async (tx) => {
    await writeOrganisation(tx, organisationId, ctx.now);
    await openWallet(tx, organisationId);
    const payment = freshId('payment', ctx.now);
    if (yuan > 0n) await post(ctx, tx, [topUpSettled(payment, organisationId, 'sandbox', fen(yuan * 100n), ctx.now)]);
  });
  return organisationId;
}

export async function writeOrganisation(tx: Tx, id: Id<'organisation'>, at: Instant): Promise<void> {
  const slug = id.replaceAll('_', '-');
  await tx.organisation.create({ data: { id, slug, name: 'Test', createdAt: toDate(at), cardQuota: 100 } });
}

/** A reservation by the hour that exists only in the books. */
export function reservationOf(organisationId: Id<'organisation'>, now: Instant): ReservationRef {
  const reservationId = freshId('reservation', now);
  return { reservationId, organisationId, poolId: 'pol_test', skuId: 'sku_test', purchase: 'by-hour' };
}

export async function postAll(ctx: Ctx, ...journals: Journal[]): Promise<Map<string, 'created' | 'exists'>> {
  return withTx(ctx, (tx) => post(ctx, tx, journals));
}

/** What the postings of an account come to, credits minus debits. */
export async function netOf(ctx: Ctx, account: AccountRef): Promise<Units> {
  const rows = await withTx(
    ctx,
    (tx) => tx.$queryRaw<{ net: bigint }[]>`
      SELECT coalesce(sum(p.credit_units - p.debit_units), 0)::bigint AS net
      FROM posting p JOIN account a ON a.id = p.account_id WHERE a.path = ${account.path}`,
  );
  return units(present(rows[0], 'a sum').net);
}

export const walletOf = (ctx: Ctx, org: Id<'organisation'>): Promise<Units> => netOf(ctx, chart.wallet(org));

/** The ledger's refusal of some work, or the SQL state that ended it; undefined when it was done. */
export async function refusalOf(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(
    () => undefined,
    (error: unknown) => ledgerRefusalOf(error)?.code ?? databaseErrorOf(error)?.sqlState ?? String(error),
  );
}
