import { expect, test } from 'vitest';
import { decideInRounds } from './decide.ts';
import { openDecideMarket } from './decide-market.ts';

test('every decision on a filled pool is the one that was taken when these digests were written, re-plans among them', async () => {
  const market = openDecideMarket(320, 0.6, 7);
  const digests: string[] = [];
  for (const seed of [1, 2, 3]) digests.push((await decideInRounds(market, 150, seed)).digest);
  expect(digests).toEqual(['8d2dc2c0f744e00e', '17e54c3a0d8d056b', '015f1e2dfe912adb']);
});
