import { Download } from 'lucide-react';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { staffPage } from '#app/_edge/access.ts';
import { InvoiceLines } from '#components/billing/invoice-lines.tsx';
import { InvoiceParties, InvoiceSums } from '#components/billing/invoice-panels.tsx';
import { MonthFiles } from '#components/billing/month-files.tsx';
import { withQuery } from '#app/_edge/paging.ts';
import { InstantText } from '#components/format/instant-text.tsx';
import { Money } from '#components/format/money-text.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { FINANCE_PATHS } from '#components/origin/origin-paths.ts';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { EXPORT_KINDS } from '#lib/billing/export-kinds.ts';
import { listKeptFiles } from '#lib/billing/exports.ts';
import { findInvoice } from '#lib/billing/invoices.ts';
import { isMonthSealed } from '#lib/billing/reopening/service.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { CreditNotesPanel } from './credit-notes-panel.tsx';
import { InvoiceProof } from './invoice-proof.tsx';

type Props = { params: Promise<{ invoiceId: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('finance'))('invoice.title') };
}

export default async function InvoicePage({ params }: Props) {
  const ctx = await staffPage('invoice:read');
  const detail = await findInvoice(ctx, (await params).invoiceId);
  if (!detail) notFound();
  const { invoice, snapshot } = detail;
  const { month, organisationId } = invoice;
  const t = await getTranslations('finance');
  return (
    <>
      <PageHeader
        title={<span className="num">{invoice.number}</span>}
        description={
          <>
            {invoice.organisationName} · {t('invoice.month')}{' '}
            <TextLink href={`/finance/periods/${invoice.month}`}>{invoice.month}</TextLink> · {t('invoice.issuedAt')}{' '}
            <InstantText at={invoice.issuedAt} />
          </>
        }
        breadcrumbs={
          <Breadcrumbs label={t('invoice.title')} crumbs={[{ label: t('invoice.title'), href: '/finance/invoices' }]} />
        }
        actions={
          <a href={`/finance/invoices/${invoice.id}/pdf`} download className={buttonClass({ variant: 'primary' })}>
            <Download aria-hidden />
            {t('invoice.pdf')}
          </a>
        }
      />
      <StatRow className="mb-6 max-sm:grid-cols-1">
        <Stat label={t('invoice.gross')} value={<Money fen={invoice.grossFen} />} />
        <Stat label={t('invoice.net')} value={<Money fen={invoice.netFen} />} />
        <Stat label={t('invoice.tax')} value={<Money fen={invoice.taxFen} />} />
      </StatRow>
      <Panel title={t('invoice.linesTitle')} isFlush className="mb-6">
        <InvoiceLines snapshot={snapshot} originOf={(line) => FINANCE_PATHS.line(invoice.id, line)} />
      </Panel>
      <CreditNotesPanel ctx={ctx} invoice={invoice} />
      <div className="mb-6 grid items-start gap-6 lg:grid-cols-2">
        <InvoiceSums invoice={invoice} />
        <InvoiceParties snapshot={snapshot} />
      </div>
      <MonthFiles
        kinds={EXPORT_KINDS}
        kept={await listKeptFiles(ctx, { month, organisationId })}
        isClosed={await isMonthSealed(ctx, month)}
        hrefOf={(kind) => withQuery(`/finance/periods/${month}/exports/${kind}`, { organisation: organisationId })}
        className="mb-6"
      />
      <InvoiceProof detail={detail} />
    </>
  );
}
