import { Download } from 'lucide-react';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { staffPage } from '#app/_edge/access.ts';
import { CreditNoteButtons } from '#app/finance/approvals/credit-note-buttons.tsx';
import { CreditNoteBadge } from '#components/finance/credit-note-badge.tsx';
import { CreditNoteLines } from '#components/finance/credit-note-lines.tsx';
import { formatInstant } from '#components/format/instant.ts';
import { Money } from '#components/format/money-text.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { findCreditNote } from '#lib/billing/credit-notes/reading.ts';
import { findInvoice } from '#lib/billing/invoices.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { NoteFacts } from './note-facts.tsx';

type Props = { params: Promise<{ noteId: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('corrections'))('credit.title') };
}

export default async function CreditNotePage({ params }: Props) {
  const ctx = await staffPage('invoice:read');
  const detail = await findCreditNote(ctx, (await params).noteId);
  const invoice = detail && (await findInvoice(ctx, detail.note.invoiceId));
  if (!detail || !invoice) notFound();
  const { note } = detail;
  const t = await getTranslations('corrections');
  return (
    <>
      <PageHeader
        title={t('credit.titleOf', { number: note.issue?.number ?? t('credit.noNumber') })}
        badge={<CreditNoteBadge state={note.state} />}
        description={
          <>
            {note.organisationName} · {t('credit.invoice')}{' '}
            <TextLink href={`/finance/invoices/${note.invoiceId}`}>{note.invoiceNumber}</TextLink> ·{' '}
            {t('credit.byAt', { name: note.proposedByName, at: formatInstant(note.proposedAt) })}
          </>
        }
        breadcrumbs={
          <Breadcrumbs
            label={t('credit.title')}
            crumbs={[{ label: t('credit.title'), href: '/finance/credit-notes' }]}
          />
        }
        actions={
          note.issue === null ? (
            <CreditNoteButtons ctx={ctx} note={note} />
          ) : (
            <a href={`/finance/credit-notes/${note.id}/pdf`} download className={buttonClass({ variant: 'primary' })}>
              <Download aria-hidden />
              {t('credit.pdf')}
            </a>
          )
        }
      />
      <StatRow className="mb-6 max-sm:grid-cols-1">
        <Stat label={t('credit.gross')} value={<Money fen={note.grossFen} />} />
        <Stat label={t('credit.net')} value={<Money fen={note.netFen} />} />
        <Stat label={t('credit.tax')} value={<Money fen={note.taxFen} />} />
      </StatRow>
      <Panel title={t('credit.linesTitle')} isFlush className="mb-6">
        <CreditNoteLines note={note} invoice={invoice.snapshot} />
      </Panel>
      <NoteFacts detail={detail} />
    </>
  );
}
