import { SquareTerminal } from 'lucide-react';
import Link from 'next/link';
import { neighbours, sliceOf, withQuery } from '#app/_edge/paging.ts';
import { WorkloadsTable } from '#app/console/[orgSlug]/workloads/workloads-table.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { PageSteps } from '#components/ui/page-steps.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { RESERVATION_CAN } from '#lib/reservations/types.ts';
import { listWorkloads } from '#lib/workloads/service.ts';
import type { PartProps } from './parts.ts';

const PAGE_SIZE = 25;

/** The workloads of a reservation. */
export async function WorkloadsTab({ ctx, orgSlug, found, page, base }: PartProps) {
  const t = await getTranslations('reservations');
  const { id, state } = found.reservation;
  const { rows, total } = await listWorkloads(ctx, { reservationId: id }, sliceOf(page, PAGE_SIZE));
  const states: readonly string[] = RESERVATION_CAN.submitWorkload;
  const submit = isPermitted(ctx.actor, 'workload:submit') && states.includes(state) && (
    <Link
      href={withQuery(`/console/${orgSlug}/workloads/new`, { reservation: id })}
      className={buttonClass({ variant: 'primary' })}
    >
      {t('workloads.submit')}
    </Link>
  );
  const steps = neighbours({ page, size: PAGE_SIZE, total }, (to) =>
    withQuery(base, { tab: 'workloads', page: to === 1 ? null : to }),
  );
  return (
    <>
      <Panel isFlush title={t('workloads.title')} actions={rows.length > 0 && submit}>
        <WorkloadsTable
          ctx={ctx}
          orgSlug={orgSlug}
          rows={rows}
          hasReservation={false}
          empty={
            <EmptyState
              Icon={SquareTerminal}
              title={t('workloads.empty')}
              text={submit ? t('workloads.emptyText') : undefined}
              action={submit || undefined}
            />
          }
        />
      </Panel>
      <PageSteps label={t('pages')} {...steps} className="mt-4" />
    </>
  );
}
