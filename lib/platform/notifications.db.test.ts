import pg from 'pg';
import { expect, test, vi } from 'vitest';
import { withTx } from './db.ts';
import { listen, notify } from './notifications.ts';
import { createTestDatabase, cutListeners, SYSTEM } from './testing/database.ts';

const url = await createTestDatabase();

/** Asks a client as ever, but when it listens for the first time its line is cut. */
function cutAtListen(): { readonly isCut: () => boolean } {
  let isCut = false;
  const ask = pg.Client.prototype.query;
  vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...args: unknown[]) {
    if (!isCut && String(args[0]).startsWith('LISTEN')) {
      isCut = true;
      this.connection.stream.destroy();
    }
    return Reflect.apply(ask, this, args);
  });
  return { isCut: () => isCut };
}

test('a line that is cut while it begins to listen is made anew, and is no fault of the process', async () => {
  const unheard = vi.fn();
  process.on('unhandledRejection', unheard);
  const line = cutAtListen();
  const heard: string[] = [];
  const mended = vi.fn();
  const stop = listen('kashi_change', (payload) => heard.push(payload), mended);
  await vi.waitFor(async () => {
    await withTx(SYSTEM, (tx) => notify(tx, 'kashi_change', ['reservation:rsv_a']));
    expect(heard).toContain('reservation:rsv_a');
  }, 10_000);
  stop();
  process.off('unhandledRejection', unheard);
  expect(line.isCut()).toBe(true);
  expect(unheard).not.toHaveBeenCalled();
  expect(mended).toHaveBeenCalled();
});

test('who listens is told when the line is mended, and then misses nothing', async () => {
  const heard: string[] = [];
  const mended = vi.fn();
  const stop = listen('kashi_change', (payload) => heard.push(payload), mended);
  expect(await cutListeners(url)).toBe(1);
  await vi.waitFor(() => expect(mended).toHaveBeenCalledTimes(1), 10_000);
  await withTx(SYSTEM, (tx) => notify(tx, 'kashi_change', ['reservation:rsv_b']));
  await vi.waitFor(() => expect(heard).toContain('reservation:rsv_b'), 10_000);
  stop();
});
