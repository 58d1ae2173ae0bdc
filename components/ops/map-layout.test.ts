import { describe, expect, test } from 'vitest';
import type { MapServer } from '#lib/inventory/card-map.ts';
import { cardAt, layoutMap, neighbour, podStep, serverAt } from './map-layout.ts';

/** Shaoguan: 12 pods of 13 supernodes of 4 servers of 16 cards. */
function fleet(pods: number, supernodes: number, servers: number, cards: number): MapServer[] {
  const all: MapServer[] = [];
  for (let p = 1; p <= pods; p += 1)
    for (let s = 1; s <= supernodes; s += 1)
      for (let n = 1; n <= servers; n += 1)
        all.push({
          id: `nod_${p}-${s}-${n}`,
          pod: `gd/sg/p${p}`,
          supernode: `gd/sg/p${p}/s${s}`,
          label: `p${p}/s${s}/n${n}`,
          firstCard: all.length * cards,
          cards,
        });
  return all;
}

const large = fleet(12, 13, 4, 16);

describe.each([
  ['a desktop', 1152],
  ['a tablet', 720],
  ['a phone', 358],
])('on %s', (_, width) => {
  const layout = layoutMap(large, width);

  test('every card has its own place within the width, and is found there', () => {
    expect(layout.xs).toHaveLength(9_984);
    const places = new Set<string>();
    for (let card = 0; card < layout.xs.length; card += 1) {
      const [x = 0, y = 0] = [layout.xs[card], layout.ys[card]];
      places.add(`${x}/${y}`);
      expect(x + layout.cell).toBeLessThanOrEqual(width);
      expect(y + layout.cell).toBeLessThanOrEqual(layout.height);
      if (card % 97 === 0) expect(cardAt(layout, x + 1, y + 1)).toBe(card);
    }
    expect(places.size).toBe(9_984);
  });

  test('arrow keys reach the next card over every gap, and there and back is where one was', () => {
    for (const card of [100, 5_000, 9_000]) {
      const right = neighbour(layout, card, 'right');
      if (right !== card) expect(neighbour(layout, right, 'left')).toBe(card);
      const down = neighbour(layout, card, 'down');
      expect(layout.ys[down]).toBeGreaterThan(layout.ys[card] ?? 0);
    }
    let card = 0;
    for (let step = 0; step < 2_000; step += 1) card = neighbour(layout, card, 'down');
    expect(layout.ys[card]).toBeGreaterThan(layout.height - 2 * layout.pitch);
    expect(neighbour(layout, card, 'down')).toBe(card);
  });
});

test('between cards there is nothing', () => {
  const layout = layoutMap(large, 1152);
  expect(cardAt(layout, 0, 0)).toBeNull();
  expect(cardAt(layout, -5, 99_999)).toBeNull();
});

test('a card knows its server, and pods are walked by their first cards', () => {
  const layout = layoutMap(large, 1152);
  expect(serverAt(layout, 17)?.server.label).toBe('p1/s1/n2');
  expect(serverAt(layout, 99_999)).toBeNull();
  expect(podStep(layout, 17, 1)).toBe(832);
  expect(podStep(layout, 840, -1)).toBe(0);
  expect(podStep(layout, 9_983, 1)).toBe(9_152);
});

test('servers of 8 cards, supernodes that are not full and no servers at all are laid out too', () => {
  expect(layoutMap(fleet(2, 4, 3, 8), 358).xs).toHaveLength(192);
  expect(layoutMap([], 358)).toMatchObject({ height: 0, pods: [] });
});
