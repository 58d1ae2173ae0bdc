import 'server-only';
import { getKeptQuote } from '#lib/catalog/service.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { type Result, refuse } from '#lib/core/result.ts';
import { authorize, authorizeTenant } from '#lib/identity/authorize.ts';
import { getOrganisation } from '#lib/identity/organisations.ts';
import type { Permission } from '#lib/identity/permissions.ts';
import { findRecipient } from '#lib/identity/recipients.ts';
import { type CardAct, ruleOf } from '#lib/inventory/lifecycle.ts';
import { withTx } from '#lib/platform/db.ts';
import { newId } from '#lib/platform/random.ts';
import { ask } from './asking.ts';
import { type PublishedAvailability, readAvailability } from './availability.ts';
import type { Submission, SubmissionRefusal } from './command-log.ts';
import { type ReservationFilter, readReservation, readReservations } from './store.ts';
import type { SetAutoExtendPayload } from './change-types.ts';
import { readOfferPool } from './transfer-store.ts';
import type { CommandPayload, ReservationRefusal } from './command-types.ts';
import type { ReservationView } from './view-types.ts';

/** Why a change was not made, from the engine or on the way to it. */
export type ChangeRefusal =
  | ReservationRefusal
  | SubmissionRefusal
  | { readonly code: 'quoteUnknown' }
  /** Recorded, but the engine has not answered yet: the same key finds the answer later. */
  | { readonly code: 'decisionPending' };

/** A refusal of a booking or an extension names its command: `explain` says why. */
export type ChangeResult = Result<
  { readonly reservationId: string | null },
  ChangeRefusal & { readonly commandId?: string }
>;

/** What is booked: a quote under a name, for a project of the organisation or, left out or null, for none. */
export type BookingInput = {
  readonly quoteId: string;
  readonly name: string;
  readonly projectId?: string | null;
  /** From the wallet unless `account` is said: then against the credit line. */
  readonly payBy?: 'wallet' | 'account';
  readonly idempotencyKey: string;
};

/** Books what a quote priced. The same key books once, however often it is sent. */
export async function reserve(ctx: Ctx, input: BookingInput): Promise<ChangeResult> {
  const organisationId = authorizeTenant(ctx, 'reservation:create');
  const quote = await getKeptQuote(ctx, input.quoteId);
  if (!quote) return refuse({ code: 'quoteUnknown' });
  const { quoteId, name, idempotencyKey } = input;
  // Left out where there is none, so that a key from before projects finds its booking.
  const project = input.projectId ? { projectId: input.projectId } : {};
  // The wallet is not named either, as before there was a choice.
  const payBy = input.payBy === 'account' ? ({ payBy: 'account' } as const) : {};
  const payload: CommandPayload = {
    kind: 'reserve',
    reservationId: newId('reservation', ctx.now),
    quoteId: quote.id,
    ...project,
    name,
    skuId: quote.skuId,
    priceVersionId: quote.priceVersionId,
    imageId: quote.imageId,
    cards: quote.cards,
    topology: quote.topology,
    ...(quote.gang ? { gang: quote.gang } : {}),
    startAt: quote.startAt,
    durationSeconds: quote.durationSeconds,
    term: quote.term,
    quotedUnits: `${quote.totalUnits}`,
    quoteExpiresAt: quote.expiresAt,
    ...payBy,
  };
  return ask(ctx, {
    poolId: quote.poolId,
    organisationId,
    payload,
    request: { kind: 'reserve', quoteId, name, ...project, ...payBy },
    idempotencyKey,
  });
}

type Change = { readonly reservationId: string; readonly idempotencyKey: string };

/** Hands in a change of a reservation of the actor's organisation. */
async function change(
  ctx: Ctx,
  organisationId: Id<'organisation'>,
  input: Change,
  payload: CommandPayload,
): Promise<ChangeResult> {
  const find = () => withTx(ctx, (tx) => readReservation(tx, { organisationId }, input.reservationId));
  const found = await find();
  if (!found) return refuse({ code: 'reservationUnknown' });
  const answer = await ask(ctx, {
    poolId: found.poolId,
    organisationId,
    payload,
    request: { ...payload },
    idempotencyKey: input.idempotencyKey,
  });
  if (answer.ok || answer.refusal.code !== 'reservationUnknown') return answer;
  // The engine remembers live reservations only: one that exists and that it does not know is over.
  const { state } = (await find()) ?? found;
  return refuse({ code: 'reservationNotInState', state });
}

/** Takes a booking back before it starts; everything that was set aside returns. */
export async function cancel(ctx: Ctx, input: Change): Promise<ChangeResult> {
  const organisationId = authorizeTenant(ctx, 'reservation:change');
  return change(ctx, organisationId, input, { kind: 'cancel', reservationId: input.reservationId });
}

/** Ends a running reservation now; what was not used returns. */
export async function release(ctx: Ctx, input: Change): Promise<ChangeResult> {
  const organisationId = authorizeTenant(ctx, 'reservation:change');
  return change(ctx, organisationId, input, { kind: 'release', reservationId: input.reservationId });
}

/** Ends a running term now, and everything that was paid for it goes back: within days of the purchase, once for a SKU. */
export async function refund(ctx: Ctx, input: Change): Promise<ChangeResult> {
  const organisationId = authorizeTenant(ctx, 'reservation:change');
  return change(ctx, organisationId, input, { kind: 'refund', reservationId: input.reservationId });
}

/** Moves the end out by `seconds` at the price that was shown. */
export async function extend(
  ctx: Ctx,
  input: Change & { readonly seconds: number; readonly quotedUnits: string },
): Promise<ChangeResult> {
  const organisationId = authorizeTenant(ctx, 'reservation:change');
  const { reservationId, seconds, quotedUnits } = input;
  return change(ctx, organisationId, input, { kind: 'extend', reservationId, seconds, quotedUnits });
}

/** Sets the rule by which a reservation extends itself, or switches it off. */
export async function setAutoExtend(
  ctx: Ctx,
  input: Change & { readonly rule: SetAutoExtendPayload['rule'] },
): Promise<ChangeResult> {
  const organisationId = authorizeTenant(ctx, 'reservation:change');
  const { reservationId, rule } = input;
  return change(ctx, organisationId, input, { kind: 'setAutoExtend', reservationId, rule });
}

/** Gives some cards back from now on; `cardIds` says which running ones, empty leaves the choice to the engine. */
export async function shrink(
  ctx: Ctx,
  input: Change & { readonly cards: number; readonly cardIds: readonly string[] },
): Promise<ChangeResult> {
  const organisationId = authorizeTenant(ctx, 'reservation:change');
  const { reservationId, cards } = input;
  const cardIds = [...input.cardIds].sort();
  return change(ctx, organisationId, input, { kind: 'shrink', reservationId, cards, cardIds });
}

/** Offers a reservation that has not begun to the organisation with this address, at the price that was paid for it. */
export async function offerTransfer(ctx: Ctx, input: Change & { readonly toSlug: string }): Promise<ChangeResult> {
  const organisationId = authorizeTenant(ctx, 'reservation:change');
  const { reservationId, toSlug } = input;
  const toOrganisationId = await findRecipient(ctx, toSlug);
  if (toOrganisationId === null) return refuse({ code: 'organisationUnknown' });
  const { name: fromName } = await getOrganisation(ctx);
  return change(ctx, organisationId, input, {
    kind: 'offerTransfer',
    reservationId,
    toOrganisationId,
    fromName,
    toSlug,
  });
}

/** Takes an offer back. */
export async function withdrawTransfer(ctx: Ctx, input: Change): Promise<ChangeResult> {
  const organisationId = authorizeTenant(ctx, 'reservation:change');
  return change(ctx, organisationId, input, { kind: 'withdrawTransfer', reservationId: input.reservationId });
}

/** Accepts an offer at the price that was shown; the answer names the reservation that it became. */
export async function acceptTransfer(
  ctx: Ctx,
  input: Change & { readonly quotedUnits: string },
): Promise<ChangeResult> {
  const organisationId = authorizeTenant(ctx, 'reservation:create');
  const { reservationId, quotedUnits, idempotencyKey } = input;
  const offer = await withTx(ctx, (tx) => readOfferPool(tx, organisationId, reservationId));
  if (offer === null) return refuse({ code: 'transferUnknown' });
  const request = { kind: 'acceptTransfer', reservationId, quotedUnits } as const;
  const payload = { ...request, newReservationId: newId('reservation', ctx.now) };
  return ask(ctx, { poolId: offer, organisationId, payload, request, idempotencyKey });
}

const scopeOf = (ctx: Ctx): Pick<ReservationFilter, 'organisationId'> => ({
  organisationId: ctx.scope.kind === 'organisation' ? ctx.scope.organisationId : null,
});

/** A page of reservations: the organisation's own, or everybody's for staff. */
export async function listReservations(
  ctx: Ctx,
  filter: Omit<ReservationFilter, 'organisationId'>,
  page: { readonly skip: number; readonly take: number },
): Promise<{ rows: ReservationView[]; total: number }> {
  authorize(ctx, 'reservation:read');
  return withTx(ctx, (tx) => readReservations(tx, { ...filter, ...scopeOf(ctx) }, page.skip, page.take));
}

/** A reservation; null when the actor has none of that id. `detail.ts` has what its page shows beside it. */
export async function findReservation(ctx: Ctx, reservationId: string): Promise<ReservationView | null> {
  authorize(ctx, 'reservation:read');
  return withTx(ctx, (tx) => readReservation(tx, scopeOf(ctx), reservationId));
}

/** Moves cards along their lifecycle, by the law of `ACT_RULES`. Staff only. */
export async function actOnCards(
  ctx: Ctx,
  input: {
    readonly poolId: Id<'pool'>;
    readonly cardIds: readonly string[];
    readonly act: CardAct;
    readonly reason: string;
    readonly idempotencyKey: string;
  },
): Promise<ChangeResult> {
  authorize(ctx, ruleOf(input.act).permission);
  const { poolId, act, reason, idempotencyKey } = input;
  const payload: CommandPayload = { kind: 'cardAct', act, cardIds: [...input.cardIds].sort(), reason };
  return ask(ctx, { poolId, organisationId: null, payload, request: { ...payload }, idempotencyKey });
}

/** Hands in a command of staff about a pool, and waits for its answer. */
export async function commandPool(
  ctx: Ctx,
  permission: Permission,
  asked: Omit<Submission, 'organisationId'>,
): Promise<ChangeResult> {
  authorize(ctx, permission);
  return ask(ctx, { ...asked, organisationId: null });
}

/** What is free per hour in a pool, as the engine last published it; null when there is no such pool or no table yet. */
export async function findAvailability(ctx: Ctx, poolId: string): Promise<PublishedAvailability | null> {
  authorize(ctx, 'availability:read');
  return withTx(ctx, (tx) => readAvailability(tx, poolId));
}
