import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { staffPage } from '#app/_edge/access.ts';
import { lineNumber, partOf } from '#app/_edge/origin.ts';
import type { Query } from '#app/_edge/paging.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LineOrigin } from '#components/origin/line-origin.tsx';
import { FINANCE_PATHS } from '#components/origin/origin-paths.ts';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { daysOf, explainInvoiceLine, isWhole, listLinePart } from '#lib/billing/explain/lines.ts';
import { getTranslations } from '#lib/i18n/server.ts';

type Props = { params: Promise<{ invoiceId: string; line: string }>; searchParams: Promise<Query> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('origin'))('steps') };
}

export default async function LinePage({ params, searchParams }: Props) {
  const ctx = await staffPage('invoice:read');
  const { invoiceId, line: lineText } = await params;
  const wish = { invoiceId, line: lineNumber(lineText) };
  const explanation = await explainInvoiceLine(ctx, wish);
  if (explanation === null) notFound();
  const { page, slice, part } = partOf(await searchParams);
  const rows = isWhole(part) ? daysOf(explanation.days, slice) : await listLinePart(ctx, { ...wish, ...part }, slice);
  const [t, f] = [await getTranslations('origin'), await getTranslations('finance')];
  const { number } = explanation.invoice;
  return (
    <>
      <PageHeader
        breadcrumbs={
          <Breadcrumbs
            label={f('invoice.title')}
            crumbs={[
              { label: f('invoice.title'), href: '/finance/invoices' },
              { label: number, href: FINANCE_PATHS.invoice(invoiceId) },
            ]}
          />
        }
        title={t('line.title', { number, line: `${wish.line}` })}
        description={explanation.invoice.organisationName}
      />
      <LineOrigin explanation={explanation} rows={rows} paths={FINANCE_PATHS} page={page} />
    </>
  );
}
