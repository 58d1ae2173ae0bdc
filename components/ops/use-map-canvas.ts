'use client';

import { type RefObject, useEffect, useLayoutEffect, useState } from 'react';
import { drawCards, drawRing, type Emphasis, type Palette, readPalette } from './map-draw.ts';
import { type MapLayout, serverAt } from './map-layout.ts';

/** Names the time that one drawing of all cards takes, for whoever measures. */
export const DRAW_MEASURE = 'kashi-card-map';

/** The width of an element, as it changes. */
export function useWidth(host: RefObject<HTMLElement | null>, initial: number): number {
  const [width, setWidth] = useState(initial);
  useLayoutEffect(() => {
    const element = host.current;
    if (!element) return;
    setWidth(element.clientWidth);
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.floor(entry.contentRect.width)));
    observer.observe(element);
    return () => observer.disconnect();
  }, [host]);
  return width;
}

/** The page's colours, read again when the look changes. */
function usePalette(host: RefObject<HTMLElement | null>): Palette | null {
  const [palette, setPalette] = useState<Palette | null>(null);
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const read = (): void => setPalette(readPalette(element));
    read();
    const observer = new MutationObserver(read);
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    const system = matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', read);
    return () => {
      observer.disconnect();
      system.removeEventListener('change', read);
    };
  }, [host]);
  return palette;
}

function contextOf(canvas: HTMLCanvasElement | null, { width, height }: MapLayout): CanvasRenderingContext2D | null {
  const context = canvas?.getContext('2d') ?? null;
  if (!canvas || !context) return null;
  const density = window.devicePixelRatio;
  const [w, h] = [Math.round(width * density), Math.round(height * density)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  context.setTransform(density, 0, 0, density, 0, 0);
  return context;
}

/** Draws the cards on one canvas and what is looked at on another above it, so that pointing draws no card anew. */
export function useMapCanvas(
  refs: {
    readonly host: RefObject<HTMLElement | null>;
    readonly cards: RefObject<HTMLCanvasElement | null>;
    readonly ring: RefObject<HTMLCanvasElement | null>;
  },
  layout: MapLayout,
  cells: Uint8Array,
  emphasis: Emphasis,
  active: number | null,
): void {
  const { host, cards, ring } = refs;
  const palette = usePalette(host);
  useEffect(() => {
    const context = palette && contextOf(cards.current, layout);
    if (!context) return;
    const start = performance.now();
    drawCards(context, layout, cells, palette, emphasis);
    performance.measure(DRAW_MEASURE, { start, end: performance.now() });
  }, [palette, layout, cells, emphasis, cards]);
  useEffect(() => {
    const context = palette && contextOf(ring.current, layout);
    if (context) drawRing(context, layout, palette, active, active === null ? null : serverAt(layout, active));
  }, [palette, layout, active, ring]);
}
