import { type DeviceInfo, SAMPLE_FIELDS } from '../types.ts';
import type { CallTally } from './call-tally.ts';
import type { CardView, MetricServer } from './types.ts';

/** What a server's driver told in time. A card that is not listed, or did not answer, is missing from `cards`. */
export type ServerReadout = {
  /** True when the driver gave its list and came back from every call in time. */
  readonly isUp: boolean;
  /** The cards that the driver lists; null when it gave no list. */
  readonly infos: ReadonlyMap<string, DeviceInfo> | null;
  readonly cards: ReadonlyMap<string, Pick<CardView, 'sample' | 'links'>>;
};

export const SILENT_SERVER: ServerReadout = { isUp: false, infos: null, cards: new Map() };

/** Reading a server: what it told before `expired`, and when the last of its calls comes back. */
export type ServerReading = { readonly inTime: Promise<ServerReadout>; readonly over: Promise<void> };

/**
 * Asks a server for its cards and, one call of each kind a card, for what they measure. Drivers promise to give up
 * when `expired` fires; one that breaks the promise holds nobody up, and what it tells later is thrown away.
 */
export function readServer(server: MetricServer, calls: CallTally, expired: AbortSignal): ServerReading {
  const cards = new Map<string, Pick<CardView, 'sample' | 'links'>>();
  let infos: ReadonlyMap<string, DeviceInfo> | null = null;
  const options = { signal: expired };
  const readCard = async (uuid: string): Promise<void> => {
    const { driver } = server;
    const [sample, links] = await Promise.all([
      calls.attempt('sample', () => driver.sample({ uuid }, SAMPLE_FIELDS, options)),
      calls.attempt('links', () => driver.links({ uuid }, options)),
    ]);
    cards.set(uuid, { sample, links });
  };
  const read = async (): Promise<boolean> => {
    const listed = await calls.attempt('list', () => server.driver.list(options));
    if (!listed) return false;
    const seen = new Map(listed.map((info) => [info.uuid, info]));
    infos = seen;
    await Promise.all(server.cards.flatMap(({ uuid }) => (seen.has(uuid) ? [readCard(uuid)] : [])));
    return true;
  };
  const work = read();
  const giveUp = new Promise<false>((resolve) => {
    if (expired.aborted) resolve(false);
    else expired.addEventListener('abort', () => resolve(false), { once: true });
  });
  const inTime = Promise.race([work, giveUp]).then((isUp) => ({ isUp, infos, cards }));
  return {
    inTime,
    over: work.then(
      () => {},
      () => {},
    ),
  };
}
