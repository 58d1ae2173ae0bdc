import { GangText } from '../../gang-text.tsx';
import { AgreedNote } from '#components/agreements/agreed-note.tsx';
import { InstantText } from '#components/format/instant-text.tsx';
import { formatPrice, formatUnits } from '#components/format/money.ts';
import { Cards } from '#components/format/quantity-text.tsx';
import { type Definition, DefinitionList } from '#components/ui/definition-list.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { listImages } from '#lib/catalog/service.ts';
import type { PriceVersion } from '#lib/catalog/types.ts';
import type { Ctx } from '#lib/core/context.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { listProjects } from '#lib/reservations/projects.ts';
import type { ReservationView } from '#lib/reservations/view-types.ts';
import { RuleText } from './auto-extend/rule-text.tsx';

/** The price in words: a card-hour with its bands, or what one card's term costs. */
async function PriceTerms({ term, price }: { term: ReservationView['term']; price: PriceVersion }) {
  const t = await getTranslations('reservations');
  if (term) return t('terms.perCard', { amount: formatUnits(term.priceUnits) });
  return (
    <>
      {t('terms.perCardHour', { price: formatPrice(price.priceE10PerCardHour) })}
      {price.bands.map(({ fromHour, toHour, factorBps }) => (
        <span key={fromHour} className="block text-xs text-ink-3">
          {t('terms.band', { from: fromHour, to: toHour, percent: factorBps / 100 })}
        </span>
      ))}
    </>
  );
}

/** What was agreed. */
export async function TermsPanel({
  ctx,
  reservation,
  price,
  what,
}: {
  ctx: Ctx;
  reservation: ReservationView;
  price: PriceVersion;
  what: string;
}) {
  const t = await getTranslations('reservations');
  const changes = await getTranslations('changes');
  const { id, cards, purchase, topology, gang, interval, term, imageId, createdAt } = reservation;
  const image = (await listImages(ctx)).find((each) => each.id === imageId);
  const projects = reservation.projectId === null ? [] : await listProjects(ctx);
  const project = projects.find((each) => each.id === reservation.projectId);
  const items: Definition[] = [
    {
      term: t('terms.what'),
      value: (
        <>
          <Cards count={cards} /> · {what}
        </>
      ),
    },
    { term: t('terms.purchase'), value: t(`purchase.${purchase}`) },
    ...(term ? [{ term: t('terms.term'), value: t(`term.${term.kind}`) }] : []),
    {
      term: t('terms.price'),
      value: (
        <>
          <PriceTerms term={term} price={price} />
          <AgreedNote price={price} />
        </>
      ),
    },
    { term: t('terms.topology'), value: t(`topology.${topology}`) },
    ...(gang ? [{ term: t('terms.gang'), value: <GangText cards={cards} gang={gang} /> }] : []),
    { term: t('terms.start'), value: <InstantText at={interval.startAt} /> },
    {
      term: t('terms.end'),
      value: interval.endAt === null ? t('openEnd') : <InstantText at={interval.endAt} />,
    },
    ...(reservation.autoExtend
      ? [{ term: changes('autoExtend.action'), value: <RuleText autoExtend={reservation.autoExtend} /> }]
      : []),
    ...(project ? [{ term: t('terms.project'), value: project.name }] : []),
    { term: t('terms.image'), value: image?.name ?? imageId ?? t('terms.noImage') },
    { term: t('terms.created'), value: <InstantText at={createdAt} /> },
    { term: t('terms.id'), value: <code className="text-xs break-all">{id}</code> },
  ];
  return (
    <Panel title={t('terms.title')} description={t('terms.times')}>
      <DefinitionList items={items} />
    </Panel>
  );
}
