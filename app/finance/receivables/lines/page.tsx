import type { Metadata } from 'next';
import { staffPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { LineDialog } from '#components/finance/line-dialog.tsx';
import { LinesTable } from '#components/finance/lines-table.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { listLines, listProposedLines } from '#lib/billing/receivables/lines.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { proposeLineAction } from './actions.ts';
import { WaitingLines } from './waiting-lines.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('credit'))('finance.title') };
}

export default async function LinesPage() {
  const ctx = await staffPage('ledger:read');
  const [t, r] = [await getTranslations('credit'), await getTranslations('receivables')];
  return (
    <ClientMessages namespaces={['credit']}>
      <PageHeader
        title={t('finance.title')}
        description={t('finance.lead')}
        breadcrumbs={<Breadcrumbs label={r('title')} crumbs={[{ label: r('title'), href: '/finance/receivables' }]} />}
        actions={
          isPermitted(ctx.actor, 'creditLine:propose') && (
            <LineDialog action={proposeLineAction} initial={freshForm()} />
          )
        }
      />
      <div className="grid gap-6">
        <Panel title={t('finance.title')} isFlush>
          <LinesTable rows={await listLines(ctx)} />
        </Panel>
        <Panel title={t('finance.waiting')} isFlush>
          <WaitingLines ctx={ctx} rows={await listProposedLines(ctx)} />
        </Panel>
      </div>
    </ClientMessages>
  );
}
