import { Download } from 'lucide-react';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { staffPage } from '#app/_edge/access.ts';
import { InstantText } from '#components/format/instant-text.tsx';
import { Money } from '#components/format/money-text.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { DefinitionList } from '#components/ui/definition-list.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { findInvoice } from '#lib/billing/invoices.ts';
import type { InvoiceDetail } from '#lib/billing/types.ts';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { InvoiceProof } from './invoice-proof.tsx';
import { InvoiceLines } from './invoice-lines.tsx';

type Props = { params: Promise<{ invoiceId: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('finance'))('invoice.title') };
}

async function Parties({ snapshot }: { snapshot: InvoiceDetail['snapshot'] }) {
  const t = await getTranslations('finance');
  const { seller, buyer } = snapshot;
  const isChinese = (await requestLocale()) === 'zh-CN';
  return (
    <Panel title={t('invoice.partiesTitle')}>
      <DefinitionList
        items={[
          { term: t('invoice.buyer'), value: buyer.name },
          { term: t('invoice.seller'), value: isChinese ? seller.nameZh : seller.nameEn },
          { term: t('invoice.taxId'), value: seller.taxId },
          { term: t('invoice.address'), value: seller.address },
        ]}
      />
    </Panel>
  );
}

export default async function InvoicePage({ params }: Props) {
  const ctx = await staffPage('invoice:read');
  const detail = await findInvoice(ctx, (await params).invoiceId);
  if (!detail) notFound();
  const { invoice, snapshot } = detail;
  const t = await getTranslations('finance');
  return (
    <>
      <PageHeader
        title={<span className="num">{invoice.number}</span>}
        description={invoice.organisationName}
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
      <StatRow className="mb-6">
        <Stat label={t('invoice.gross')} value={<Money fen={invoice.grossFen} />} />
        <Stat label={t('invoice.net')} value={<Money fen={invoice.netFen} />} />
        <Stat label={t('invoice.tax')} value={<Money fen={invoice.taxFen} />} />
        <Stat
          label={t('invoice.residue')}
          value={<Money units={invoice.residueUnits} isExact />}
          note={t('invoice.residueNote')}
        />
        <Stat
          label={t('invoice.month')}
          value={<TextLink href={`/finance/periods/${invoice.month}`}>{invoice.month}</TextLink>}
          note={<InstantText at={invoice.issuedAt} />}
        />
      </StatRow>
      <Panel title={t('invoice.linesTitle')} isFlush className="mb-6">
        <InvoiceLines snapshot={snapshot} />
      </Panel>
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <Parties snapshot={snapshot} />
        <InvoiceProof detail={detail} />
      </div>
    </>
  );
}
