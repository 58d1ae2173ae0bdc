import { expect, test } from 'vitest';
import { killOften } from './testing-killing.ts';

test('whatever is killed in the hourly run and in a close, nothing is half done and all of it is done again', async () => {
  const kills = await killOften(4, 1);
  expect(kills.map(({ work, killed, wrongs }) => [work, killed, wrongs])).toEqual([
    ['hours', 'process', []],
    ['close', 'process', []],
    ['hours', 'server', []],
    ['close', 'server', []],
  ]);
}, 900_000);
