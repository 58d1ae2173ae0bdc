import { Plus, Ticket } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { staffPage } from '#app/_edge/access.ts';
import { InstantText } from '#components/format/instant-text.tsx';
import { Money } from '#components/format/money-text.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { ProgrammeBadge } from '#components/vouchers/state-badge.tsx';
import { VoucherSumStats } from '#components/vouchers/sum-stats.tsx';
import type { Instant } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { listProgrammes } from '#lib/vouchers/service.ts';
import type { Programme, VoucherSums } from '#lib/vouchers/types.ts';

const BASE = '/finance/vouchers';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('vouchers'))('programmes.title') };
}

/** All programmes together. */
function totalOf(programmes: readonly Programme[]): VoucherSums {
  const sum = (pick: (programme: Programme) => bigint) =>
    units(programmes.reduce((total, programme) => total + pick(programme), 0n));
  return {
    grantedUnits: sum((programme) => programme.grantedUnits),
    leftUnits: sum((programme) => programme.leftUnits),
    heldUnits: sum((programme) => programme.heldUnits),
    burntUnits: sum((programme) => programme.burntUnits),
    expiredUnits: sum((programme) => programme.expiredUnits),
  };
}

async function columnsFor(now: Instant): Promise<Column<Programme>[]> {
  const t = await getTranslations('vouchers');
  const money = (key: 'granted' | 'left' | 'held' | 'burnt' | 'expired', isWideOnly: boolean): Column<Programme> => ({
    key,
    header: key === 'granted' ? t('programmes.grants') : t(`column.${key}`),
    align: 'end',
    isWideOnly,
    cell: (programme) => <Money units={programme[`${key}Units`]} />,
  });
  return [
    {
      key: 'name',
      header: t('column.name'),
      cell: ({ id, name, issuerName }) => (
        <>
          <TextLink href={`${BASE}/${id}`}>{name}</TextLink>
          <span className="block text-xs text-ink-3">{issuerName}</span>
        </>
      ),
    },
    {
      key: 'state',
      header: t('column.state'),
      cell: (programme) => <ProgrammeBadge programme={programme} now={now} />,
    },
    {
      key: 'until',
      header: t('column.until'),
      isWideOnly: true,
      cell: ({ validUntil }) => <InstantText at={validUntil} />,
    },
    {
      key: 'budget',
      header: t('programmes.budget'),
      align: 'end',
      isWideOnly: true,
      cell: ({ budgetUnits }) => <Money units={budgetUnits} />,
    },
    money('granted', false),
    money('burnt', true),
    money('expired', true),
    money('left', false),
  ];
}

export default async function ProgrammesPage() {
  const ctx = await staffPage('voucherProgramme:read');
  const t = await getTranslations('vouchers');
  const programmes = await listProgrammes(ctx);
  const actions = isPermitted(ctx.actor, 'voucherProgramme:manage') && (
    <Link href={`${BASE}/new`} className={buttonClass({ variant: 'primary' })}>
      <Plus aria-hidden />
      {t('programmes.add')}
    </Link>
  );
  return (
    <>
      <PageHeader title={t('programmes.title')} description={t('programmes.lead')} actions={actions} />
      <VoucherSumStats sums={totalOf(programmes)} />
      <Panel isFlush>
        <DataTable
          label={t('programmes.title')}
          columns={await columnsFor(ctx.now)}
          rows={programmes}
          rowKey={({ id }) => id}
          empty={<EmptyState Icon={Ticket} title={t('programmes.empty')} text={t('programmes.emptyText')} />}
        />
      </Panel>
    </>
  );
}
