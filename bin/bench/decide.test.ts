import { expect, test } from 'vitest';
import { decideInRounds } from './decide.ts';
import { openDecideMarket } from './decide-market.ts';

test('every decision on a filled pool is the one that was taken when these digests were written, re-plans among them', async () => {
  const market = openDecideMarket(320, 0.6, 7);
  const digests: string[] = [];
  for (const seed of [1, 2, 3]) digests.push((await decideInRounds(market, 150, seed)).digest);
  expect(digests).toEqual(['413ff9b8ad002ca2', 'd63ec7f73f015e89', '5d9d68534641ea56']);
});
