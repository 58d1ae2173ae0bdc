import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { memberPage } from '#app/_edge/access.ts';
import { lineNumber, partOf } from '#app/_edge/origin.ts';
import type { Query } from '#app/_edge/paging.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LineOrigin } from '#components/origin/line-origin.tsx';
import { consolePaths } from '#components/origin/origin-paths.ts';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { daysOf, explainInvoiceLine, isWhole, listLinePart } from '#lib/billing/explain/lines.ts';
import { getTranslations } from '#lib/i18n/server.ts';

type Props = {
  params: Promise<{ orgSlug: string; invoiceId: string; line: string }>;
  searchParams: Promise<Query>;
};

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('origin'))('steps') };
}

export default async function LinePage({ params, searchParams }: Props) {
  const { orgSlug, invoiceId, line: lineText } = await params;
  const ctx = await memberPage(orgSlug, 'invoice:read');
  const wish = { invoiceId, line: lineNumber(lineText) };
  const explanation = await explainInvoiceLine(ctx, wish);
  if (explanation === null) notFound();
  const { page, slice, part } = partOf(await searchParams);
  const rows = isWhole(part) ? daysOf(explanation.days, slice) : await listLinePart(ctx, { ...wish, ...part }, slice);
  const [t, i] = [await getTranslations('origin'), await getTranslations('invoices')];
  const paths = consolePaths(`/console/${orgSlug}`);
  const { number } = explanation.invoice;
  return (
    <>
      <PageHeader
        breadcrumbs={
          <Breadcrumbs
            label={i('title')}
            crumbs={[
              { label: i('title'), href: `/console/${orgSlug}/invoices` },
              { label: number, href: paths.invoice(invoiceId) },
            ]}
          />
        }
        title={t('line.title', { number, line: `${wish.line}` })}
        description={t('line.lead')}
      />
      <LineOrigin explanation={explanation} rows={rows} paths={paths} page={page} />
    </>
  );
}
