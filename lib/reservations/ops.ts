import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { readStaffReservations } from './ops-store.ts';
import type { StaffFilter, StaffReservation } from './ops-types.ts';

/** A page of everybody's reservations with whose they are, for staff. */
export async function listStaffReservations(
  ctx: Ctx,
  filter: StaffFilter,
  page: { readonly skip: number; readonly take: number },
): Promise<{ rows: StaffReservation[]; total: number }> {
  authorize(ctx, 'inventory:read');
  return withTx(ctx, (tx) => readStaffReservations(tx, filter, page));
}
