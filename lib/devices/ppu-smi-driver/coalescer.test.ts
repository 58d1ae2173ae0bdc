import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Coalescer } from './coalescer.ts';

test('what is asked at about the same time is one read; what is asked during it is the next', async () => {
  const reads: number[][] = [];
  const running: PromiseWithResolvers<void>[] = [];
  const coalescer = new Coalescer(async (asks: readonly number[]) => {
    reads.push([...asks]);
    const gate = Promise.withResolvers<void>();
    running.push(gate);
    await gate.promise;
    return reads.length;
  });
  const first = [coalescer.ask(1), Promise.resolve().then(() => coalescer.ask(2))];
  await expect.poll(() => reads).toEqual([[1, 2]]);
  const second = [coalescer.ask(3), coalescer.ask(4)];
  for (let turns = 0; turns < 5; turns += 1) await turn();
  expect(reads).toEqual([[1, 2]]);
  running[0]?.resolve();
  expect(await Promise.all(first)).toEqual([1, 1]);
  await expect
    .poll(() => reads)
    .toEqual([
      [1, 2],
      [3, 4],
    ]);
  running[1]?.resolve();
  expect(await Promise.all(second)).toEqual([2, 2]);
});

test('a failed read fails those who asked for it and nobody after them', async () => {
  let isBroken = true;
  const coalescer = new Coalescer(async (_: readonly string[]) => {
    if (isBroken) throw new Error('broken');
    return 'whole';
  });
  const asked = coalescer.ask('a');
  await expect(asked).rejects.toThrow('broken');
  isBroken = false;
  expect(await coalescer.ask('b')).toBe('whole');
});
