import { type DeviceEventBody, DriverCode, type RecoveryAction } from '../types.ts';
import { readAction, readGauge } from './gpu-row.ts';
import type { ListedCard, ServerState } from './server-state.ts';

/** What two looks at a server tell that no log does. `busId` null: of the whole server. */
export type Change = { readonly busId: string | null; readonly body: DeviceEventBody };

const TOLD_THROTTLE_BITS = 0x20 | 0x40 | 0x80;

/** The differences between two looks, as the events that a management library would have raised. */
export function changesBetween(before: ServerState, after: ServerState): Change[] {
  const isBound = { before: before.cards.ok, after: after.cards.ok };
  const driver: Change[] =
    isBound.before === isBound.after ? [] : [{ busId: null, body: { type: 'driver', bound: isBound.after } }];
  if (!before.cards.ok || !after.cards.ok) return driver;
  const gone = [...before.cards.value.keys()]
    .filter((busId) => isGone(after, busId))
    .map((busId): Change => ({ busId, body: { type: 'unavailable' } }));
  const cards = [...after.cards.value.values()].flatMap((card) => {
    const earlier = before.cards.ok ? before.cards.value.get(card.busId) : undefined;
    return earlier ? changesOf(earlier, card, before, after) : [];
  });
  return [...gone, ...cards];
}

/** A drained card leaves the list as well, but its jobs go on. */
function isGone({ cards, presence }: ServerState, busId: string): boolean {
  const isListed = cards.ok && cards.value.has(busId);
  return !isListed && presence.ok && presence.value.get(busId) !== 'draining';
}

export function lostBuses({ presence }: ServerState): string[] {
  return presence.ok ? [...presence.value].flatMap(([busId, state]) => (state === 'lost' ? [busId] : [])) : [];
}

/**
 * What each card asks for by now, where that is known. A lost one cannot be asked: it needs its power cut, since a
 * restart alone need not bring it back to the bus.
 */
export function actionsOf(state: ServerState): ReadonlyMap<string, RecoveryAction> {
  const actions = new Map<string, RecoveryAction>(lostBuses(state).map((busId) => [busId, 'cold_reboot']));
  for (const { busId, row } of state.cards.ok ? state.cards.value.values() : []) {
    const action = readAction(row, state.at);
    if (action.ok) actions.set(busId, action.value);
    else if (action.code === DriverCode.RESET_REQUIRED) actions.set(busId, 'device_reset');
  }
  return actions;
}

function changesOf(before: ListedCard, after: ListedCard, from: ServerState, to: ServerState): Change[] {
  const { busId } = after;
  const rise = (field: 'eccUncVol' | 'eccCorVol' | 'pagesRetired'): boolean => {
    const [a, b] = [
      readGauge(field, before.row, before.remap, from.at),
      readGauge(field, after.row, after.remap, to.at),
    ];
    return a.ok && b.ok && b.value > a.value;
  };
  const throttle = [before, after].map(({ row, remap }) => {
    const bits = readGauge('throttleBits', row, remap, to.at);
    return bits.ok ? bits.value & TOLD_THROTTLE_BITS : null;
  });
  const differs = (key: 'powerLimit' | 'mig'): boolean => before.row(key) !== after.row(key);
  const bodies: (DeviceEventBody | false)[] = [
    rise('eccUncVol') && { type: 'ecc', bits: 2 },
    rise('eccCorVol') && { type: 'ecc', bits: 1 },
    rise('pagesRetired') && { type: 'retirement', failed: false },
    throttle[0] !== throttle[1] && { type: 'clock' },
    differs('powerLimit') && { type: 'power' },
    differs('mig') && { type: 'partition' },
  ];
  return bodies.flatMap((body) => (body === false ? [] : [{ busId, body }]));
}
