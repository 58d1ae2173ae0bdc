'use client';

import { useRouter } from 'next/navigation';
import { useMemo, useRef, useState } from 'react';
import { useTranslations } from 'use-intl/react';
import type { CardMapData } from '#lib/inventory/card-map.ts';
import type { ConditionCounts } from '#lib/inventory/condition.ts';
import { MapCanvas } from './map-canvas.tsx';
import { mapCard, unpackMap } from './map-card.ts';
import { MapFilterBar } from './map-filter.tsx';
import { MapInspector } from './map-inspector.tsx';
import { layoutMap } from './map-layout.ts';
import { useWidth } from './use-map-canvas.ts';
import { useMapFilter } from './use-map-filter.ts';

/** What the server draws for: a desktop. The browser lays out anew for its own width. */
const FIRST_WIDTH = 1152;

/**
 * All cards of a pool on one canvas. Pointing or the arrow keys look at a card, a click or Enter opens it; on a touch
 * screen a tap looks and the link opens. Its twin is the table of the same address.
 */
export function CardMap({ data, poolName, counts }: { data: CardMapData; poolName: string; counts: ConditionCounts }) {
  const t = useTranslations('ops.map');
  const router = useRouter();
  const host = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<number | null>(null);
  const bytes = useMemo(() => unpackMap(data), [data]);
  const width = useWidth(host, FIRST_WIDTH);
  const layout = useMemo(() => layoutMap(data.servers, width), [data.servers, width]);
  const filter = useMapFilter(data, bytes);
  const cardOf = (card: number) => mapCard(data, bytes, layout, card);
  return (
    <div>
      <MapFilterBar filter={filter} counts={counts} />
      <MapInspector card={active === null ? null : cardOf(active)} />
      <MapCanvas
        host={host}
        label={t('canvas', { pool: poolName, cards: bytes.cells.length })}
        layout={layout}
        cells={bytes.cells}
        emphasis={filter.emphasis}
        active={active}
        onLook={setActive}
        onOpen={(card) => {
          const href = cardOf(card)?.href;
          if (href) router.push(href);
        }}
      />
    </div>
  );
}
