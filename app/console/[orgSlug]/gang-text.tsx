import type { Gang } from '#lib/core/topology.ts';
import { getTranslations } from '#lib/i18n/server.ts';

/** What a gang asks for besides its topology: how it is cut, and what it prefers. */
export async function GangText({ cards, gang }: { cards: number; gang: Gang }) {
  const t = await getTranslations('booking');
  const { segmentCards, preferred } = gang;
  const cut = segmentCards === null ? [] : [t('quote.segments', { count: cards / segmentCards, cards: segmentCards })];
  const near = preferred === null ? [] : [t(preferred === 'server' ? 'quote.preferServer' : 'quote.preferSupernode')];
  return <>{[...cut, ...near].join(' · ')}</>;
}
