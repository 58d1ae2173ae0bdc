import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { plusSeconds } from '#lib/core/instant.ts';
import { at } from '../testing.ts';
import type { ToolCommand } from '../tool/command.ts';
import { type DeviceEvent, type DeviceEventType, DriverCode, type EventStream } from '../types.ts';
import { openRig, type RigOptions } from './testing-rig.ts';
import { Script } from './testing-script.ts';

const MASK: readonly DeviceEventType[] = ['xid', 'recovery_action', 'driver', 'power'];
const T0 = at('2026-11-21T06:00:00Z');

/** Reads on and on, so that nothing stays pending; tells what came, and how the stream ended. */
function listen(stream: EventStream): { heard: DeviceEvent[]; ended: Promise<unknown> } {
  const heard: DeviceEvent[] = [];
  const read = async (): Promise<void> => {
    for await (const event of stream) heard.push(event);
  };
  return { heard, ended: read().catch((error: unknown) => error) };
}

const kinds = (events: readonly DeviceEvent[]): string[] =>
  events.map((event) => {
    if (event.type === 'recovery_action') return event.action;
    return event.type === 'driver' ? `driver ${event.bound ? 'bound' : 'away'}` : event.type;
  });

async function openServer(options: RigOptions = {}) {
  const rig = openRig({ modelId: 'm890', ...options });
  const driver = rig.connect();
  await driver.init();
  const [card, other] = await driver.list();
  const stream = driver.events(MASK, new AbortController().signal);
  return { rig, driver, stream, uuid: card?.uuid ?? '', other: other?.uuid ?? '' };
}

const beat = (second: number, index = 0): string => `${index}, pwrDraw , ${plusSeconds(T0, second) * 1_000}, 70`;
const xid = (second: number, index = 0): string => `${index}, xidEvent, ${plusSeconds(T0, second) * 1_000}, 1666`;

/** Until the end of the test, time passes for timers only as it is told to. */
function stopTimers(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
}

describe('how far silence proves anything', () => {
  test('a round of samples proves nothing of itself; the next one proves everything up to its stamp', async () => {
    const script = new Script(beat(0), beat(0, 1));
    const { rig, stream } = await openServer({ corrupt: script.corrupt });
    rig.passTo(plusSeconds(T0, 9));
    script.print(beat(1), beat(1, 1));
    await rig.traffic.quiet();
    expect(stream.completeTo).toBe(T0);
    script.print(beat(2));
    await rig.traffic.quiet();
    expect(stream.completeTo).toBe(plusSeconds(T0, 1));
  });

  test('it never reaches past our own clock, however far the other one is ahead', async () => {
    const script = new Script(beat(0));
    const { rig, stream } = await openServer({ corrupt: script.corrupt });
    script.print(beat(20), beat(40));
    await rig.traffic.quiet();
    expect(stream.completeTo).toBe(T0);
  });

  test.each([
    ['a stamp before the last one', [beat(1), beat(0)]],
    ['a stamp of another century', ['0, pwrDraw , 9962606252543916, 45']],
    ['news from before what was proven', [beat(1), beat(2), beat(3), xid(0)]],
    ['news of a card that nobody knows', [xid(0, 77)]],
    ['a line broken off', ['0, pwrDraw , 16626']],
    ['words', ['Segmentation fault']],
  ])('%s breaks the stream', async (_, lines) => {
    const script = new Script(beat(0));
    const { rig, driver, stream } = await openServer({ corrupt: script.corrupt });
    rig.passTo(plusSeconds(T0, 9));
    script.print(...lines);
    expect(await listen(stream).ended).toMatchObject({ code: DriverCode.UNKNOWN });
    // What broke begins anew with the next init, and with nothing else.
    const again = driver.events(MASK, new AbortController().signal);
    expect(await listen(again).ended).toMatchObject({ code: DriverCode.NOT_READY });
  });

  test('the end of the tool by itself breaks the stream', async () => {
    const script = new Script(beat(0));
    const { stream } = await openServer({ corrupt: script.corrupt });
    script.end();
    expect(await listen(stream).ended).toMatchObject({ code: DriverCode.UNKNOWN });
  });

  test('a tool that says nothing any more breaks the stream', async () => {
    stopTimers();
    const script = new Script(beat(0));
    const { stream } = await openServer({ corrupt: script.corrupt, connection: { silenceMsMax: 20 } });
    vi.advanceTimersByTime(20);
    expect(await listen(stream).ended).toMatchObject({ code: DriverCode.TIMEOUT });
  });

  test('a tool that goes on talking may do so for as long as it likes', async () => {
    stopTimers();
    const script = new Script(beat(0));
    const { rig, stream } = await openServer({ corrupt: script.corrupt, connection: { silenceMsMax: 100 } });
    rig.passTo(plusSeconds(T0, 9));
    for (const second of [1, 2, 3, 4]) {
      script.print(beat(second));
      await rig.traffic.quiet();
      vi.advanceTimersByTime(60);
    }
    expect(stream.completeTo).toBe(plusSeconds(T0, 3));
    vi.advanceTimersByTime(60);
    expect(await listen(stream).ended).toMatchObject({ code: DriverCode.TIMEOUT });
  });

  test('a tool that never says anything is no subscription', async () => {
    const rig = openRig({ corrupt: new Script().corrupt, connection: { silenceMsMax: 20 } });
    await expect(rig.connect().init()).rejects.toMatchObject({ code: DriverCode.TIMEOUT });
  });
});

describe('what is told of events', () => {
  test('all handles of a server share one run of the tool', async () => {
    const script = new Script(beat(0));
    const rig = openRig({ modelId: 'm890', corrupt: script.corrupt });
    const [one, two] = [rig.connect(), rig.connect()];
    await Promise.all([one.init(), two.init()]);
    await one.init();
    expect(script.runs).toBe(1);
    await one.shutdown();
    const heard = listen(two.events(MASK, new AbortController().signal));
    await two.shutdown();
    expect(await heard.ended).toMatchObject({ code: DriverCode.UNINITIALIZED });
  });

  test('a changed recovery action is told after the XID that changed it, an unchanged one is not', async () => {
    const { rig, stream, uuid, other } = await openServer();
    const { heard } = listen(stream);
    await rig.inject(other, 'app_xid');
    await rig.settle();
    await rig.inject(uuid, 'kill_overtime');
    await rig.settle();
    expect(kinds(heard)).toEqual(['xid', 'xid', 'device_reset']);
    expect(heard.map((event) => event.uuid)).toEqual([other, uuid, uuid]);
  });

  test('what a card wants is asked again until it is told', async () => {
    let failures = 3;
    const failing = (tool: ToolCommand): ToolCommand => ({
      run: (args, options) => {
        const isFailing = args[0] === '-q' && isOn && failures > 0;
        if (isFailing) failures -= 1;
        return isFailing ? Promise.resolve({ stdout: 'oops\n', stderr: '', exitCode: 1 }) : tool.run(args, options);
      },
      follow: (args, signal) => tool.follow(args, signal),
    });
    let isOn = false;
    const { rig, stream, uuid } = await openServer({ corrupt: failing });
    isOn = true;
    const { heard } = listen(stream);
    await rig.inject(uuid, 'kill_overtime');
    await rig.settle();
    expect(kinds(heard)).toEqual(['xid', 'device_reset']);
    expect(failures).toBe(0);
  });

  test('a driver that goes is away from the last proven instant, and its return is told with what changed', async () => {
    const { rig, driver, stream, uuid } = await openServer();
    const { heard } = listen(stream);
    await rig.inject(uuid, 'kill_overtime');
    await rig.settle();
    const provenTo = stream.completeTo;
    await rig.injectServer('driver_unloaded');
    await rig.settle();
    expect(kinds(heard)).toEqual(['xid', 'device_reset', 'driver away']);
    expect(heard.at(-1)?.at).toBeLessThanOrEqual(plusSeconds(provenTo, 1));
    expect(stream.completeTo).toBeLessThanOrEqual(plusSeconds(provenTo, 1));
    await expect(driver.list()).rejects.toMatchObject({ code: DriverCode.DRIVER_NOT_LOADED });
    expect((await driver.presence()).every(({ state }) => state === 'present')).toBe(true);

    const back = rig.host.perform('os_reboot');
    rig.passTo(plusSeconds(back, 1));
    await rig.settle();
    expect(kinds(heard).slice(3)).toEqual(['driver bound', 'none']);
    expect(stream.completeTo).toBeGreaterThan(back);
    // The reboot turned the numbers; events are still told of the right card.
    await rig.inject(uuid, 'app_xid');
    await rig.settle();
    expect(heard.at(-1)).toMatchObject({ type: 'xid', uuid });
  });

  test('a server without a card to listen to is waited for', async () => {
    const { rig, driver, stream } = await openServer();
    const { heard } = listen(stream);
    const buses = (await driver.list()).map(({ pciBusId }) => pciBusId);
    for (const bus of buses) await driver.setDrain(bus, true);
    await rig.settle();
    expect(await driver.list()).toEqual([]);
    expect((await driver.presence()).every(({ state }) => state === 'draining')).toBe(true);
    for (const bus of buses) await driver.setDrain(bus, false);
    await rig.settle();
    expect(kinds(heard)).toEqual(['driver away', 'driver bound']);
  });

  test('a handle can be had while the driver is away, and hears of its return', async () => {
    const rig = openRig({ modelId: 'm890' });
    await rig.injectServer('lib_mismatch');
    const driver = rig.connect();
    await driver.init();
    const { heard } = listen(driver.events(MASK, new AbortController().signal));
    await expect(driver.list()).rejects.toMatchObject({ code: DriverCode.LIB_RM_MISMATCH });
    rig.passTo(plusSeconds(rig.host.perform('driver_restart'), 1));
    await rig.settle();
    expect(kinds(heard)[0]).toBe('driver bound');
    expect(await driver.list()).toHaveLength(8);
  });

  test('a reset ends the monitor first and with it the streams; the next init listens again', async () => {
    const { rig, driver, stream, uuid } = await openServer();
    const { ended } = listen(stream);
    await driver.reset({ uuid }, 'ppu');
    expect(await ended).toMatchObject({ code: DriverCode.NOT_READY });
    await driver.init();
    const { heard } = listen(driver.events(MASK, new AbortController().signal));
    await rig.inject(uuid, 'app_xid');
    await rig.settle();
    expect(kinds(heard)).toEqual(['xid']);
  });

  test('a reset that is refused costs nobody his stream', async () => {
    const { rig, driver, stream, uuid, other } = await openServer();
    const { heard } = listen(stream);
    rig.host.spawn({ uuids: [other], name: 'train', runSeconds: null, exitCode: 0, load: 'training' });
    await expect(driver.reset({ uuid }, 'ppu')).rejects.toMatchObject({ code: DriverCode.IN_USE });
    const nobody = { uuid: 'GPU-00000000-0000-0000-0000-000000000000' };
    await expect(driver.reset(nobody, 'ppu')).rejects.toMatchObject({ code: DriverCode.NOT_FOUND });
    await rig.inject(uuid, 'app_xid');
    await rig.settle();
    expect(kinds(heard)).toEqual(['xid']);
  });

  test('when numbers no longer belong to the cards listened to, the stream breaks', async () => {
    const script = new Script(beat(0));
    const { rig, driver, stream } = await openServer({ corrupt: script.corrupt });
    const { ended } = listen(stream);
    rig.passTo(plusSeconds(rig.host.perform('os_reboot'), 1));
    await driver.list();
    expect(await ended).toMatchObject({ code: DriverCode.UNKNOWN });
  });
});
