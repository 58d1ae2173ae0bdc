import { expect, test } from 'vitest';
import { instant } from '#lib/core/instant.ts';
import { newestFirst } from './event-order.ts';

test('what happened within a second stands as it was decided, all else by its time', () => {
  const events = [
    { what: 'started', at: instant(39_000), id: 3n },
    { what: 'cardsBound', at: instant(39_670), id: 2n },
    { what: 'reserved', at: instant(39_670), id: 1n },
    { what: 'ended, found out late', at: instant(38_999), id: 9n },
    { what: 'extended', at: instant(40_000), id: 4n },
  ];
  const order = ['extended', 'started', 'cardsBound', 'reserved', 'ended, found out late'];
  for (let n = 0; n < events.length; n += 1) {
    const turned = [...events.slice(n), ...events.slice(0, n)];
    expect(turned.sort(newestFirst).map(({ what }) => what)).toEqual(order);
  }
});
