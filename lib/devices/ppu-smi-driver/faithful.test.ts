import { describe, expect, test } from 'vitest';
import { plusSeconds } from '#lib/core/instant.ts';
import { MIB } from '../card-profile.ts';
import { type DeviceDriver, DriverCode, type NumberReading, SAMPLE_FIELDS, type SampleField } from '../types.ts';
import { openRig, type Rig } from './testing-rig.ts';

/** What the tool rounds away: powers to hundredths of a watt, memory in use to whole mebibytes. */
const STEP: Readonly<Partial<Record<SampleField, number>>> = { powerMw: 10, memUsedBytes: MIB };

/** What the tool has no column for. */
const NOT_PRINTED: readonly SampleField[] = ['energyMj', 'pcieReplay'];

/** A server with a bit of everything: work, a broken link, retired pages, a blocked card, a drained and a lost one. */
async function openEventfulServer(modelId: string): Promise<{ rig: Rig; real: DeviceDriver; driver: DeviceDriver }> {
  const rig = openRig({ modelId });
  const real = await rig.simulated();
  const driver = rig.connect();
  await driver.init();
  const uuids = (await real.list()).map(({ uuid }) => uuid);
  const [busy = '', worn = '', cut = '', blocked = '', drained = '', lost = ''] = uuids;
  rig.host.spawn({ uuids: [busy, drained], name: 'train, all night', runSeconds: null, exitCode: 0, load: 'training' });
  await rig.inject(worn, 'hbm_uecc');
  await rig.inject(cut, 'icn_down');
  await rig.inject(blocked, 'kill_overtime');
  await real.setPowerLimit({ uuid: cut }, 300_000);
  rig.passTo(plusSeconds(rig.now(), 90));
  const { pciBusId } = await real.info({ uuid: drained });
  await driver.list();
  await real.setDrain(pciBusId, true);
  await rig.inject(lost, 'lost');
  return { rig, real, driver };
}

const outcome = (call: Promise<unknown>): Promise<unknown> =>
  call.catch((error: unknown) => (error instanceof Error && 'code' in error ? error.code : error));

describe.each(['zw810e', 'm890'])('what a %s server says survives being printed and read', (modelId) => {
  test('who is there, how they are joined, and what runs on them, to the letter', async () => {
    const { real, driver } = await openEventfulServer(modelId);
    const byBus = (a: { pciBusId: string }, b: { pciBusId: string }) => (a.pciBusId < b.pciBusId ? -1 : 1);
    expect(await driver.list()).toEqual(await real.list());
    expect((await driver.presence()).toSorted(byBus)).toEqual((await real.presence()).toSorted(byBus));
    expect(await driver.topology()).toEqual(await real.topology());
    expect(await driver.system()).toEqual(await real.system());
    for (const { uuid, state } of await real.presence()) {
      const ref = { uuid: uuid ?? '' };
      expect(await outcome(driver.info(ref)), state).toEqual(await outcome(real.info(ref)));
      expect(await outcome(driver.links(ref)), state).toEqual(await outcome(real.links(ref)));
      expect(await outcome(driver.fabric(ref)), state).toEqual(await outcome(real.fabric(ref)));
      expect(await outcome(driver.recoveryAction(ref)), state).toEqual(await outcome(real.recoveryAction(ref)));
    }
  });

  test('what is measured, to the digits that the tool prints, and its energy not at all', async () => {
    const { real, driver } = await openEventfulServer(modelId);
    for (const { uuid, state } of await real.presence()) {
      if (uuid === null || state === 'draining') continue;
      const [printed, measured] = [
        await driver.sample({ uuid }, SAMPLE_FIELDS),
        await real.sample({ uuid }, SAMPLE_FIELDS),
      ];
      for (const field of SAMPLE_FIELDS) {
        if (NOT_PRINTED.includes(field)) {
          expect(printed[field]).toEqual({ ok: false, code: DriverCode.NOT_SUPPORTED });
        } else {
          expect(rounded(field, printed[field]), field).toEqual(rounded(field, measured[field]));
        }
      }
      const memory = (reading: NumberReading) => rounded('memUsedBytes', reading);
      const [shown, held] = await Promise.all([outcome(driver.processes({ uuid })), outcome(real.processes({ uuid }))]);
      const plain = (list: unknown) =>
        Array.isArray(list) ? list.map((process) => ({ ...process, usedBytes: memory(process.usedBytes) })) : list;
      expect(plain(shown)).toEqual(plain(held));
    }
  });
});

function rounded(field: SampleField, reading: NumberReading): NumberReading {
  const step = STEP[field] ?? 1;
  return reading.ok ? { ...reading, value: Math.round(reading.value / step) * step } : reading;
}
