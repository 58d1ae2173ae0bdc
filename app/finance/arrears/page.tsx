import { Hourglass } from 'lucide-react';
import type { Metadata } from 'next';
import { staffPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { neighbours, type Query, queryChoice, queryPage, sliceOf, withQuery } from '#app/_edge/paging.ts';
import { ArrearsBadge } from '#components/arrears/arrears-badge.tsx';
import { PolicyDialog } from '#components/arrears/policy-dialog.tsx';
import { formatInstant } from '#components/format/instant.ts';
import { Money } from '#components/format/money-text.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { PageSteps } from '#components/ui/page-steps.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TabLinks } from '#components/ui/tabs.tsx';
import { type ArrearsRow, listArrears } from '#lib/arrears/service.ts';
import { ARREARS_STATES, GRACE_SECONDS_ALONE_MAX } from '#lib/arrears/types.ts';
import { HOUR_MS, type Instant } from '#lib/core/instant.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { proposeAction } from './actions.ts';
import { PolicyPanel } from './policy-panel.tsx';

const ROWS = 50;

type Texts = Awaited<ReturnType<typeof getTranslations<'arrears'>>>;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('arrears'))('list.title') };
}

function leftText(t: Texts, { facts }: ArrearsRow, now: Instant): string {
  if (facts.burnUnitsPerHour === 0n) return t('list.idle');
  if (facts.runsOutAt === null) return t('list.long');
  return t('list.hours', { hours: Math.max(0, Math.floor((facts.runsOutAt - now) / HOUR_MS)) });
}

function nextText(t: Texts, { standing, facts }: ArrearsRow): string {
  const { state, stopAt, releaseAt } = standing;
  if (state === 'grace' && stopAt !== null) return t('list.stopAt', { at: formatInstant(stopAt) });
  if ((state === 'stopped' || state === 'retained') && releaseAt !== null)
    return t('list.releaseAt', { at: formatInstant(releaseAt) });
  return facts.runsOutAt === null ? '' : t('list.runsOutAt', { at: formatInstant(facts.runsOutAt) });
}

function columnsOf(t: Texts, now: Instant, canPropose: boolean): Column<ArrearsRow>[] {
  return [
    { key: 'organisation', header: t('list.organisation'), cell: ({ name }) => name },
    { key: 'state', header: t('list.state'), cell: ({ standing }) => <ArrearsBadge state={standing.state} /> },
    { key: 'left', header: t('list.left'), cell: (row) => leftText(t, row, now) },
    { key: 'next', header: t('list.next'), isWideOnly: true, cell: (row) => nextText(t, row) },
    {
      key: 'spendable',
      header: t('list.spendable'),
      align: 'end',
      cell: ({ facts }) => <Money units={facts.spendableUnits} />,
    },
    { key: 'owed', header: t('list.owed'), align: 'end', cell: ({ facts }) => <Money units={facts.owedUnits} /> },
    {
      key: 'burn',
      header: t('list.burn'),
      align: 'end',
      isWideOnly: true,
      cell: ({ facts }) => <Money units={facts.burnUnitsPerHour} />,
    },
    {
      key: 'actions',
      header: <span className="sr-only">{t('list.actions')}</span>,
      align: 'end',
      cell: ({ organisationId, name, terms }) =>
        canPropose && (
          <PolicyDialog
            organisationId={organisationId}
            name={name}
            terms={terms}
            aloneHours={GRACE_SECONDS_ALONE_MAX / 3_600}
            action={proposeAction}
            initial={freshForm()}
          />
        ),
    },
  ];
}

export default async function ArrearsPage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await staffPage('arrears:read');
  const t = await getTranslations('arrears');
  const query = await searchParams;
  const state = queryChoice(query, 'state', ARREARS_STATES) ?? null;
  const page = queryPage(query);
  const { rows, total, counts } = await listArrears(ctx, { state, ...sliceOf(page, ROWS) });
  const count = (each: (typeof ARREARS_STATES)[number]) => counts.get(each) ?? 0;
  const all = [...counts.values()].reduce((sum, each) => sum + each, 0);
  const links = ARREARS_STATES.filter((each) => count(each) > 0 || each === state).map((each) => ({
    href: withQuery('/finance/arrears', { state: each }),
    label: t('list.count', { label: t(`state.${each}`), count: count(each) }),
    isChosen: each === state,
  }));
  return (
    <ClientMessages namespaces={['arrears']}>
      <PageHeader
        title={t('list.title')}
        description={t('list.lead')}
        actions={<LiveRefresh topics={['usage', 'clock-stepped']} at={ctx.now} />}
      />
      <PolicyPanel ctx={ctx} />
      <div className="mb-4">
        <TabLinks
          label={t('list.filter')}
          links={[{ href: '/finance/arrears', label: t('list.all', { count: all }), isChosen: !state }, ...links]}
        />
      </div>
      <Panel isFlush>
        <DataTable
          label={t('list.title')}
          columns={columnsOf(t, ctx.now, isPermitted(ctx.actor, 'arrears:propose'))}
          rows={rows}
          rowKey={({ organisationId }) => organisationId}
          empty={<EmptyState Icon={Hourglass} title={t('list.none')} text={t('list.noneText')} />}
        />
      </Panel>
      <PageSteps
        className="mt-4"
        label={t('list.pages')}
        {...neighbours({ page, size: ROWS, total }, (number) =>
          withQuery('/finance/arrears', { state: state ?? undefined, page: number }),
        )}
      />
    </ClientMessages>
  );
}
