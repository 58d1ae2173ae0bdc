'use client';

import type { KeyboardEvent, ReactNode } from 'react';

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/**
 * Moves the focus among the cells of a calendar by arrow keys, over those that cannot be chosen. Cells are links with
 * `data-cell="column:row"`; one of them is in the order of Tab.
 */
export function CellKeys({
  columns,
  rows,
  className,
  children,
}: {
  columns: number;
  rows: number;
  className?: string | undefined;
  children: ReactNode;
}) {
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const step = STEPS[event.key];
    const here = event.target instanceof HTMLElement ? event.target.dataset['cell'] : undefined;
    if (!step || here === undefined) return;
    event.preventDefault();
    const [x = 0, y = 0] = here.split(':').map((part) => Number.parseInt(part, 10));
    for (let n = 1; n < Math.max(columns, rows); n += 1) {
      const next = event.currentTarget.querySelector<HTMLElement>(
        `[data-cell="${x + n * step[0]}:${y + n * step[1]}"]`,
      );
      if (!next) continue;
      next.focus();
      return;
    }
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only listens to keys of the links within
    <div onKeyDown={onKeyDown} className={className}>
      {children}
    </div>
  );
}
