import { getTranslations } from '#lib/i18n/server.ts';
import type { WindowState } from '#lib/reservations/maintenance-types.ts';
import type { WindowRow } from '#lib/reservations/maintenance-view-types.ts';
import { InstantText } from '../format/instant-text.tsx';
import { Badge, type Tone } from '../ui/badge.tsx';
import { shortPath } from './place-text.ts';

const TONES = { planned: 'waiting', running: 'active', done: 'ok', cancelled: 'neutral' } as const satisfies Record<
  WindowState,
  Tone
>;

/** The state of a window. */
export async function WindowBadge({ state }: { state: WindowState }) {
  const t = await getTranslations('maintenance');
  return <Badge tone={TONES[state]}>{t(`state.${state}`)}</Badge>;
}

/** When an interval of maintenance ends; an open end in words. */
export async function EndText({ interval }: { interval: WindowRow['interval'] }) {
  const t = await getTranslations('maintenance');
  return interval.endAt === null ? t('openEnd') : <InstantText at={interval.endAt} />;
}

/** Where cards are, in a word: their server, or the first of several. */
export async function ServersText({ servers }: { servers: WindowRow['servers'] }) {
  const t = await getTranslations('maintenance');
  const first = shortPath(servers[0]?.path ?? '');
  return <span className="num">{servers.length > 1 ? t('more', { first, count: servers.length }) : first}</span>;
}
