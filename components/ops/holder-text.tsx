import { getTranslations } from '#lib/i18n/server.ts';
import type { HolderView } from '#lib/inventory/view-types.ts';
import { TextLink } from '../ui/text-link.tsx';

/** Who has a card or gets it next, with the way to the reservation. */
export async function HolderText({ holder }: { holder: HolderView | null }) {
  const t = await getTranslations('ops');
  if (holder === null) return <span className="text-ink-3">{t('holder.none')}</span>;
  return (
    <span className="whitespace-nowrap">
      <TextLink href={`/ops/reservations?tab=all&q=${holder.reservationId}`} prefetch={false}>
        {holder.name}
      </TextLink>
      <span className="ml-1.5 text-ink-2">{holder.organisationName}</span>
      {!holder.isRunning && <span className="ml-1.5 text-xs text-ink-3">{t('holder.next')}</span>}
    </span>
  );
}
