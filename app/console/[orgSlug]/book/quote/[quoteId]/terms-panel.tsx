import { GangText } from '../../../gang-text.tsx';
import { modelName, siteName } from '#components/catalog/model-name.ts';
import { durationParts } from '#components/format/duration.ts';
import { InstantText } from '#components/format/instant-text.tsx';
import { Cards } from '#components/format/quantity-text.tsx';
import { type Definition, DefinitionList } from '#components/ui/definition-list.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { findTerm } from '#lib/catalog/price.ts';
import type { QuoteView } from '#lib/catalog/service.ts';
import { plusSeconds } from '#lib/core/instant.ts';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import type { ProjectView } from '#lib/reservations/project-types.ts';

/** A span in words: 3小时20分, 3 h 20 min. */
async function durationText(seconds: number): Promise<string> {
  const [c, locale] = [await getTranslations('common'), await requestLocale()];
  const parts = durationParts(seconds).map(({ unit, count }) => c(`duration.${unit}`, { count }));
  return parts.join(locale === 'en' ? ' ' : '');
}

/** How long a quote's reservation lasts, in seconds; null for an open end. */
function quotedSeconds(quote: Pick<QuoteView, 'price' | 'term' | 'durationSeconds'>): number | null {
  return quote.term === null ? quote.durationSeconds : (findTerm(quote.price, quote.term)?.termSeconds ?? null);
}

async function EndText({ quote }: { quote: QuoteView }) {
  const t = await getTranslations('booking');
  const seconds = quotedSeconds(quote);
  if (seconds === null) return <>{t('quote.endOpen')}</>;
  if (quote.startAt !== null) return <InstantText at={plusSeconds(quote.startAt, seconds)} />;
  return <>{t('quote.endAfter', { length: await durationText(seconds) })}</>;
}

/** What a quote is for. */
export async function TermsPanel({ quote, project }: { quote: QuoteView; project: ProjectView | null }) {
  const [t, locale] = [await getTranslations('booking'), await requestLocale()];
  const { sku, cards, topology, gang, image, startAt, term } = quote;
  const items: Definition[] = [
    {
      term: t('quote.model'),
      value: `${modelName(locale, sku.model.name)} · ${siteName(locale, sku.siteName)}`,
    },
    { term: t('quote.way'), value: t(`what.ways.${term === null ? 'by-hour' : 'by-card'}`) },
    { term: t('quote.cards'), value: <Cards count={cards} /> },
    { term: t('quote.topology'), value: t(`what.topologies.${topology}`) },
    ...(gang ? [{ term: t('quote.gang'), value: <GangText cards={cards} gang={gang} /> }] : []),
    { term: t('quote.image'), value: image?.name ?? t('what.imageLater') },
    { term: t('what.project'), value: project?.name ?? t('what.projectNone') },
    { term: t('quote.start'), value: startAt === null ? t('quote.startNow') : <InstantText at={startAt} /> },
    { term: t('quote.end'), value: <EndText quote={quote} /> },
  ];
  return (
    <Panel title={t('quote.terms')}>
      <DefinitionList items={items} />
    </Panel>
  );
}
