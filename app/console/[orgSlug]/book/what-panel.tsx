import { Choices, QuickValues } from '#components/booking/choice.tsx';
import { TopologyChoices } from '#components/booking/topology-choices.tsx';
import { modelName, siteName } from '#components/catalog/model-name.ts';
import { Field, type FieldIds } from '#components/form/field.tsx';
import { formatPrice } from '#components/format/money.ts';
import { Input } from '#components/ui/input.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { Select } from '#components/ui/select.tsx';
import { PURCHASES } from '#lib/catalog/types.ts';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import type { BookingState } from './booking-state.ts';

const idsOf = (name: string): FieldIds => ({
  control: `book-${name}`,
  hint: `book-${name}-hint`,
  error: `book-${name}-error`,
});

const QUICK_CARDS = [1, 2, 4, 8, 16, 32, 64, 128, 256];

async function PoolAndWay({ offers, query }: BookingState) {
  const [t, c, locale] = [await getTranslations('booking'), await getTranslations('common'), await requestLocale()];
  const pools = offers.map(({ poolId, model, siteName: site, shape, price }) => ({
    value: poolId,
    label: `${modelName(locale, model.name)} · ${siteName(locale, site)}`,
    hint: t('what.poolCards', { cards: shape.totalCards, perServer: shape.cardsPerServer }),
    aside: `${formatPrice(price.priceE10PerCardHour)}${c('formula.perCardHour')}`,
  }));
  return (
    <>
      <Choices name="pool" label={t('what.pool')} choices={pools} chosen={query.pool} className="sm:grid-cols-2" />
      <div>
        <p className="mb-1 text-sm font-medium" aria-hidden>
          {t('what.way')}
        </p>
        <Segmented
          name="way"
          label={t('what.way')}
          options={PURCHASES.map((value) => ({ value, label: t(`what.ways.${value}`) }))}
          defaultValue={query.way}
        />
        <p className="mt-1 text-xs text-ink-2">{t(`what.wayHint.${query.way}`)}</p>
      </div>
    </>
  );
}

async function CardsField({ query, sku }: BookingState) {
  const t = await getTranslations('booking');
  return (
    <Field ids={idsOf('cards')} label={t('what.cards')} hint={t('what.cardsHint', { maximum: sku.shape.totalCards })}>
      <div className="flex flex-wrap items-center gap-2">
        <Input
          id="book-cards"
          name="cards"
          inputMode="numeric"
          autoComplete="off"
          defaultValue={query.cards}
          aria-describedby="book-cards-hint"
          className="num w-24"
        />
        <QuickValues
          name="cards"
          label={t('what.cardsQuick')}
          chosen={query.cards}
          values={QUICK_CARDS.filter((count) => count <= sku.shape.totalCards).map((count) => ({
            value: `${count}`,
            label: `${count}`,
          }))}
        />
      </div>
    </Field>
  );
}

/** What a gang may ask for besides: segments that lie together, and one supernode for all where there is room. */
async function GangField({ query }: BookingState) {
  const t = await getTranslations('booking');
  return (
    <details open={query.segment !== '' || query.prefer !== ''} className="rounded-md border border-line px-3 py-2">
      <summary className="cursor-pointer text-sm font-medium">{t('what.gang')}</summary>
      <div className="mt-3 grid gap-3">
        <Field ids={idsOf('prefer')} label={t('what.prefer')} hint={t('what.preferHint')} className="max-w-md">
          <Select
            id="book-prefer"
            name="prefer"
            defaultValue={query.prefer}
            aria-describedby="book-prefer-hint"
            options={['', 'supernode' as const].map((value) => ({
              value,
              label: t(value === '' ? 'what.preferNothing' : 'what.preferSupernode'),
            }))}
          />
        </Field>
        <Field ids={idsOf('segment')} label={t('what.segment')} hint={t('what.segmentHint')}>
          <Input
            id="book-segment"
            name="segment"
            inputMode="numeric"
            autoComplete="off"
            defaultValue={query.segment}
            aria-describedby="book-segment-hint"
            className="num w-24"
          />
        </Field>
      </div>
    </details>
  );
}

async function ImageField({ query, sku, images }: BookingState) {
  const t = await getTranslations('booking');
  const options = images.map(({ id, name, archs }) => ({
    value: id as string,
    label: archs.includes(sku.model.arch) ? name : `${name} ${t('what.imageOther')}`,
  }));
  return (
    <Field ids={idsOf('image')} label={t('what.image')} className="max-w-md">
      <Select
        id="book-image"
        name="image"
        defaultValue={query.image}
        options={[{ value: '', label: t('what.imageLater') }, ...options]}
      />
    </Field>
  );
}

async function ProjectField({ query, projects }: BookingState) {
  if (projects.length === 0) return null;
  const t = await getTranslations('booking');
  return (
    <Field ids={idsOf('project')} label={t('what.project')} hint={t('what.projectHint')} className="max-w-md">
      <Select
        id="book-project"
        name="project"
        defaultValue={query.project}
        aria-describedby="book-project-hint"
        options={[
          { value: '', label: t('what.projectNone') },
          ...projects.map(({ id, name }) => ({ value: id as string, label: name })),
        ]}
      />
    </Field>
  );
}

/** What is wished for: model and site, way to buy, cards, closeness, image, project. */
export async function WhatPanel({ state }: { state: BookingState }) {
  const t = await getTranslations('booking');
  return (
    <Panel title={t('what.title')}>
      <div className="grid gap-5">
        <PoolAndWay {...state} />
        <CardsField {...state} />
        <TopologyChoices chosen={state.query.topology} shape={state.sku.shape} />
        <GangField {...state} />
        <ImageField {...state} />
        <ProjectField {...state} />
      </div>
    </Panel>
  );
}
