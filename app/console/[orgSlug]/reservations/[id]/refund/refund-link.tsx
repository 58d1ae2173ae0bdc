import Link from 'next/link';
import { buttonClass } from '#components/ui/button.tsx';
import { previewRefund } from '#lib/billing/preview-refund.ts';
import type { TenantCtx } from '#lib/core/context.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import type { ReservationView } from '#lib/reservations/view-types.ts';
import { RESERVATION_CAN } from '#lib/reservations/types.ts';

/** The way to a full refund, for as long as there is one. */
export async function RefundLink({
  ctx,
  orgSlug,
  reservation: { id, term, state },
}: {
  ctx: TenantCtx;
  orgSlug: string;
  reservation: ReservationView;
}) {
  const allowed: readonly string[] = RESERVATION_CAN.refund;
  if (term === null || !allowed.includes(state)) return null;
  if (!(await previewRefund(ctx, { reservationId: id })).ok) return null;
  return (
    <Link href={`/console/${orgSlug}/reservations/${id}/refund`} className={buttonClass({ variant: 'danger-quiet' })}>
      {(await getTranslations('terms'))('action')}
    </Link>
  );
}
