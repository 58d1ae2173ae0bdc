'use client';

import { useSearchParams } from 'next/navigation';
import { useMemo } from 'react';
import type { CardMapData, MapHolder } from '#lib/inventory/card-map.ts';
import { holderIndex, type MapBytes } from './map-card.ts';
import type { Emphasis } from './map-draw.ts';
import { type MapState, parseShow } from './map-state.ts';

export type MapFilter = { readonly state: MapState; readonly emphasis: Emphasis; readonly holder: MapHolder | null };

/** What the address asks the map to show. */
export function useMapFilter(data: CardMapData, bytes: MapBytes): MapFilter {
  const query = useSearchParams();
  const [showText, holderId] = [query.get('show') ?? '', query.get('holder')];
  return useMemo(() => {
    const show = parseShow(showText);
    const position = data.holders.findIndex(({ reservationId }) => reservationId === holderId);
    const isPlain = show.length === 0 && holderId === null;
    return {
      state: { pool: data.poolId, show, holder: holderId, view: 'map' },
      holder: data.holders[position] ?? null,
      emphasis: isPlain
        ? null
        : (card, condition) =>
            (show.length === 0 || show.includes(condition)) &&
            (holderId === null || (position >= 0 && holderIndex(bytes, card) === position)),
    };
  }, [showText, holderId, data, bytes]);
}
