import { expect, test } from 'vitest';
import { decideInRounds } from './decide.ts';
import { openDecideMarket } from './decide-market.ts';

test('every decision on a filled pool is the one that was taken when these digests were written, re-plans among them', async () => {
  const market = openDecideMarket(320, 0.6, 7);
  const stream = { count: 150, queued: 128, mixture: 'published' } as const;
  const digests: string[] = [];
  for (const seed of [1, 2, 3]) digests.push((await decideInRounds(market, stream, seed)).digest);
  expect(digests).toEqual(['23f6474a254780aa', '1d50a329a9799a9e', '538f81b09ec16124']);
});
