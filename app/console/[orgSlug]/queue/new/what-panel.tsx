import { Choices, QuickValues } from '#components/booking/choice.tsx';
import { TopologyChoices } from '#components/booking/topology-choices.tsx';
import { modelName, siteName } from '#components/catalog/model-name.ts';
import { formatPrice } from '#components/format/money.ts';
import { Input } from '#components/ui/input.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { AgreedNote } from '#components/agreements/agreed-note.tsx';
import { tierPriceOf } from '#lib/catalog/tiers.ts';
import { QUEUE_TIERS } from '#lib/catalog/types.ts';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import type { JobState } from './job-state.ts';

const QUICK_CARDS = ['1', '8', '16', '32', '64', '128'];
const QUICK_HOURS = ['0.5', '1', '4', '12', '24', '72'];

async function NumberField({
  name,
  label,
  hint,
  value,
  usual,
}: {
  name: 'cards' | 'hours';
  label: string;
  hint: string;
  value: string;
  usual: readonly string[];
}) {
  const id = `job-${name}`;
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-sm font-medium">
        {label}
      </label>
      <div className="flex flex-wrap items-center gap-2">
        <Input
          id={id}
          name={name}
          inputMode={name === 'cards' ? 'numeric' : 'decimal'}
          autoComplete="off"
          defaultValue={value}
          aria-describedby={`${id}-hint`}
          className="num w-24"
        />
        <QuickValues
          name={name}
          label={label}
          chosen={value}
          values={usual.map((text) => ({ value: text, label: text }))}
        />
      </div>
      <p id={`${id}-hint`} className="mt-1 text-xs text-ink-2">
        {hint}
      </p>
    </div>
  );
}

/** What decides the price: model and site, tier, cards and how they lie, time limit. */
export async function WhatPanel({ state: { offers, sku, query } }: { state: JobState }) {
  const [t, b, c] = [await getTranslations('queue'), await getTranslations('booking'), await getTranslations('common')];
  const locale = await requestLocale();
  const perCardHour = c('formula.perCardHour');
  const pools = offers.map(({ id, model, siteName: site, shape }) => ({
    value: id,
    label: `${modelName(locale, model.name)} · ${siteName(locale, site)}`,
    hint: b('what.poolCards', { cards: shape.totalCards, perServer: shape.cardsPerServer }),
  }));
  const tiers = QUEUE_TIERS.flatMap((tier) => {
    const price = tierPriceOf(sku, tier);
    const aside = price && `${formatPrice(price.priceE10PerCardHour)}${perCardHour}`;
    return price ? [{ value: tier, label: t(`tier.${tier}`), hint: t(`tierLead.${tier}`), aside }] : [];
  });
  const chosenPrice = tierPriceOf(sku, query.tier);
  return (
    <Panel title={t('new.form')}>
      <div className="grid gap-5">
        <Choices name="sku" label={t('new.site')} choices={pools} chosen={query.sku} className="sm:grid-cols-2" />
        <div>
          <Choices name="tier" label={t('new.tier')} choices={tiers} chosen={query.tier} className="sm:grid-cols-3" />
          {chosenPrice && <AgreedNote price={chosenPrice} />}
        </div>
        <NumberField
          name="cards"
          label={t('new.cards')}
          hint={b('what.cardsHint', { maximum: sku.shape.totalCards })}
          value={query.cards}
          usual={QUICK_CARDS.filter((text) => Number.parseInt(text, 10) <= sku.shape.totalCards)}
        />
        <TopologyChoices chosen={query.topology} shape={sku.shape} />
        <NumberField
          name="hours"
          label={t('new.hours')}
          hint={t('new.hoursHint')}
          value={query.hours}
          usual={QUICK_HOURS}
        />
      </div>
    </Panel>
  );
}
