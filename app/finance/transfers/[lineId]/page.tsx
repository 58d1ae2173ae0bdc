import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { staffPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { InstantText } from '#components/format/instant-text.tsx';
import { Money } from '#components/format/money-text.tsx';
import { formatInstant } from '#components/format/instant.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { BankLineBadge } from '#components/payments/bank-line-badge.tsx';
import { ReturnDialog } from '#components/payments/return-dialog.tsx';
import { Alert } from '#components/ui/alert.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { DefinitionList } from '#components/ui/definition-list.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { findBankLine } from '#lib/payments/bank-lines.ts';
import type { BankLineDetail, BankLineOutcome } from '#lib/payments/types.ts';
import { returnAction } from '../actions.ts';
import { CandidatePanels } from './candidate-panels.tsx';

type Props = { params: Promise<{ lineId: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('receipts'))('line.facts') };
}

async function FactsPanel({ detail }: { detail: BankLineDetail }) {
  const t = await getTranslations('receipts');
  const { line, recordedByName, recordedAt } = detail;
  const journals = `/finance/ledger/search?${new URLSearchParams({ q: line.id })}`;
  return (
    <Panel title={t('line.facts')}>
      <DefinitionList
        items={[
          { term: t('list.amount'), value: <Money fen={line.amountFen} /> },
          { term: t('list.payer'), value: line.payerName },
          { term: t('list.remark'), value: line.remark === '' ? t('list.noRemark') : line.remark },
          { term: t('list.received'), value: <InstantText at={line.receivedAt} /> },
          { term: t('list.reference'), value: <code className="wrap-anywhere">{line.bankReference}</code> },
          {
            term: t('line.recordedBy'),
            value: t('line.byAt', { name: recordedByName, at: formatInstant(recordedAt) }),
          },
          { term: t('line.journals'), value: <TextLink href={journals}>{t('line.journalsLink')}</TextLink> },
        ]}
      />
    </Panel>
  );
}

async function OutcomePanel({ outcome }: { outcome: BankLineOutcome }) {
  const t = await getTranslations('receipts');
  const by = t('line.byAt', { name: outcome.byName, at: formatInstant(outcome.at) });
  const items =
    outcome.kind === 'matched'
      ? [
          { term: t('line.matchedTo'), value: outcome.organisationName },
          { term: t('line.announcedFen'), value: <Money fen={outcome.payment.amountFen} /> },
          { term: t('match.code'), value: <code>{outcome.payment.remittanceCode}</code> },
          { term: t('line.matchedBy'), value: by },
        ]
      : [
          { term: t('line.returnReason'), value: outcome.reason },
          { term: t('line.returnedBy'), value: by },
        ];
  return (
    <Panel title={t('line.outcomeTitle')}>
      <DefinitionList items={items} />
    </Panel>
  );
}

export default async function BankLinePage({ params }: Props) {
  const ctx = await staffPage('bankLine:read');
  const detail = await findBankLine(ctx, (await params).lineId);
  if (!detail) notFound();
  const { line, outcome } = detail;
  const t = await getTranslations('receipts');
  const canMatch = isPermitted(ctx.actor, 'bankLine:match') && line.state === 'unmatched';
  return (
    <ClientMessages namespaces={['receipts']}>
      <PageHeader
        title={t('line.title', { reference: line.bankReference })}
        badge={<BankLineBadge state={line.state} />}
        breadcrumbs={
          <Breadcrumbs label={t('list.title')} crumbs={[{ label: t('list.title'), href: '/finance/transfers' }]} />
        }
        actions={canMatch && <ReturnDialog line={line} action={returnAction} initial={freshForm()} />}
      />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.6fr)]">
        <FactsPanel detail={detail} />
        <div className="grid gap-6">
          {outcome && <OutcomePanel outcome={outcome} />}
          {line.state === 'unmatched' && !canMatch && <Alert>{t('line.readOnly')}</Alert>}
          {line.state === 'unmatched' && <CandidatePanels detail={detail} canMatch={canMatch} />}
        </div>
      </div>
    </ClientMessages>
  );
}
