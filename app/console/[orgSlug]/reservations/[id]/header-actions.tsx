import Link from 'next/link';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { ConfirmDialog } from '#components/form/confirm-dialog.tsx';
import { formatUnits } from '#components/format/money.ts';
import { Button, buttonClass } from '#components/ui/button.tsx';
import type { TenantCtx } from '#lib/core/context.ts';
import { ZERO_UNITS } from '#lib/core/money.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import type { HoldView } from '#lib/ledger/holds.ts';
import { findJob } from '#lib/reservations/queue/service.ts';
import { jobOfReservation } from '#lib/reservations/queue/types.ts';
import type { ReservationView } from '#lib/reservations/view-types.ts';
import { RESERVATION_CAN } from '#lib/reservations/types.ts';
import { cancelAction } from './actions.ts';
import { RefundLink } from './refund/refund-link.tsx';

/** What can be done with a reservation in its state, for those who may; a queued job's is only ended. */
export async function HeaderActions({
  ctx,
  orgSlug,
  reservation,
  hold,
}: {
  ctx: TenantCtx;
  orgSlug: string;
  reservation: ReservationView;
  hold: HoldView | null;
}) {
  if (!isPermitted(ctx.actor, 'reservation:change')) return null;
  const t = await getTranslations('reservations');
  const changes = await getTranslations('changes');
  const { id, name, state, interval, cards } = reservation;
  const can = (action: keyof typeof RESERVATION_CAN): boolean => {
    const allowed: readonly string[] = RESERVATION_CAN[action];
    return allowed.includes(state);
  };
  const base = `/console/${orgSlug}/reservations/${id}`;
  const job = await findJob(ctx, jobOfReservation(id));
  if (job)
    return (
      <Link href={`/console/${orgSlug}/queue/${job.id}`} className={buttonClass()}>
        {(await getTranslations('queue'))('ofReservation')}
      </Link>
    );
  const amount = formatUnits(hold?.leftUnits ?? ZERO_UNITS);
  return (
    <>
      {can('extend') && interval.endAt !== null && (
        <Link href={`${base}/extend`} className={buttonClass()}>
          {t('extend.action')}
        </Link>
      )}
      {can('setAutoExtend') && interval.endAt !== null && (
        <Link href={`${base}/auto-extend`} className={buttonClass()}>
          {changes('autoExtend.action')}
        </Link>
      )}
      {can('shrink') && cards > 1 && (
        <Link href={`${base}/shrink`} className={buttonClass()}>
          {changes('shrink.action')}
        </Link>
      )}
      {can('release') && (
        <Link href={`${base}/release`} className={buttonClass({ variant: 'danger-quiet' })}>
          {t('release.action')}
        </Link>
      )}
      <RefundLink ctx={ctx} orgSlug={orgSlug} reservation={reservation} />
      {can('transfer') && (
        <Link href={`${base}/transfer`} className={buttonClass()}>
          {changes('transfer.action')}
        </Link>
      )}
      {can('cancel') && (
        <ConfirmDialog
          title={t('cancel.title', { name })}
          text={t('cancel.text', { amount })}
          confirm={t('cancel.confirm', { amount })}
          dismiss={t('cancel.keep')}
          action={cancelAction.bind(null, { orgSlug, reservationId: id })}
          initial={freshForm()}
          trigger={<Button variant="danger-quiet">{t('cancel.action')}</Button>}
        />
      )}
    </>
  );
}
