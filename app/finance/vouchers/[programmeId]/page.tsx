import { Download, Ticket } from 'lucide-react';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { staffPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { ProgrammeBadge } from '#components/vouchers/state-badge.tsx';
import { VoucherSumStats } from '#components/vouchers/sum-stats.tsx';
import { grantColumns } from '#components/vouchers/voucher-columns.tsx';
import { floorToFen, toDecimal } from '#lib/core/money.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { findProgramme } from '#lib/vouchers/service.ts';
import type { Grant } from '#lib/vouchers/types.ts';
import { closeAction, codesAction, grantAction, withdrawAction } from '../actions.ts';
import { AboutProgramme } from './about-programme.tsx';
import { CloseDialog, CodesDialog, GrantDialog, WithdrawDialog } from './programme-dialogs.tsx';

type Props = { params: Promise<{ programmeId: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('vouchers'))('programmes.title') };
}

async function columnsFor(canManage: boolean): Promise<Column<Grant>[]> {
  const t = await getTranslations('vouchers');
  const columns = await grantColumns();
  if (!canManage) return columns;
  return [
    ...columns,
    {
      key: 'actions',
      header: <span className="sr-only">{t('column.actions')}</span>,
      align: 'end',
      cell: ({ grantId, organisationName, withdrawnAt, state }) =>
        withdrawnAt === null &&
        state !== 'expired' && (
          <WithdrawDialog grantId={grantId} name={organisationName} action={withdrawAction} initial={freshForm()} />
        ),
    },
  ];
}

export default async function ProgrammePage({ params }: Props) {
  const ctx = await staffPage('voucherProgramme:read');
  const { programmeId } = await params;
  const found = await findProgramme(ctx, programmeId);
  if (!found) notFound();
  const { programme, grants } = found;
  const t = await getTranslations('vouchers');
  const canManage = isPermitted(ctx.actor, 'voucherProgramme:manage');
  const isGranting = canManage && programme.closedAt === null && programme.validUntil > ctx.now;
  const face = toDecimal(floorToFen(programme.faceUnits), 2, 2);
  return (
    <ClientMessages namespaces={['vouchers']}>
      <PageHeader
        breadcrumbs={
          <Breadcrumbs
            label={t('programmes.title')}
            crumbs={[{ label: t('programmes.title'), href: '/finance/vouchers' }]}
          />
        }
        title={programme.name}
        description={programme.issuerName}
        badge={<ProgrammeBadge programme={programme} now={ctx.now} />}
        actions={
          isGranting && (
            <>
              <CloseDialog action={closeAction.bind(null, programme.id)} initial={freshForm()} />
              <CodesDialog action={codesAction.bind(null, programme.id)} initial={freshForm()} />
              <GrantDialog action={grantAction.bind(null, programme.id)} initial={freshForm()} face={face} />
            </>
          )
        }
      />
      <VoucherSumStats sums={programme} />
      <AboutProgramme programme={programme} ctx={ctx} />
      <Panel
        title={t('detail.grants')}
        className="mt-6"
        isFlush
        actions={
          <a href={`/finance/vouchers/${programme.id}/statement`} download className={buttonClass({ size: 'sm' })}>
            <Download aria-hidden />
            {t('detail.statement')}
          </a>
        }
      >
        <DataTable
          label={t('detail.grants')}
          columns={await columnsFor(canManage)}
          rows={grants}
          rowKey={({ grantId }) => grantId}
          empty={<EmptyState Icon={Ticket} title={t('detail.grantsEmpty')} text={t('detail.grantsEmptyText')} />}
        />
      </Panel>
    </ClientMessages>
  );
}
