import { getRefundTerms } from '#lib/billing/preview-refund.ts';
import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { memberPage } from '#app/_edge/access.ts';
import { type Query, queryText } from '#app/_edge/paging.ts';
import { bookingHref, queryOf } from '#components/booking/booking-query.ts';
import { quoteCommand, reserveCommand } from '#components/booking/curl.ts';
import { modelName } from '#components/catalog/model-name.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { getTerms } from '#lib/arrears/service.ts';
import { findQuoteView, type QuoteView } from '#lib/catalog/service.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { getOwnLine } from '#lib/billing/receivables/lines.ts';
import { getSpendingWallet } from '#lib/billing/spending.ts';
import { environment } from '#lib/platform/environment.ts';
import type { ProjectView } from '#lib/reservations/project-types.ts';
import { listProjects } from '#lib/reservations/projects.ts';
import { vouchersFor } from '../../booking-state.ts';
import { ConfirmPanel, defaultName } from './confirm-panel.tsx';
import { PricePanel } from './price-panel.tsx';
import { RulesPanel } from './rules-panel.tsx';
import { TermsPanel } from './terms-panel.tsx';

type Props = { params: Promise<{ orgSlug: string; quoteId: string }>; searchParams: Promise<Query> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('booking'))('quote.title') };
}

async function summaryOf(quote: QuoteView): Promise<string> {
  const [t, locale] = [await getTranslations('booking'), await requestLocale()];
  const { term, durationSeconds, cards, sku } = quote;
  const c = await getTranslations('common');
  const fixed = durationSeconds === null ? null : Math.ceil(durationSeconds / 3_600);
  const ofTerm = term === null ? null : t(`when.terms.${term}`).toLocaleLowerCase();
  const ofHours = fixed === null ? t('quote.lengthOpen') : c('duration.hours', { count: fixed });
  return t('quote.summary', {
    cards,
    model: modelName(locale, sku.model.name),
    way: t(`what.ways.${term === null ? 'by-hour' : 'by-card'}`).toLocaleLowerCase(),
    length: ofTerm ?? ofHours,
  });
}

/** The same in two commands, for programs. */
async function ProgramPanel({ quote, project }: { quote: QuoteView; project: ProjectView | null }) {
  const t = await getTranslations('booking');
  const origin = environment().publicUrl;
  const name = await defaultName(quote);
  return (
    <Panel title={t('quote.program')} description={t('quote.programLead')}>
      <div className="grid min-w-0 gap-3">
        <CodeBlock label={t('quote.programQuote')} text={quoteCommand(origin, quote)} />
        <CodeBlock
          label={t('quote.programReserve')}
          text={reserveCommand(
            origin,
            { quoteId: quote.id, name, projectId: project?.id ?? null },
            quote.id.replace('quo_', 'book-'),
          )}
        />
      </div>
    </Panel>
  );
}

export default async function QuotePage({ params, searchParams }: Props) {
  const { orgSlug, quoteId } = await params;
  const ctx = await memberPage(orgSlug, 'quote:create');
  const t = await getTranslations('booking');
  const quote = await findQuoteView(ctx, quoteId);
  if (!quote) notFound();
  const chosen = queryText(await searchParams, 'project');
  const project = (await listProjects(ctx)).find(({ id, isClosed }) => id === chosen && !isClosed) ?? null;
  const change = bookingHref(orgSlug, queryOf(quote, quote.poolId, project?.id));
  return (
    <ClientMessages namespaces={['booking']}>
      <PageHeader
        breadcrumbs={<Breadcrumbs label={t('quote.crumbs')} crumbs={[{ label: t('title'), href: change }]} />}
        title={t('quote.title')}
        description={await summaryOf(quote)}
        actions={
          <>
            <LiveRefresh topics={['clock', 'clock-stepped']} at={ctx.now} />
            <Link href={change} className={buttonClass()}>
              {t('quote.change')}
            </Link>
          </>
        }
      />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem] xl:grid-cols-[minmax(0,1fr)_23rem]">
        <div className="grid min-w-0 gap-6">
          <TermsPanel quote={quote} project={project} />
          <PricePanel quote={quote} />
        </div>
        <ConfirmPanel
          orgSlug={orgSlug}
          quote={quote}
          project={project}
          wallet={await getSpendingWallet(ctx)}
          line={await getOwnLine(ctx)}
          vouchersUnits={await vouchersFor(ctx, quote)}
          now={ctx.now}
          className="lg:sticky lg:top-20 lg:row-span-2"
        />
        <div className="grid min-w-0 gap-6">
          <RulesPanel quote={quote} terms={await getTerms(ctx)} refunds={await getRefundTerms(ctx)} />
          <ProgramPanel quote={quote} project={project} />
        </div>
      </div>
    </ClientMessages>
  );
}
