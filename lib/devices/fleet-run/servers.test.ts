import { expect, test } from 'vitest';
import { serversOf } from './servers.ts';

test.each([
  [1, [1]],
  [16, [16]],
  [17, [16, 1]],
  [40, [16, 16, 8]],
])('%d cards are in servers of sixteen, the last one of what is left', (cards, sizes) => {
  const servers = serversOf({ cards, seed: 7, modelId: 'zw810e' });
  expect(servers.map((server) => server.cards.length)).toEqual(sizes);
  expect(servers[0]?.nodeId).toBe('node-00000');
});

test('a bigger fleet has the smaller one in it', () => {
  const small = serversOf({ cards: 20, seed: 7, modelId: 'zw810e' });
  const big = serversOf({ cards: 64, seed: 7, modelId: 'zw810e' });
  expect(big[0]).toEqual(small[0]);
  expect(big[1]?.cards.slice(0, 4)).toEqual(small[1]?.cards);
});
