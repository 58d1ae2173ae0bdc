import 'server-only';
import { type Ctx, type CustomerRole, scopeOf, type StaffRole, type TenantCtx } from '#lib/core/context.ts';
import { idFrom } from '#lib/core/id.ts';
import { fromDate } from '#lib/core/instant.ts';
import { withTx } from '#lib/platform/db.ts';
import { newRequestId } from '#lib/platform/random.ts';
import { authorize, Forbidden } from './authorize.ts';

// Contexts for the seeding job, which plays people's parts in the demo market and in replays. Their rights are read
// from the database like everybody's, so what they do is what those people could do.

/** A member of an organisation, by e-mail; {@link Forbidden} when there is no such seat. */
export async function actAsMember(ctx: Ctx, person: { readonly email: string }): Promise<TenantCtx> {
  authorize(ctx, 'market:seed');
  const [row] = await withTx(
    ctx,
    (tx) => tx.$queryRaw<{ now: Date; user_id: string; organisation_id: string; role: CustomerRole }[]>`
      SELECT kashi_now() AS now, m.user_id, m.organisation_id, m.role FROM membership m JOIN user_account u ON u.id = m.user_id
      WHERE u.email = ${person.email} ORDER BY m.created_at LIMIT 1`,
  );
  if (!row) throw new Forbidden(`${person.email} has no seat`);
  const organisationId = idFrom('organisation', row.organisation_id);
  return {
    actor: { kind: 'customer', userId: idFrom('user', row.user_id), organisationId, role: row.role },
    scope: { kind: 'organisation', organisationId },
    requestId: newRequestId(),
    now: fromDate(row.now),
  };
}

/** A member of staff, by e-mail; {@link Forbidden} when there is none. */
export async function actAsStaff(ctx: Ctx, person: { readonly email: string }): Promise<Ctx> {
  authorize(ctx, 'market:seed');
  const [row] = await withTx(
    ctx,
    (tx) => tx.$queryRaw<{ now: Date; user_id: string; roles: StaffRole[] }[]>`
      SELECT kashi_now() AS now, u.id AS user_id, array_agg(r.role) AS roles FROM user_account u JOIN staff_role r ON r.user_id = u.id
      WHERE u.email = ${person.email} GROUP BY u.id`,
  );
  if (!row) throw new Forbidden(`${person.email} is not staff`);
  const actor = { kind: 'staff', userId: idFrom('user', row.user_id), roles: row.roles } as const;
  return { actor, scope: scopeOf(actor), requestId: newRequestId(), now: fromDate(row.now) };
}
