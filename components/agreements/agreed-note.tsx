import { atPrice, listPriceOf } from '#lib/catalog/agreed.ts';
import type { PriceVersion } from '#lib/catalog/types.ts';
import { type Units, units } from '#lib/core/money.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { formatPrice, formatUnits } from '../format/money.ts';

/** An agreed price beside the list's, and what a total saves by it. Nothing for a price of the list. */
export async function AgreedNote({
  price,
  totalUnits,
}: {
  price: Pick<PriceVersion, 'priceE10PerCardHour' | 'agreed'>;
  totalUnits?: Units;
}) {
  const { agreed, priceE10PerCardHour } = price;
  if (!agreed) return null;
  const t = await getTranslations('agreements');
  const list = listPriceOf(price);
  const byList = totalUnits === undefined ? null : atPrice(totalUnits, priceE10PerCardHour, list);
  return (
    <p className="mt-1 text-xs text-ink-2">
      {t('note', {
        price: formatPrice(priceE10PerCardHour),
        list: formatPrice(list),
        contract: agreed.contractNumber,
      })}
      {byList !== null && totalUnits !== undefined && (
        <span className="num block">
          {t('saved', { list: formatUnits(byList), saved: formatUnits(units(byList - totalUnits)) })}
        </span>
      )}
    </p>
  );
}
