import type { Metadata } from 'next';
import Link from 'next/link';
import { staffPage } from '#app/_edge/access.ts';
import { type Query, queryText } from '#app/_edge/paging.ts';
import { formatInstant } from '#components/format/instant.ts';
import { DifferencesTable, FirstDifference } from '#components/finance/differences.tsx';
import { FlowsTable, StandsTable } from '#components/finance/reconciliation-tables.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { Alert } from '#components/ui/alert.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { Input } from '#components/ui/input.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { currentPeriod } from '#lib/payments/reconciliation/period.ts';
import { reconcile } from '#lib/payments/reconciliation/service.ts';
import type { Reconciliation } from '#lib/payments/reconciliation/types.ts';

const BASE = '/finance/reconciliation';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('reconciliation'))('title') };
}

async function Outcome({ found }: { found: Reconciliation }) {
  const t = await getTranslations('reconciliation');
  const { differences, flows, stands } = found;
  const [first] = differences;
  const isEven = stands.every(({ rowsUnits, accountUnits }) => rowsUnits === accountUnits);
  return (
    <>
      {first && <FirstDifference difference={first} />}
      {!first && isEven && (
        <Alert kind="ok" title={t('agrees')} className="mb-6">
          <p className="text-ink-2">{t('agreesText')}</p>
        </Alert>
      )}
      <div className="grid gap-6">
        <Panel title={t('flowsTitle')} description={t('flowsLead')} isFlush>
          <FlowsTable rows={flows} />
        </Panel>
        <Panel title={t('standsTitle')} description={t('standsLead')} isFlush>
          <StandsTable rows={stands} />
        </Panel>
        <Panel title={t('differencesTitle')} description={t('differencesLead')} isFlush>
          <DifferencesTable rows={differences} />
        </Panel>
      </div>
    </>
  );
}

export default async function ReconciliationPage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await staffPage('bankLine:read');
  const period = queryText(await searchParams, 'period').trim() || currentPeriod(ctx.now);
  const t = await getTranslations('reconciliation');
  const found = await reconcile(ctx, period);
  return (
    <>
      <PageHeader
        title={t('title')}
        description={
          <>
            {t('lead')} {t('asOf', { at: formatInstant(ctx.now) })}
          </>
        }
        actions={
          <Link href="/finance/settlements" className={buttonClass()}>
            {t('settlements')}
          </Link>
        }
      />
      <form action={BASE} className="mb-6 max-w-sm">
        <label htmlFor="period" className="mb-1 block text-sm font-medium">
          {t('period')}
        </label>
        <span className="flex gap-2">
          <Input
            id="period"
            name="period"
            defaultValue={period}
            maxLength={10}
            autoComplete="off"
            aria-describedby="period-hint"
          />
          <button type="submit" className={buttonClass()}>
            {t('apply')}
          </button>
        </span>
        <span id="period-hint" className="mt-1 block text-xs text-ink-3">
          {t('periodHint')}
        </span>
      </form>
      {found ? <Outcome found={found} /> : <Alert kind="danger">{t('unknown')}</Alert>}
    </>
  );
}
