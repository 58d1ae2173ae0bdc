import { expect, test, vi } from 'vitest';
import { withTx } from '#lib/platform/db.ts';
import { notify } from '#lib/platform/notifications.ts';
import { createTestDatabase, cutListeners, SYSTEM } from '#lib/platform/testing/database.ts';
import { liveStream } from './live-stream.ts';

const url = await createTestDatabase();

/** What a stream told so far, and how to end it. */
function readOn() {
  const ending = new AbortController();
  const told: string[] = [];
  const reader = liveStream(ending.signal, async (announced) => [...announced]).getReader();
  const reading = (async () => {
    const decoder = new TextDecoder();
    for (let next = await reader.read(); !next.done; next = await reader.read())
      told.push(/data: (.*)/.exec(decoder.decode(next.value))?.[1] ?? '');
  })();
  const end = (): Promise<void> => {
    ending.abort();
    return reading;
  };
  return { told, end };
}

test('a reader is told what is announced, and to look again when the line for it was cut', async () => {
  const { told, end } = readOn();
  await vi.waitFor(async () => {
    await withTx(SYSTEM, (tx) => notify(tx, 'kashi_change', ['devices']));
    expect(told).toContain('["devices"]');
  }, 10_000);
  const looks = () => told.filter((data) => data === 'null').length;
  const before = looks();
  expect(await cutListeners(url)).toBe(1);
  await vi.waitFor(() => expect(looks()).toBe(before + 1), 10_000);
  await end();
});
