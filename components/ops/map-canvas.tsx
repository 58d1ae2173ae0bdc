'use client';

import { type KeyboardEvent, type MouseEvent, type RefObject, useRef } from 'react';
import type { Emphasis } from './map-draw.ts';
import { cardAt, type Direction, type MapLayout, neighbour, podStep } from './map-layout.ts';
import { useMapCanvas } from './use-map-canvas.ts';

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/** Where a key leads from a card; undefined for keys that are not the map's. */
function keyTarget(layout: MapLayout, key: string, from: number | null): number | null | undefined {
  const direction = ARROWS[key];
  if (direction) return from === null ? 0 : neighbour(layout, from, direction);
  if (key === 'PageDown') return podStep(layout, from ?? 0, 1);
  if (key === 'PageUp') return podStep(layout, from ?? 0, -1);
  if (key === 'Home') return 0;
  if (key === 'End') return layout.xs.length - 1;
  return key === 'Escape' ? null : undefined;
}

/** Brings a card into sight that the keyboard has reached, below the bars that stick to the top. */
function reveal(host: HTMLElement, y: number): void {
  const top = host.getBoundingClientRect().top + y;
  if (top < 160 || top > window.innerHeight - 40) window.scrollBy({ top: top - window.innerHeight / 2 });
}

/** The canvas with its pointer and its keys. */
export function MapCanvas(props: {
  host: RefObject<HTMLDivElement | null>;
  label: string;
  layout: MapLayout;
  cells: Uint8Array;
  emphasis: Emphasis;
  active: number | null;
  onLook: (card: number | null) => void;
  onOpen: (card: number) => void;
}) {
  const { host, label, layout, cells, emphasis, active, onLook, onOpen } = props;
  const [cards, ring] = [useRef<HTMLCanvasElement>(null), useRef<HTMLCanvasElement>(null)];
  const isTouch = useRef(false);
  useMapCanvas({ host, cards, ring }, layout, cells, emphasis, active);
  const at = (event: MouseEvent): number | null => {
    const box = event.currentTarget.getBoundingClientRect();
    return cardAt(layout, event.clientX - box.left, event.clientY - box.top);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.key === 'Enter' && active !== null) onOpen(active);
    const target = keyTarget(layout, event.key, active);
    if (target === undefined) return;
    event.preventDefault();
    onLook(target);
    if (target !== null) reveal(event.currentTarget, layout.ys[target] ?? 0);
  };
  return (
    <div
      ref={host}
      role="application"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the map is one stop of the keyboard, its cards are walked with arrow keys
      tabIndex={0}
      aria-label={label}
      className="relative mt-4 cursor-pointer overflow-hidden outline-offset-4"
      onKeyDown={onKeyDown}
      onPointerMove={(event) => {
        const card = event.pointerType === 'mouse' ? at(event) : null;
        if (card !== null && card !== active) onLook(card);
      }}
      onPointerDown={(event) => {
        isTouch.current = event.pointerType !== 'mouse';
      }}
      onClick={(event) => {
        const card = at(event);
        if (card === null) return;
        onLook(card);
        if (!isTouch.current) onOpen(card);
      }}
    >
      <canvas ref={cards} width={layout.width} height={layout.height} className="block max-w-full" />
      <canvas ref={ring} aria-hidden width={1} height={1} className="pointer-events-none absolute inset-0" />
    </div>
  );
}
