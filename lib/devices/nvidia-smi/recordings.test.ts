import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { READ_ONLY_RULES } from '../conformance.ts';
import type { ConformanceSubject } from '../conformance-rule.ts';
import { openFleet } from '../registry.ts';
import { at } from '../testing.ts';
import { type DeviceDriver, DriverCode } from '../types.ts';
import { playedTools, type Recording, recordingSchema } from './recording.ts';
import { untilAborted } from './testing-recording/rig.ts';
import { composeRecording, STATE_NAMES, type StateName } from './testing-recording/states.ts';

const FOLDER = new URL('./testing-recording/recordings/', import.meta.url);
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

function read(file: string): Recording {
  return recordingSchema.parse(JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')));
}

const refuse = (): never => {
  throw new Error('a rule that changes nothing asked for a change');
};

function played(recording: Recording): ConformanceSubject {
  const clock = () => at('2026-11-21T06:00:00Z');
  const nodes = [{ nodeId: 'played', tools: playedTools(recording) }];
  const fleet = openFleet('nvidia-smi', { nodes, clock, pause: untilAborted });
  return {
    connect: () => fleet.driver('played'),
    plugin: fleet.plugin('played'),
    rig: { disturb: refuse, lose: refuse, mend: refuse, settle: refuse, hold: refuse },
  };
}

async function opened(recording: Recording): Promise<DeviceDriver> {
  const driver = played(recording).connect();
  await driver.init();
  return driver;
}

describe.each(FILES)('the recording %s', (file) => {
  test.each(READ_ONLY_RULES)('$name', ({ check }) => check(played(read(file))));
});

test('the composed recording that is kept is what composing gives', async () => {
  expect(read('composed-8xh100-idle.json')).toEqual(await composeRecording('idle', 'r570'));
});

test('nothing but what was printed by a real server calls itself recorded', () => {
  expect(FILES.filter((file) => (read(file).origin === 'composed') !== file.startsWith('composed-'))).toEqual([]);
});

describe.each(['r570', 'r535'] as const)('of a server in the manner of %s', (age) => {
  test.each(['idle', 'busy', 'drained', 'lost', 'link_down'] as const)(
    '%s, a capture holds the rules',
    async (state) => {
      const recording = await composeRecording(state, age);
      for (const { check } of READ_ONLY_RULES) await check(played(recording));
    },
  );

  test.each<[StateName, string[]]>([
    ['idle', []],
    ['busy', []],
    ['drained', ['draining']],
    ['lost', ['lost']],
    ['reset_required', []],
  ])('%s, a capture shows how each card stands on the bus', async (state, expected) => {
    const driver = await opened(await composeRecording(state, age));
    const states = (await driver.presence()).map((entry) => entry.state).filter((entry) => entry !== 'present');
    expect(states).toEqual(expected);
    expect(await driver.list()).toHaveLength(8 - expected.length);
  });

  test('busy, a capture shows who holds which card', async () => {
    const driver = await opened(await composeRecording('busy', age));
    const held = (await driver.list()).map((card) => driver.processes({ uuid: card.uuid }));
    expect((await Promise.all(held)).map((processes) => processes.length)).toEqual([1, 0, 0, 0, 0, 1, 0, 0]);
  });

  test('with a card that needs a reset, its readings are that code and its neighbours are numbers', async () => {
    const driver = await opened(await composeRecording('reset_required', age));
    const samples = (await driver.list()).map((card) => driver.sample({ uuid: card.uuid }, ['tempC']));
    expect((await Promise.all(samples)).map(({ tempC }) => (tempC.ok ? 'number' : tempC.code))).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map((slot) => (slot === 4 ? DriverCode.RESET_REQUIRED : 'number')),
    );
  });

  test.each([
    ['driver_unloaded', DriverCode.DRIVER_NOT_LOADED],
    ['library_mismatch', DriverCode.LIB_RM_MISMATCH],
  ] as const)('%s, every question has that code, and the cards are still on the bus', async (state, code) => {
    const driver = await opened(await composeRecording(state, age));
    for (const call of [driver.list(), driver.topology(), driver.system(), driver.links({ index: 0 })]) {
      await expect(call).rejects.toMatchObject({ code });
    }
    expect((await driver.presence()).map((entry) => entry.state)).toEqual(new Array(8).fill('present'));
  });
});

test('every state is composed', () => expect(STATE_NAMES).toHaveLength(8));
