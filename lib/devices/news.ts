import type { Instant } from '#lib/core/instant.ts';
import { type CardObservation, type HeardXid, UNCORRECTABLE_WINDOW_MS } from './health.ts';
import { type DeviceEvent, DriverCode } from './types.ts';

const XIDS_KEPT_MAX = 64;

/**
 * What an event alone changes about a card, before anything is read again: bad news only. Good news needs a reading,
 * so a recovery only ends the count of old XIDs. This keeps a fault visible that came and went between two rounds.
 */
export function applyNews(card: CardObservation, event: DeviceEvent): CardObservation {
  switch (event.type) {
    case 'xid':
      return { ...card, xids: remember(card.xids, event.code, event.at) };
    case 'unavailable':
      return { ...card, recovery: { ok: false, code: DriverCode.DEVICE_LOST } };
    case 'recovery_action':
      if (event.action === 'none') return { ...card, xids: card.xids.filter((xid) => xid.at > event.at) };
      return { ...card, recovery: { ok: true, value: event.action, at: event.at } };
    case 'driver':
      if (event.bound) return card;
      return { ...card, recovery: { ok: false, code: DriverCode.DRIVER_NOT_LOADED } };
    default:
      return card;
  }
}

function remember(xids: readonly HeardXid[], code: number, at: Instant): HeardXid[] {
  const recent = xids.filter((xid) => at - xid.at <= UNCORRECTABLE_WINDOW_MS);
  return [...recent, { code, at, isFresh: true }].slice(-XIDS_KEPT_MAX);
}
