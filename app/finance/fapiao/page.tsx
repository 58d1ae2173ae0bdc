import { FileUp } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { staffPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { neighbours, type Query, queryChoice, queryPage, sliceOf, withQuery } from '#app/_edge/paging.ts';
import { FapiaoTable } from '#components/fapiao/fapiao-table.tsx';
import { ActionForm } from '#components/form/action-form.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { formatFen } from '#components/format/money.ts';
import { Count } from '#components/format/quantity-text.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { Alert } from '#components/ui/alert.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { PageSteps } from '#components/ui/page-steps.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { TabLinks } from '#components/ui/tabs.tsx';
import { BATCH_MAX, getFapiaoQueue } from '#lib/fapiao/exchange.ts';
import { listFapiao } from '#lib/fapiao/service.ts';
import type { FapiaoState } from '#lib/fapiao/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { makeBatchAction } from './actions.ts';
import { BatchesPanel } from './batches-panel.tsx';

const BASE = '/finance/fapiao';
const ROWS = 50;
const FILTERS = ['open', 'issued', 'closed', 'all'] as const;
const STATES = {
  open: ['requested', 'confirmed', 'issuing'],
  issued: ['issued'],
  closed: ['refused', 'withdrawn'],
  all: undefined,
} as const satisfies Record<(typeof FILTERS)[number], readonly FapiaoState[] | undefined>;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('fapiao'))('queue.title') };
}

async function Acts({ waiting }: { waiting: number }) {
  const t = await getTranslations('fapiao');
  return (
    <>
      <Link href={`${BASE}/import`} className={buttonClass()}>
        <FileUp aria-hidden />
        {t('queue.import')}
      </Link>
      {waiting > 0 && (
        <ActionForm action={makeBatchAction} initial={freshForm()}>
          <SubmitButton>{t('queue.makeBatch', { count: Math.min(waiting, BATCH_MAX) })}</SubmitButton>
        </ActionForm>
      )}
    </>
  );
}

export default async function FapiaoQueuePage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await staffPage('fapiao:watch');
  const query = await searchParams;
  const filter = queryChoice(query, 'state', FILTERS) ?? 'open';
  const page = queryPage(query);
  const t = await getTranslations('fapiao');
  const queue = await getFapiaoQueue(ctx);
  const { rows, total } = await listFapiao(ctx, { states: STATES[filter] }, sliceOf(page, ROWS));
  const canIssue = isPermitted(ctx.actor, 'fapiao:issue');
  const href = (state: (typeof FILTERS)[number], number: number) =>
    withQuery(BASE, { state: state === 'open' ? null : state, page: number === 1 ? null : number });
  return (
    <>
      <PageHeader
        title={t('queue.title')}
        description={t('queue.lead')}
        actions={canIssue && <Acts waiting={queue.waiting} />}
      />
      {queue.excesses.map(({ organisationId, organisationName, excessFen }) => (
        <Alert key={organisationId} kind="warn" className="mb-4">
          {t('queue.excess', { organisation: organisationName, amount: formatFen(excessFen) })}
        </Alert>
      ))}
      <StatRow className="mb-6">
        {(['waiting', 'unconfirmed', 'issuing'] as const).map((name) => (
          <Stat
            key={name}
            label={t(`queue.${name}`)}
            value={<Count count={queue[name]} />}
            note={t(`queue.${name}Note`)}
          />
        ))}
      </StatRow>
      <div className="mb-4">
        <TabLinks
          label={t('queue.filter')}
          links={FILTERS.map((state) => ({
            href: href(state, 1),
            label: t(`queue.filters.${state}`),
            isChosen: state === filter,
          }))}
        />
      </div>
      <Panel isFlush>
        <FapiaoTable
          rows={rows}
          base={BASE}
          hasOrganisation
          label={t('queue.title')}
          empty={<EmptyState title={t('queue.emptyTitle')} text={t('queue.emptyText')} />}
        />
      </Panel>
      <PageSteps
        className="mt-4"
        label={t('list.pages')}
        {...neighbours({ page, size: ROWS, total }, (number) => href(filter, number))}
      />
      <BatchesPanel batches={queue.batches} canIssue={canIssue} />
    </>
  );
}
