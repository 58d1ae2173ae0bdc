'use client';

import { useRouter, useSearchParams } from 'next/navigation';
import { startTransition, useMemo, useOptimistic } from 'react';
import type { CardMapData, MapHolder } from '#lib/inventory/card-map.ts';
import { holderIndex, type MapBytes } from './map-card.ts';
import type { Emphasis } from './map-draw.ts';
import { mapHref, type MapState, parseShow } from './map-state.ts';

export type MapFilter = {
  readonly state: MapState;
  readonly emphasis: Emphasis;
  readonly holder: MapHolder | null;
  /** Shows something else at once; the address follows when the server has answered. */
  readonly choose: (next: MapState) => void;
};

/** What the address asks the map to show, or what was chosen since. */
export function useMapFilter(data: CardMapData, bytes: MapBytes): MapFilter {
  const query = useSearchParams();
  const router = useRouter();
  const asked = { show: query.get('show') ?? '', holder: query.get('holder') };
  const [{ show: showText, holder: holderId }, setChosen] = useOptimistic(asked);
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
      // A navigation, and not `history.replaceState`: Next 16.4 stops for good when that meets a live refresh under way.
      choose: (next) =>
        startTransition(() => {
          setChosen({ show: next.show.join(','), holder: next.holder });
          router.replace(mapHref(next), { scroll: false });
        }),
    };
  }, [showText, holderId, data, bytes, router, setChosen]);
}
