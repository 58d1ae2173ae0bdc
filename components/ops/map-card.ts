import {
  type CardCell,
  type CardMapData,
  decodeCell,
  type MapHolder,
  NOT_READ,
  unpackBytes,
} from '#lib/inventory/card-map.ts';
import { type MapLayout, serverAt } from './map-layout.ts';

/** The map's arrays, unpacked once. */
export type MapBytes = {
  readonly cells: Uint8Array;
  readonly utilisation: Uint8Array;
  readonly temperature: Uint8Array;
  readonly holderOf: Uint8Array;
};

export function unpackMap(data: CardMapData): MapBytes {
  const { cells, utilisation, temperature, holderOf } = data;
  return {
    cells: unpackBytes(cells),
    utilisation: unpackBytes(utilisation),
    temperature: unpackBytes(temperature),
    holderOf: unpackBytes(holderOf),
  };
}

/** The position of a card's holder in the map's list; -1 for nobody. */
export function holderIndex({ holderOf }: MapBytes, card: number): number {
  return (holderOf[card * 2] ?? 0) + ((holderOf[card * 2 + 1] ?? 0) << 8) - 1;
}

/** What is known of one card of the map. */
export type MapCard = CardCell & {
  readonly path: string;
  readonly slot: number;
  readonly href: string;
  readonly holder: MapHolder | null;
  readonly utilisation: number | null;
  readonly temperature: number | null;
};

const reading = (byte: number | undefined): number | null => (byte === undefined || byte === NOT_READ ? null : byte);

/** A card in words; null when there is none of that number. */
export function mapCard(data: CardMapData, bytes: MapBytes, layout: MapLayout, card: number): MapCard | null {
  const server = serverAt(layout, card)?.server;
  const cell = bytes.cells[card];
  if (!server || cell === undefined) return null;
  const slot = card - server.firstCard;
  return {
    ...decodeCell(cell),
    path: server.label,
    slot,
    href: `/ops/servers/${server.id}/${slot}`,
    holder: data.holders[holderIndex(bytes, card)] ?? null,
    utilisation: reading(bytes.utilisation[card]),
    temperature: reading(bytes.temperature[card]),
  };
}
