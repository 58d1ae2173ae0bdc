import { describe, expect, test } from 'vitest';
import type { Instant } from '#lib/core/instant.ts';
import { EventBuffer } from './event-buffer.ts';
import { at } from './testing.ts';
import { DriverCode, DriverError } from './types.ts';

function setup(capacity = 3) {
  const abort = new AbortController();
  let detached = 0;
  const buffer = new EventBuffer(
    ['xid'],
    abort.signal,
    () => {
      detached += 1;
    },
    capacity,
  );
  const push = (code: number, when = '2026-11-21T06:00:00Z'): void =>
    buffer.push({ type: 'xid', code, uuid: 'GPU-a', at: at(when) as Instant });
  return { abort, buffer, push, detached: () => detached };
}

describe('a buffer', () => {
  test('hands out each event once, numbered from 0, whether it waited or the reader did', async () => {
    const { buffer, push } = setup();
    push(1);
    const first = await buffer.next();
    const asked = buffer.next();
    push(2);
    const second = await asked;
    expect([first.value, second.value]).toMatchObject([
      { seq: 0, code: 1 },
      { seq: 1, code: 2 },
    ]);
  });

  test('when full keeps the oldest events, counts the lost ones and stamps the first loss', async () => {
    const { buffer, push } = setup(2);
    push(1);
    push(2);
    push(3, '2026-11-21T06:00:03Z');
    push(4, '2026-11-21T06:00:04Z');
    const heard = [await buffer.next(), await buffer.next(), await buffer.next()].map((result) => result.value);
    push(5);
    heard.push((await buffer.next()).value);
    expect(heard).toMatchObject([
      { seq: 0, code: 1 },
      { seq: 1, code: 2 },
      { seq: 2, type: 'overflow', lost: 2, at: at('2026-11-21T06:00:03Z') },
      { seq: 3, code: 5 },
    ]);
  });

  test('counts the event in hand as pending until the next one is asked for', async () => {
    const { buffer, push } = setup();
    const asked = buffer.next();
    push(1);
    push(2);
    expect(buffer.pending).toBe(2);
    await asked;
    expect(buffer.pending).toBe(2);
    await buffer.next();
    expect(buffer.pending).toBe(1);
    void buffer.next();
    expect(buffer.pending).toBe(0);
  });

  test('drops what its mask does not name', () => {
    const { buffer } = setup();
    buffer.push({ type: 'clock', uuid: null, at: at('2026-11-21T06:00:00Z') });
    expect(buffer.pending).toBe(0);
  });
});

describe('a stream ends once', () => {
  test('by abort, which drops what is queued and frees a waiting reader', async () => {
    const { abort, buffer, push, detached } = setup();
    push(1);
    abort.abort();
    push(2);
    expect(await buffer.next()).toEqual({ done: true, value: undefined });
    expect([buffer.pending, detached()]).toEqual([0, 1]);
  });

  test('by a reader that returns', async () => {
    const { abort, buffer, detached } = setup();
    await buffer.return();
    abort.abort();
    expect(detached()).toBe(1);
  });

  test('by a failure, after what was queued before it', async () => {
    const { buffer, push, detached } = setup();
    push(1);
    buffer.fail(new DriverError(DriverCode.UNKNOWN, 'events'));
    expect((await buffer.next()).value).toMatchObject({ code: 1 });
    await expect(buffer.next()).rejects.toMatchObject({ code: DriverCode.UNKNOWN });
    expect(detached()).toBe(1);
  });

  test('by a failure while a reader waits', async () => {
    const { buffer } = setup();
    const asked = buffer.next();
    buffer.fail(new DriverError(DriverCode.TIMEOUT, 'events'));
    await expect(asked).rejects.toMatchObject({ code: DriverCode.TIMEOUT });
  });
});
