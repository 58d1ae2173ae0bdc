import { expect, test, vi } from 'vitest';
import { SharedRun } from './shared-run.ts';

test('who asks during a run shares one later run, and never gets what was read before', async () => {
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let runs = 0;
  const shared = new SharedRun(async () => {
    runs += 1;
    const number = runs;
    await gates[number - 1]?.promise;
    return number;
  });
  const first = Promise.all([shared.run(), shared.run()]);
  await vi.waitFor(() => expect(runs).toBe(1), 10_000);
  const others = [shared.run(), shared.run(), shared.run()];
  await new Promise((resolve) => setImmediate(resolve));
  expect(runs).toBe(1);
  gates[0]?.resolve();
  gates[1]?.resolve();
  expect(await first).toEqual([1, 1]);
  expect(await Promise.all(others)).toEqual([2, 2, 2]);
  expect(await shared.run()).toBe(3);
});

test('a run that fails fails those who share it and nobody after them', async () => {
  let runs = 0;
  const shared = new SharedRun(async () => {
    runs += 1;
    if (runs < 2) throw new Error(`run ${runs}`);
    return runs;
  });
  const [first, second] = [shared.run(), shared.run()];
  await expect(first).rejects.toThrow('run 1');
  await expect(second).rejects.toThrow('run 1');
  expect(await shared.run()).toBe(2);
});
