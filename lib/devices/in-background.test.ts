import { expect, test } from 'vitest';
import { InBackground } from './in-background.ts';

test('one run at a time, and the next only after it', async () => {
  const background = new InBackground();
  const runs: PromiseWithResolvers<void>[] = [];
  const work = (): Promise<void> => {
    const run = Promise.withResolvers<void>();
    runs.push(run);
    return run.promise;
  };
  background.kick(work);
  background.kick(work);
  expect(runs.length).toBe(1);
  runs[0]?.resolve();
  await expect
    .poll(() => {
      background.kick(work);
      return runs.length;
    })
    .toBe(2);
});

test('what a run threw is thrown to whoever asks next, once', async () => {
  const background = new InBackground();
  background.kick(() => Promise.reject(new Error('a bug')));
  await new Promise(setImmediate);
  expect(() => background.kick(async () => undefined)).toThrow('a bug');
  background.kick(async () => undefined);
});
