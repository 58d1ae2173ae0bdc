import 'server-only';
import { record } from '#lib/audit/record.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { type Fen, units } from '#lib/core/money.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize, authorizeTenant } from '#lib/identity/authorize.ts';
import { readMeans } from '#lib/ledger/arrears.ts';
import { ledgerRefusalOf, post } from '#lib/ledger/posting.ts';
import { refundAsked } from '#lib/ledger/refund-templates.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { newId } from '#lib/platform/random.ts';
import { refundable, refundableBy } from './refundable.ts';
import { findByToken, insertRefund, lockAsking, readPayers, readRefunds, readRouteSums } from './refund-store.ts';
import type { Payee, Refundable, RefundRefusal, RefundRequest, RefundRoute } from './refund-types.ts';

/** What could go back and to whom: the inquiry before a refund. */
export type RefundInquiry = {
  readonly refundable: readonly Refundable[];
  /** Whose transfers came in: bank money goes back to one of them. */
  readonly payers: readonly string[];
};

async function inquire(tx: Tx, organisationId: Id<'organisation'>): Promise<RefundInquiry> {
  const means = (await readMeans(tx, [organisationId])).get(organisationId);
  return {
    refundable: refundable(await readRouteSums(tx, organisationId), means?.unspentUnits ?? units(0n)),
    payers: (await readPayers(tx, organisationId)).map(({ name }) => name),
  };
}

/** What of the wallet could be sent back now, by which route and to whom. Changes nothing. */
export async function inquireRefund(ctx: Ctx): Promise<RefundInquiry> {
  const organisationId = authorizeTenant(ctx, 'payment:read');
  return withTx(ctx, (tx) => inquire(tx, organisationId));
}

/** A wish to have unused money back. The account is for bank money, which goes back to whoever sent it. */
export type RefundWish = {
  readonly route: RefundRoute;
  readonly amountFen: Fen;
  readonly payee: Payee | null;
  readonly reason: string;
};

const isSame = (kept: RefundRequest, wish: RefundWish): boolean =>
  kept.route === wish.route &&
  kept.amountFen === wish.amountFen &&
  JSON.stringify(kept.payee) === JSON.stringify(wish.payee);

/**
 * Asks for unused money back. It leaves the wallet at once, so that it is not spent while it is on its way; finance
 * carries it out. The same token is the same request for ever; with another wish it is refused.
 */
export async function askRefund(
  ctx: Ctx,
  wish: RefundWish,
  clientToken: string,
): Promise<Result<RefundRequest, RefundRefusal>> {
  const organisationId = authorizeTenant(ctx, 'refund:request');
  const { route, amountFen, payee, reason } = wish;
  const id = newId('refund', ctx.now);
  const over = { approvedBy: null, endedAt: null, bankReference: null, endReason: null } as const;
  const by = { askedBy: actorLabel(ctx.actor), askedAt: ctx.now } as const;
  const refund: RefundRequest = { id, organisationId, route, amountFen, payee, reason, state: 'asked', ...by, ...over };
  try {
    return await withTx(ctx, async (tx): Promise<Result<RefundRequest, RefundRefusal>> => {
      await lockAsking(tx, organisationId);
      const kept = await findByToken(tx, organisationId, clientToken);
      if (kept) return isSame(kept, wish) ? accept(kept) : refuse({ code: 'idempotencyKeyReused' });
      const inquiry = await inquire(tx, organisationId);
      const maxFen = refundableBy(inquiry.refundable, route);
      if (amountFen < 1n || amountFen > maxFen) return refuse({ code: 'refundTooMuch', maxFen: `${maxFen}` });
      if (route === 'bank' && (payee === null || !inquiry.payers.includes(payee.name)))
        return refuse({ code: 'refundPayeeUnknown' });
      await insertRefund(tx, refund, clientToken);
      await post(ctx, tx, [refundAsked({ id, organisationId, amount: amountFen }, ctx.now)]);
      await record(ctx, tx, 'refund.ask', id, { amountFen, route });
      return accept(refund);
    });
  } catch (error) {
    if (ledgerRefusalOf(error)?.code === 'insufficientFunds') return refuse({ code: 'insufficientFunds' });
    throw error;
  }
}

/** A page of the refunds that the actor's organisation asked for, newest first. */
export async function listOwnRefunds(ctx: Ctx, page: { readonly skip: number; readonly take: number }) {
  const organisationId = authorizeTenant(ctx, 'payment:read');
  return withTx(ctx, (tx) => readRefunds(tx, { organisationId }, page));
}

/** From whom the money of an organisation came, for whoever carries a refund out. */
export async function listPayers(ctx: Ctx, organisationId: string) {
  authorize(ctx, 'refund:read');
  return withTx(ctx, (tx) => readPayers(tx, organisationId));
}
