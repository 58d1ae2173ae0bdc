import { expect, test } from 'vitest';
import { HOUR_MS, instant } from '#lib/core/instant.ts';
import { otherPools } from './other-pools.ts';

const T0 = instant(Date.UTC(2026, 10, 1));
const at = (hours: number) => instant(T0 + hours * HOUR_MS);
const pool = (poolId: string, freeCards: readonly number[]) => ({
  poolId,
  cardsPerServer: 16,
  cardsPerSupernode: 64,
  hours: freeCards.map((free, hour) => ({
    hourAt: at(hour),
    freeCards: free,
    freeServers: Math.floor(free / 16),
    freeSupernodes: Math.floor(free / 64),
    largestOnServer: Math.min(16, free),
    largestOnSupernode: free,
  })),
});
const wish = { cards: 8, topology: 'any', durationSeconds: 3_600 } as const;
const NOW = { wantedAt: null, soonestHereAt: at(5), now: at(0) };

test('pools that have room at the start or sooner than here are named, the soonest first', () => {
  const pools = [pool('pol_c', [0, 0, 9]), pool('pol_b', [8, 0]), pool('pol_a', [8, 8]), pool('pol_none', [7, 7])];
  expect(otherPools(wish, pools, NOW)).toEqual([
    { change: 'otherPool', value: 'pol_a', startAt: at(0) },
    { change: 'otherPool', value: 'pol_b', startAt: at(0) },
    { change: 'otherPool', value: 'pol_c', startAt: at(2) },
  ]);
});

test('not sooner is not named, nor is a pool whose servers have another size', () => {
  const later = [pool('pol_c', [0, 0, 9])];
  expect(otherPools(wish, later, { ...NOW, soonestHereAt: at(2) })).toEqual([]);
  expect(otherPools(wish, later, { ...NOW, soonestHereAt: null })).toHaveLength(1);
  const odd = { ...wish, topology: 'whole-servers' } as const;
  expect(otherPools(odd, [pool('pol_a', [32])], NOW)).toEqual([]);
  expect(otherPools({ ...odd, cards: 32 }, [pool('pol_a', [32])], NOW)).toHaveLength(1);
});

test('a start that has passed since is looked for from now on', () => {
  const asked = { wantedAt: at(0), soonestHereAt: null, now: at(1.5) };
  expect(otherPools(wish, [pool('pol_a', [8, 0, 8])], asked)).toEqual([
    { change: 'otherPool', value: 'pol_a', startAt: at(2) },
  ]);
});
