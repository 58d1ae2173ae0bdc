import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { authorizeTenant } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { readOfferedTo, readOffersTo, type TransferOffer } from './transfer-store.ts';

/** The offers that others make to the actor's organisation. */
export async function listTransferOffers(ctx: Ctx): Promise<TransferOffer[]> {
  const organisationId = authorizeTenant(ctx, 'reservation:read');
  return withTx(ctx, (tx) => readOffersTo(tx, organisationId));
}

/** Whom a reservation of the actor's organisation is offered to, by address; null when it is not offered. */
export async function findOfferedTo(ctx: Ctx, reservationId: string): Promise<string | null> {
  const organisationId = authorizeTenant(ctx, 'reservation:read');
  return withTx(ctx, (tx) => readOfferedTo(tx, organisationId, reservationId));
}
