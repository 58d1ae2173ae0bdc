import { describe, expect, test } from 'vitest';
import type { Instant } from '#lib/core/instant.ts';
import { EventBuffer } from './event-buffer.ts';
import { at } from './testing.ts';
import { openTestWatch as setup } from './testing-watch.ts';
import { type DeviceDriver, DriverCode, DriverError, type EventStream } from './types.ts';

/** A driver whose streams the test breaks, floods or cuts. */
function breakable() {
  const buffers: EventBuffer[] = [];
  let completeTo = at('2026-11-21T06:00:00Z');
  const change = (): Partial<DeviceDriver> => ({
    events: (mask, signal): EventStream => {
      const buffer = new EventBuffer(mask, signal, () => undefined, 4);
      buffers.push(buffer);
      return {
        get pending() {
          return buffer.pending;
        },
        get completeTo() {
          return completeTo;
        },
        [Symbol.asyncIterator]: () => buffer,
      };
    },
  });
  return {
    change,
    last: (): EventBuffer | undefined => buffers.at(-1),
    completeTo: (to: Instant) => {
      completeTo = to;
    },
  };
}

describe('a broken stream', () => {
  test('is a gap from the last settled instant on, which the next call ends with a new proof', async () => {
    const streams = breakable();
    const { settle, watch, uuid, passTo } = await setup({ change: streams.change });
    await settle();
    streams.completeTo(at('2026-11-21T06:10:00Z'));
    passTo('2026-11-21T06:12:00Z');
    await settle();
    streams.last()?.fail(new DriverError(DriverCode.UNKNOWN, 'events'));
    await Promise.resolve();
    const lines = await settle();
    expect(lines.slice(0, 16)).toContain('03 unknown/stream_broken/no work since 06:10:00.000');
    expect(lines.slice(16)).toContain('03 healthy/none/work since 06:12:00.000');
    expect(watch.provenSince(uuid(3))).toBe(at('2026-11-21T06:12:00Z'));
  });

  test('that cannot be mended stays a gap without proof, tried once a call', async () => {
    const streams = breakable();
    let isDown = false;
    let tried = 0;
    const { settle, watch, uuid } = await setup({
      change: (driver) => ({
        ...streams.change(),
        init: () => {
          tried += 1;
          return isDown ? Promise.reject(new DriverError(DriverCode.TIMEOUT, 'init')) : driver.init();
        },
      }),
    });
    await settle();
    isDown = true;
    streams.last()?.fail(new DriverError(DriverCode.UNKNOWN, 'events'));
    await settle();
    await settle();
    expect([watch.gaps(), watch.proof(uuid(0)), watch.verdict(uuid(0))?.reason]).toEqual([
      ['node-000'],
      null,
      'stream_broken',
    ]);
    expect(tried).toBeLessThanOrEqual(3);
    isDown = false;
    await settle();
    expect(watch.gaps()).toEqual([]);
  });

  test('of one server does not touch the proof of another', async () => {
    const { watch, settle, world, specs } = await setup({ nodes: 2 });
    await settle();
    await world.injector.inject({ target: { nodeId: 'node-001' }, kind: 'driver_unloaded' });
    await settle();
    expect(watch.provenSince(specs[0]?.cards[0]?.uuid ?? '')).toBe(at('2026-11-21T06:00:00Z'));
    expect(watch.provenSince(specs[1]?.cards[0]?.uuid ?? '')).toBeNull();
  });
});

describe('lost events', () => {
  test('an overflow leaves nothing proven from the first loss to the next reading', async () => {
    const { settle, watch, uuid, inject, passTo } = await setup();
    await settle();
    passTo('2026-11-21T06:10:00Z');
    for (let i = 0; i < 1_100; i += 1) void inject('app_xid', i % 16);
    passTo('2026-11-21T06:20:00Z');
    void inject('lost', 3);
    const lines = await settle();
    expect(lines).toContain('07 unknown/events_lost/no work since 06:10:00.000');
    expect(lines).toContain('07 healthy/none/work since 06:20:00.000');
    expect(watch.verdict(uuid(3))?.reason).toBe('device_lost');
    expect(watch.provenSince(uuid(7))).toBe(at('2026-11-21T06:20:00Z'));
  });

  test('a gap in the numbering is a loss too', async () => {
    const { settle, inject } = await setup({
      change: (driver) => ({
        events: (mask, signal) => {
          const stream = driver.events(mask, signal);
          return {
            get pending() {
              return stream.pending;
            },
            get completeTo() {
              return stream.completeTo;
            },
            async *[Symbol.asyncIterator]() {
              for await (const event of stream) yield { ...event, seq: event.seq + 1 };
            },
          };
        },
      }),
    });
    await settle();
    await inject('app_xid', 3);
    expect(await settle()).toContain('03 unknown/events_lost/no work since 06:00:00.000');
  });
});

describe('reads that tell nothing', () => {
  test('change nothing once, and leave the card unknown when they go on', async () => {
    let isMute = false;
    const { settle, watch, uuid } = await setup({
      change: (driver) => {
        const mute = <T>(call: Promise<T>): Promise<T> =>
          isMute ? Promise.reject(new DriverError(DriverCode.TIMEOUT, 'read')) : call;
        return {
          recoveryAction: (ref) => mute(driver.recoveryAction(ref)),
          sample: (ref, fields) => mute(driver.sample(ref, fields)),
          links: (ref) => mute(driver.links(ref)),
        };
      },
    });
    await settle();
    isMute = true;
    await watch.reread();
    expect(watch.verdict(uuid(0))?.health).toBe('healthy');
    await watch.reread();
    expect(watch.verdict(uuid(0))).toMatchObject({ health: 'unknown', reason: 'reads_failing' });
    isMute = false;
    await watch.reread();
    expect(watch.verdict(uuid(0))?.health).toBe('healthy');
  });
});

test('a card that could never be read is unknown, not well', async () => {
  const mute = () => Promise.reject(new DriverError(DriverCode.TIMEOUT, 'read'));
  const { settle, watch, uuid } = await setup({ change: () => ({ recoveryAction: mute, sample: mute, links: mute }) });
  await settle();
  expect(watch.verdict(uuid(0))).toMatchObject({ health: 'unknown', reason: 'reads_failing', takesNewWork: false });
  expect(watch.proof(uuid(0))).toBeNull();
});

test('a bug in a driver is thrown, not taken for a gap', async () => {
  const { settle } = await setup({ change: () => ({ links: () => Promise.reject(new TypeError('a bug')) }) });
  await expect(settle()).rejects.toThrow('a bug');
});

test('an event that comes during a round of reading is judged after it, on top of what it read', async () => {
  const { settle, watch, inject } = await setup();
  await settle();
  const round = watch.reread();
  await Promise.resolve();
  await inject('lost', 3);
  await round;
  const ofCard = (await settle()).filter((line) => line.startsWith('03'));
  expect(ofCard.every((line) => line.includes('unhealthy'))).toBe(true);
  expect(ofCard.at(-1)).toBe('03 unhealthy/device_lost/no work since 06:00:00.000');
});
