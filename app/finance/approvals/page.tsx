import type { Metadata } from 'next';
import { staffPage } from '#app/_edge/access.ts';
import { CreditNotesTable } from '#components/finance/credit-notes-table.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { listCreditNotes } from '#lib/billing/credit-notes/reading.ts';
import { listWaitingWaivers } from '#lib/billing/gaps/waivers.ts';
import { listAskedReopenings } from '#lib/billing/reopening/service.ts';
import { listAgreements } from '#lib/catalog/agreements.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { listReversals } from '#lib/ledger/reversals.ts';
import { AgreementsTable } from '../agreements/agreements-table.tsx';
import { CreditNoteButtons } from './credit-note-buttons.tsx';
import { WaitingReopenings } from './waiting-reopenings.tsx';
import { WaitingReversals } from './waiting-reversals.tsx';
import { WaitingWaivers } from './waiting-waivers.tsx';

const SHOWN = 100;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('corrections'))('approvals.title') };
}

export default async function ApprovalsPage() {
  const ctx = await staffPage('period:read');
  const [t, a, g] = [
    await getTranslations('corrections'),
    await getTranslations('agreements'),
    await getTranslations('gaps'),
  ];
  const waiting = (await listAgreements(ctx)).filter(({ agreement }) => agreement.state === 'proposed');
  const notes = await listCreditNotes(ctx, { isWaiting: true }, { skip: 0, take: SHOWN });
  return (
    <>
      <PageHeader title={t('approvals.title')} description={t('approvals.lead')} />
      <div className="grid gap-6">
        <Panel title={t('credit.waitingTitle')} isFlush>
          <CreditNotesTable
            label={t('credit.waitingTitle')}
            rows={notes.rows}
            actions={(note) => <CreditNoteButtons ctx={ctx} note={note} />}
            empty={<EmptyState title={t('approvals.creditEmpty')} text={t('approvals.emptyText')} />}
          />
        </Panel>
        <Panel title={t('reversal.waitingTitle')} description={t('reversal.lead')} isFlush>
          <WaitingReversals ctx={ctx} rows={await listReversals(ctx, { isWaiting: true })} />
        </Panel>
        <Panel title={a('waiting')} isFlush>
          <AgreementsTable
            ctx={ctx}
            rows={waiting}
            empty={{ title: a('waitingEmpty'), text: t('approvals.emptyText') }}
          />
        </Panel>
        <Panel title={g('waitingTitle')} description={g('waitingLead')} isFlush>
          <WaitingWaivers ctx={ctx} rows={await listWaitingWaivers(ctx)} />
        </Panel>
        <Panel title={t('reopening.waitingTitle')} description={t('reopening.better')} isFlush>
          <WaitingReopenings ctx={ctx} rows={await listAskedReopenings(ctx)} />
        </Panel>
      </div>
    </>
  );
}
