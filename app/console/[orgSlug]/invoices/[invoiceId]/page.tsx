import { Download } from 'lucide-react';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { memberPage } from '#app/_edge/access.ts';
import { withQuery } from '#app/_edge/paging.ts';
import { InvoiceLines } from '#components/billing/invoice-lines.tsx';
import { InvoiceParties, InvoiceProof, InvoiceSums } from '#components/billing/invoice-panels.tsx';
import { MonthFiles } from '#components/billing/month-files.tsx';
import { formatInstant } from '#components/format/instant.ts';
import { Money } from '#components/format/money-text.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { consolePaths } from '#components/origin/origin-paths.ts';
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
import { listOwed } from '#lib/billing/receivables/paying.ts';
import { PaymentState, PayOwed } from './payment-state.tsx';
import { InvoiceCreditNotes } from './credit-notes.tsx';

type Props = { params: Promise<{ orgSlug: string; invoiceId: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('invoices'))('title') };
}

export default async function InvoicePage({ params }: Props) {
  const { orgSlug, invoiceId } = await params;
  const ctx = await memberPage(orgSlug, 'invoice:read');
  const detail = await findInvoice(ctx, invoiceId);
  if (detail === null) notFound();
  const [t, a] = [await getTranslations('invoices'), await getTranslations('credit')];
  const { invoice, snapshot } = detail;
  const owed = await listOwed(ctx);
  const item = owed.find(({ invoice: { id } }) => id === invoice.id) ?? null;
  const base = `/console/${orgSlug}`;
  const { month } = invoice;
  return (
    <>
      <PageHeader
        breadcrumbs={<Breadcrumbs label={t('title')} crumbs={[{ label: t('title'), href: `${base}/invoices` }]} />}
        title={<span className="num">{invoice.number}</span>}
        badge={<PaymentState snapshot={snapshot} item={item} />}
        description={`${t('month')} ${month} · ${t('issuedAt')} ${formatInstant(invoice.issuedAt)}`}
        actions={
          <>
            {item !== null && <PayOwed ctx={ctx} orgSlug={orgSlug} item={item} items={owed} />}
            <a href={withQuery(`${base}/usage/csv`, { month })} download className={buttonClass()}>
              <Download aria-hidden />
              {t('csv')}
            </a>
            <a href={`${base}/invoices/${invoice.id}/pdf`} download className={buttonClass({ variant: 'primary' })}>
              <Download aria-hidden />
              {t('pdf')}
            </a>
          </>
        }
      />
      <div className="grid gap-6">
        <StatRow>
          <Stat label={t('gross')} value={<Money fen={invoice.grossFen} />} />
          <Stat label={t('net')} value={<Money fen={invoice.netFen} />} />
          <Stat label={t('tax')} value={<Money fen={invoice.taxFen} />} />
          <Stat
            label={t('detail.residue')}
            value={<Money units={invoice.residueUnits} isExact />}
            note={snapshot.account ? a('invoice.residueNote') : t('detail.residueNote')}
          />
        </StatRow>
        <Panel
          title={t('detail.lines')}
          actions={
            <TextLink href={withQuery(`${base}/usage`, { month })} className="text-sm">
              {t('toUsage')}
            </TextLink>
          }
          isFlush
        >
          <InvoiceLines snapshot={snapshot} originOf={(line) => consolePaths(base).line(invoice.id, line)} />
        </Panel>
        <InvoiceCreditNotes ctx={ctx} invoice={invoice} base={base} />
        <div className="grid gap-6 lg:grid-cols-2">
          <InvoiceSums invoice={invoice} />
          <InvoiceParties snapshot={snapshot} />
        </div>
        <MonthFiles
          kinds={EXPORT_KINDS}
          kept={await listKeptFiles(ctx, { month })}
          isClosed={await isMonthSealed(ctx, month)}
          hrefOf={(kind) => `${base}/exports/${month}/${kind}`}
        />
        <InvoiceProof detail={detail} />
      </div>
    </>
  );
}
