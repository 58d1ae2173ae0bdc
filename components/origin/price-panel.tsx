import type { ChargeRecord, PublishedPrice } from '#lib/billing/explain/types.ts';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { formatInstant } from '../format/instant.ts';
import { Price } from '../format/money-text.tsx';
import { DefinitionList } from '../ui/definition-list.tsx';
import { Panel } from '../ui/panel.tsx';
import { formatUnitsExact } from '../format/money.ts';
import { formatCount } from '../format/digits.ts';
import { figureText } from './figure-text.ts';

/** The price version behind the charges: its figures, and since when and where it is published. */
export async function PricePanel({ price, term }: { price: PublishedPrice; term: ChargeRecord['term'] }) {
  const t = await getTranslations('origin');
  const locale = await requestLocale();
  const bands = price.bands.map(({ fromHour, toHour, factorBps }) =>
    t('price.band', { from: `${fromHour}`, to: `${toHour}`, share: figureText(locale, 'bps', BigInt(factorBps)) }),
  );
  return (
    <Panel title={t('price.title')}>
      <DefinitionList
        items={[
          { term: t('price.version'), value: <code className="text-xs wrap-anywhere">{price.id}</code> },
          { term: t('price.price'), value: <Price e10={price.priceE10PerCardHour} /> },
          { term: t('price.since'), value: t('price.sinceText', { at: formatInstant(price.validFrom) }) },
          ...(term === null
            ? [
                {
                  term: t('price.bands'),
                  value:
                    bands.length === 0
                      ? t('price.noBands')
                      : bands.map((text) => (
                          <span key={text} className="block">
                            {text}
                          </span>
                        )),
                },
              ]
            : [
                {
                  term: t('price.term'),
                  value: t('price.termText', {
                    price: formatUnitsExact(term.priceUnits),
                    seconds: formatCount(term.seconds),
                  }),
                },
              ]),
        ]}
      />
    </Panel>
  );
}
