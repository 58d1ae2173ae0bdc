import { describe, expect, test } from 'vitest';
import { at } from './testing.ts';
import { openTestWatch as setup } from './testing-watch.ts';

describe('proof', () => {
  test('begins with the first reading under a live subscription, one change a card', async () => {
    const { settle, watch, uuid } = await setup({ nodes: 2 });
    expect(watch.proof(uuid(0))).toBeNull();
    const changes = await settle();
    expect(changes).toHaveLength(32);
    expect(new Set(changes.map((line) => line.slice(3)))).toEqual(new Set(['healthy/none/work since 06:00:00.000']));
    expect(watch.provenSince(uuid(0))).toBe(at('2026-11-21T06:00:00Z'));
    expect(watch.gaps()).toEqual([]);
  });

  test('reaches as far as the stream is complete when the watch has settled, and no further', async () => {
    const { settle, watch, uuid, passTo } = await setup();
    await settle();
    passTo('2026-11-21T07:00:00Z');
    expect(watch.proof(uuid(0))).toEqual({ startAt: at('2026-11-21T06:00:00Z'), endAt: at('2026-11-21T06:00:00Z') });
    expect(await settle()).toEqual([]);
    expect(watch.proof(uuid(0))).toEqual({ startAt: at('2026-11-21T06:00:00Z'), endAt: at('2026-11-21T07:00:00Z') });
  });

  test('of a card that nobody has shown is null', async () => {
    const { settle, watch } = await setup();
    await settle();
    expect([watch.proof('GPU-none'), watch.verdict('GPU-none')]).toEqual([null, null]);
  });

  test('goes on while a card is degraded, drained, or has lost a page', async () => {
    const { settle, watch, uuid, inject, driver, passTo } = await setup();
    await settle();
    await inject('cecc_storm', 0);
    await inject('hbm_uecc', 1);
    const device = await driver();
    await device.setDrain((await device.info({ uuid: uuid(2) })).pciBusId, true);
    await watch.reread();
    passTo('2026-11-21T07:00:00Z');
    await settle();
    expect([0, 1, 2].map((slot) => watch.verdict(uuid(slot))?.reason)).toEqual([
      'correctable_ecc_storm',
      'page_retired',
      'drained',
    ]);
    for (const slot of [0, 1, 2]) {
      expect(watch.proof(uuid(slot))).toEqual({
        startAt: at('2026-11-21T06:00:00Z'),
        endAt: at('2026-11-21T07:00:00Z'),
      });
    }
  });
});

describe('a drain', () => {
  test('heals nothing: what a card last asked for stands until it is read again', async () => {
    const { settle, watch, uuid, inject, driver } = await setup();
    await settle();
    await inject('retirement_failed', 2);
    await settle();
    const device = await driver();
    const { pciBusId } = await device.info({ uuid: uuid(2) });
    await device.setDrain(pciBusId, true);
    await watch.reread();
    expect(watch.verdict(uuid(2))?.reason).toBe('drain_and_reset_required');
    await device.reset({ uuid: uuid(2) }, 'ppu');
    await watch.reread();
    expect(watch.verdict(uuid(2))?.reason).toBe('drain_and_reset_required');
    await device.setDrain(pciBusId, false);
    await watch.reread();
    expect(watch.verdict(uuid(2))?.reason).toBe('none');
  });

  test('hides no news: a drained card that is blocked is blocked', async () => {
    const { settle, watch, uuid, inject, driver } = await setup();
    await settle();
    const device = await driver();
    await device.setDrain((await device.info({ uuid: uuid(2) })).pciBusId, true);
    await watch.reread();
    await inject('kill_overtime', 2);
    await settle();
    expect(watch.verdict(uuid(2))).toMatchObject({ health: 'unhealthy', reason: 'reset_required' });
    await watch.reread();
    expect(watch.verdict(uuid(2))).toMatchObject({ health: 'unhealthy', reason: 'reset_required' });
  });
});

describe('bad news', () => {
  test('counts from its own event, however late it is looked at', async () => {
    const { settle, watch, uuid, injectAt, passTo } = await setup();
    await settle();
    await injectAt('lost', 3, '2026-11-21T06:10:00.500Z');
    passTo('2026-11-21T09:00:00Z');
    const changes = await settle();
    expect(changes[0]).toBe('03 unhealthy/device_lost/no work since 06:10:00.500');
    expect(watch.provenSince(uuid(3))).toBeNull();
    expect(watch.provenSince(uuid(15))).toBe(at('2026-11-21T06:00:00Z'));
  });

  test('is not missed when it came and went between two looks; good news counts from the reading', async () => {
    const { settle, watch, uuid, inject, driver, passTo } = await setup();
    await settle();
    const device = await driver();
    passTo('2026-11-21T06:10:00Z');
    void inject('kill_overtime', 3);
    passTo('2026-11-21T06:20:00Z');
    void device.reset({ uuid: uuid(3) }, 'ppu');
    passTo('2026-11-21T06:30:00Z');
    expect(await settle()).toEqual([
      '03 unhealthy/reset_required/no work since 06:10:00.000',
      '03 healthy/none/work since 06:30:00.000',
    ]);
    expect(watch.provenSince(uuid(3))).toBe(at('2026-11-21T06:30:00Z'));
  });

  test('of a broken wire reaches the card at its other end and keeps new work from the whole server', async () => {
    const { settle, inject, watch } = await setup();
    await settle();
    await inject('icn_down', 3);
    const changes = await settle();
    expect(changes.filter((line) => line.includes('node_reboot_required'))).toHaveLength(1);
    expect(changes.filter((line) => line.includes('degraded/icn_link_down/no work'))).toHaveLength(1);
    expect(new Set(changes.filter((line) => line.includes('server_reboot_pending'))).size).toBe(15);
    expect(watch.gaps()).toEqual([]);
  });

  test('of a driver that is gone makes the server unknown, until a reading after its return', async () => {
    const { settle, world, passTo } = await setup();
    await settle();
    await world.injector.inject({ target: { nodeId: 'node-000' }, kind: 'lib_mismatch' });
    const changes = await settle();
    expect(changes.at(-1)).toBe('15 unknown/driver_mismatch/no work since 06:00:00.000');
    world.host('node-000').perform('driver_restart');
    passTo('2026-11-21T06:05:00Z');
    expect((await settle()).at(-1)).toBe('15 healthy/none/work since 06:05:00.000');
  });

  test('names the event that told it', async () => {
    const { settle, watch, inject } = await setup();
    await settle();
    await inject('lost', 3);
    await watch.settled();
    expect(watch.take()[0]?.cause).toMatchObject({ type: 'xid', code: 16257 });
  });
});

describe('XIDs', () => {
  test('are reported with what they mean, those of applications too, which change no verdict', async () => {
    const { settle, watch, uuid, inject } = await setup({ modelId: 'm890' });
    await settle();
    await inject('app_xid', 0);
    expect(await settle()).toEqual([]);
    const [sighting, ...others] = watch.takeXids();
    expect(sighting).toMatchObject({ nodeId: 'node-000', uuid: uuid(0), facts: { code: 1666, class: 'application' } });
    expect([others, watch.takeXids()]).toEqual([[], []]);
  });

  test('of one memory fault are one fault, those of two within a day ask for a reset', async () => {
    const { settle, watch, uuid, inject, passTo } = await setup();
    await settle();
    await inject('sram_ecc', 3);
    expect(await settle()).toEqual(['03 healthy/page_retired/work since 06:00:00.000']);
    passTo('2026-11-21T07:00:00Z');
    await inject('sram_ecc', 3);
    await settle();
    expect(watch.verdict(uuid(3))).toMatchObject({ health: 'unhealthy', recovery: 'device_reset' });
  });
});

describe('what has no event', () => {
  test('is found by reading again: half a link at both ends', async () => {
    const { settle, watch, inject } = await setup();
    await settle();
    await inject('icn_half_width', 3);
    expect(await settle()).toEqual([]);
    await watch.reread();
    expect((await settle()).map((line) => line.slice(3))).toEqual(
      new Array(2).fill('degraded/icn_reduced_width/work since 06:00:00.000'),
    );
  });

  test('a card that was lost before the watch began is known from the bus, and by name once it is back', async () => {
    const { settle, watch, world, uuid, passTo } = await setup();
    world.restore([{ uuid: uuid(3), kind: 'lost', since: at('2026-11-20T06:00:00Z') }]);
    await settle();
    expect(watch.verdict(uuid(3))?.reason).toBe('device_lost');
    world.host('node-000').perform('cold_reboot');
    passTo('2026-11-21T06:10:00Z');
    await settle();
    expect(watch.verdict(uuid(3))?.reason).toBe('none');
  });
});

test('a closed watch hears nothing more', async () => {
  const { settle, watch, inject } = await setup();
  await settle();
  watch.close();
  await inject('lost', 3);
  expect(await settle()).toEqual([]);
});
