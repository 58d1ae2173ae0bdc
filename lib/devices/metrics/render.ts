import type { Health } from '../health.ts';
import { type Family, familyHead, labelText, seriesLine } from './exposition.ts';
import { CARD_FAMILIES } from './families.ts';
import type { FleetSnapshot, Snapshot } from './snapshot.ts';

/** A scrape of a large fleet is printed in pieces of about so many characters, so that it never stands in memory whole. */
const PIECE_CHARACTERS = 65_536;
/** Pieces are put together from parts of about so many: handing on every line would cost more than printing it. */
const PART_CHARACTERS = 8_192;

/** Prints a snapshot in the text format, piece by piece: the same snapshot gives the same text. Ends with a newline. */
export function* renderSnapshot(snapshot: Snapshot): Generator<string, void, undefined> {
  let piece = '';
  for (const text of textsOf(snapshot)) {
    piece += text;
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

type Series = { readonly labels: string; readonly value: number };
type FleetFamily = Family & { readonly seriesOf: (fleet: FleetSnapshot) => readonly Series[] };

const FLEET_FAMILIES: readonly FleetFamily[] = [
  {
    name: 'kashi_fleet_cards',
    type: 'gauge',
    help: 'Cards by health.',
    seriesOf: ({ labels, modelId, cardsByHealth }) =>
      (Object.keys(cardsByHealth) as Health[]).map((health) => ({
        labels: join(labels, { model: modelId, health }),
        value: cardsByHealth[health],
      })),
  },
  {
    name: 'kashi_device_up',
    type: 'gauge',
    help: 'Whether the driver of a server listed its cards and came back from every call in time: 1 or 0.',
    seriesOf: ({ servers }) => servers.map(({ labels, isUp }) => ({ labels, value: isUp ? 1 : 0 })),
  },
  {
    name: 'kashi_device_events_total',
    type: 'counter',
    help: 'Events heard from drivers, by type.',
    seriesOf: ({ labels, events }) => events.map(([type, value]) => ({ labels: join(labels, { type }), value })),
  },
  {
    name: 'kashi_device_oldest_reading_seconds',
    type: 'gauge',
    help: 'Age of the oldest reading shown here.',
    seriesOf: ({ labels, oldestReadingSeconds: value }) => (value === null ? [] : [{ labels, value }]),
  },
  {
    name: 'kashi_driver_calls_total',
    type: 'counter',
    help: 'Calls made of drivers to collect metrics, by operation.',
    seriesOf: ({ labels, calls }) => calls.map(([op, value]) => ({ labels: join(labels, { op }), value })),
  },
  {
    name: 'kashi_driver_errors_total',
    type: 'counter',
    help: 'Those of these calls that failed, by operation and HGML code.',
    seriesOf: ({ labels, errors }) =>
      errors.map(({ op, code, count }) => ({ labels: join(labels, { op, code: `${code}` }), value: count })),
  },
];

const CARD_HEALTH: Family = {
  name: 'kashi_card_health',
  type: 'gauge',
  help: 'The health of a card with the reason for it; only the state that holds is there, with the value 1.',
};
const COLLECTION_SECONDS: Family = {
  name: 'kashi_collection_seconds',
  type: 'gauge',
  help: 'How long it took to ask all drivers for what is shown here.',
};
const POOLS_LED: Family = {
  name: 'kashi_engine_pools',
  type: 'gauge',
  help: 'Pools that this engine leads; only their cards are shown here.',
};

const POOLS_IN_TROUBLE: Family = {
  name: 'kashi_engine_pools_in_trouble',
  type: 'gauge',
  help: 'Pools of this engine that do not move on, because turn after turn fails for them.',
};

function* textsOf({ fleets, poolsInTrouble, collectionSeconds }: Snapshot): Generator<string, void, undefined> {
  for (const [index, family] of CARD_FAMILIES.entries()) yield* cardTexts(family, index, fleets);
  yield* healthTexts(fleets);
  for (const family of FLEET_FAMILIES) {
    const series = fleets.flatMap((fleet) => family.seriesOf(fleet));
    if (series.length > 0) yield familyHead(family);
    for (const { labels, value } of series) yield seriesLine(family.name, labels, value);
  }
  yield familyHead(POOLS_LED);
  yield seriesLine(POOLS_LED.name, '', fleets.length);
  yield familyHead(POOLS_IN_TROUBLE);
  yield seriesLine(POOLS_IN_TROUBLE.name, '', poolsInTrouble);
  yield familyHead(COLLECTION_SECONDS);
  yield seriesLine(COLLECTION_SECONDS.name, '', collectionSeconds);
}

/** The series of one family over all cards that can tell; nothing at all where none can. */
function* cardTexts(family: Family, index: number, fleets: readonly FleetSnapshot[]): Generator<string> {
  let text = '';
  let hasHead = false;
  for (const { values, cardLabels } of fleets) {
    const column = values[index] ?? new Float64Array();
    for (let card = 0; card < column.length; card += 1) {
      const value = column[card] ?? Number.NaN;
      if (!Number.isFinite(value)) continue;
      if (!hasHead) text += familyHead(family);
      hasHead = true;
      text += seriesLine(family.name, cardLabels[card] ?? '', value);
      if (text.length < PART_CHARACTERS) continue;
      yield text;
      text = '';
    }
  }
  yield text;
}

function* healthTexts(fleets: readonly FleetSnapshot[]): Generator<string> {
  let hasHead = false;
  for (const { verdicts, cardLabels } of fleets) {
    for (const [card, verdict] of verdicts.entries()) {
      if (verdict === null) continue;
      if (!hasHead) yield familyHead(CARD_HEALTH);
      hasHead = true;
      const { health: state, reason } = verdict;
      yield seriesLine(CARD_HEALTH.name, join(cardLabels[card] ?? '', { state, reason }), 1);
    }
  }
}

function join(labels: string, more: Readonly<Record<string, string>>): string {
  return labels === '' ? labelText(more) : `${labels},${labelText(more)}`;
}
