import { invariant, present } from '#lib/core/assert.ts';
import { type ConformanceRule, expectCode, expectSame, openServer } from './conformance-rule.ts';
import { normalisePciBusId } from './pci.ts';
import { type DeviceInfo, DriverCode, SAMPLE_FIELDS } from './types.ts';

const NOBODY = 'GPU-00000000-0000-0000-0000-000000000000';

/** What must never change of a card, as a text. */
function identity({ uuid, pciBusId, serial, model, memoryBytes }: DeviceInfo): string {
  return JSON.stringify([uuid, pciBusId, serial, model, memoryBytes]);
}

export const DRIVER_RULES: readonly ConformanceRule[] = [
  {
    name: 'a handle that was not initialised answers nothing',
    isReadOnly: true,
    check: async ({ connect }) => expectCode(connect().list(), DriverCode.UNINITIALIZED, 'list before init'),
  },
  {
    name: 'identities are unique and do not change between two looks',
    isReadOnly: true,
    check: async (subject) => {
      const { driver, cards } = await openServer(subject);
      for (const key of ['uuid', 'index', 'pciBusId'] as const) {
        invariant(new Set(cards.map((card) => card[key])).size === cards.length, `${key} is not unique`);
      }
      expectSame(await driver.list(), cards, 'the second list');
    },
  },
  {
    name: 'who a card is outlives a repair of its server; its index need not',
    check: async (subject) => {
      const { driver, cards } = await openServer(subject);
      await subject.rig.mend();
      const after = await driver.list();
      expectSame(after.map(identity).sort(), cards.map(identity).sort(), 'identities after the repair');
    },
  },
  {
    name: 'every listed card is present on the bus under the same identity',
    isReadOnly: true,
    check: async (subject) => {
      const { driver, cards } = await openServer(subject);
      const seen = new Map((await driver.presence()).map((entry) => [entry.uuid, entry]));
      for (const { uuid, pciBusId } of cards) {
        expectSame(seen.get(uuid), { pciBusId, uuid, state: 'present' }, 'presence');
      }
    },
  },
  {
    name: 'a card is found by uuid, by index and by bus id in any spelling',
    isReadOnly: true,
    check: async (subject) => {
      const { driver, first } = await openServer(subject);
      const shortBusId = first.pciBusId.slice(-12).toUpperCase();
      for (const ref of [{ uuid: first.uuid }, { index: first.index }, { pciBusId: shortBusId }]) {
        expectSame(await driver.info(ref), first, `info by ${JSON.stringify(ref)}`);
      }
    },
  },
  {
    name: 'an unknown card is NOT_FOUND for every call',
    check: async (subject) => {
      const { driver } = await openServer(subject);
      const ref = { uuid: NOBODY };
      await expectCode(driver.info(ref), DriverCode.NOT_FOUND, 'info');
      await expectCode(driver.sample(ref, ['tempC']), DriverCode.NOT_FOUND, 'sample');
      await expectCode(driver.links(ref), DriverCode.NOT_FOUND, 'links');
      await expectCode(driver.reset(ref, 'ppu'), DriverCode.NOT_FOUND, 'reset');
    },
  },
  {
    name: 'a sample answers exactly the fields asked for, with a finite value or a code',
    isReadOnly: true,
    check: async (subject) => {
      const { driver, first } = await openServer(subject);
      const sample = await driver.sample(first, SAMPLE_FIELDS);
      expectSame(Object.keys(sample).sort(), [...SAMPLE_FIELDS].sort(), 'fields');
      for (const field of SAMPLE_FIELDS) {
        const reading = sample[field];
        invariant(!reading.ok || Number.isFinite(reading.value), `${field} is neither a number nor a code`);
      }
      expectSame(Object.keys(await driver.sample(first, ['tempC'])), ['tempC'], 'one field');
    },
  },
  {
    name: 'a link that joins two cards is the same link from both ends',
    isReadOnly: true,
    check: async (subject) => {
      const { driver, cards } = await openServer(subject);
      const links = new Map<string, Awaited<ReturnType<typeof driver.links>>>();
      for (const card of cards) links.set(normalisePciBusId(card.pciBusId) ?? '', await driver.links(card));
      for (const [here, own] of links) {
        for (const { id, remote, state } of own) {
          if (remote.pciBusId === undefined) continue;
          const there = links.get(normalisePciBusId(remote.pciBusId) ?? '');
          const back = present(there?.[remote.link ?? -1], `the far end of link ${id} at ${here}`);
          expectSame([back.remote.link, back.state], [id, state], `the far end of link ${id} at ${here}`);
        }
      }
    },
  },
  {
    name: 'the topology is square, symmetric and about the listed cards',
    isReadOnly: true,
    check: async (subject) => {
      const { driver, cards } = await openServer(subject);
      const { uuids, path, icnBonded, icnHops } = await driver.topology();
      expectSame([...uuids].sort(), cards.map((card) => card.uuid).sort(), 'cards of the topology');
      for (const matrix of [path, icnBonded, icnHops]) {
        const flipped = matrix.map((_, row) => matrix.map((other) => other[row]));
        expectSame(flipped, matrix, 'the matrix read by column');
      }
      invariant(path.every((row, i) => row[i] === 'SELF') && icnHops.every((row, i) => row[i] === 0), 'diagonals');
    },
  },
  {
    name: 'an aborted call rejects with TIMEOUT and changes nothing',
    check: async (subject) => {
      const { driver, first } = await openServer(subject);
      const signal = AbortSignal.abort();
      await expectCode(driver.list({ signal }), DriverCode.TIMEOUT, 'list');
      await expectCode(driver.setDrain(first.pciBusId, true, { signal }), DriverCode.TIMEOUT, 'setDrain');
      expectSame((await driver.list())[0], first, 'the list after it');
    },
  },
  {
    name: 'a drained card leaves the list but not the bus, and comes back',
    check: async (subject) => {
      const { driver, cards, first } = await openServer(subject);
      await driver.setDrain(first.pciBusId, true);
      const left = (await driver.list()).map((card) => card.uuid);
      invariant(left.length === cards.length - 1 && !left.includes(first.uuid), 'a drained card is listed');
      const seen = (await driver.presence()).find((entry) => entry.uuid === first.uuid);
      expectSame(seen?.state, 'draining', 'presence');
      await expectCode(driver.info({ uuid: first.uuid }), DriverCode.NOT_FOUND, 'info of a drained card');
      await driver.setDrain(first.pciBusId, false);
      expectSame(await driver.list(), cards, 'the list after the drain');
    },
  },
  {
    name: 'only a drained card is removed, and rediscovery brings it back undrained',
    check: async (subject) => {
      const { driver, cards, first } = await openServer(subject);
      await expectCode(driver.remove(first.pciBusId), DriverCode.INVALID_STATE, 'remove without drain');
      await driver.setDrain(first.pciBusId, true);
      await driver.remove(first.pciBusId);
      const seen = (await driver.presence()).find((entry) => entry.uuid === first.uuid);
      expectSame(seen?.state ?? 'removed', 'removed', 'presence');
      await driver.rediscover();
      expectSame(await driver.list(), cards, 'the list after rediscovery');
    },
  },
  {
    name: 'a card that a process holds is neither reset nor partitioned',
    check: async (subject) => {
      const { driver, first } = await openServer(subject);
      const free = await subject.rig.hold(first.uuid);
      invariant((await driver.processes(first)).length === 1, 'the process is not shown');
      await expectCode(driver.reset(first, 'ppu'), DriverCode.IN_USE, 'reset');
      await expectCode(driver.setPartitionMode(first, true), DriverCode.IN_USE, 'setPartitionMode');
      free();
      await driver.reset(first, 'ppu');
    },
  },
  {
    name: 'a power limit out of range is refused and changes nothing',
    check: async (subject) => {
      const { driver, first } = await openServer(subject);
      const before = (await driver.sample(first, ['powerLimitMw'])).powerLimitMw;
      await expectCode(driver.setPowerLimit(first, 1), DriverCode.INVALID_ARGUMENT, 'setPowerLimit');
      const after = (await driver.sample(first, ['powerLimitMw'])).powerLimitMw;
      expectSame(after.ok && after.value, before.ok && before.value, 'the limit');
    },
  },
  {
    name: 'a lost card leaves the list, stays on the bus as lost, asks for a cold reboot and reads as a code',
    check: async (subject) => {
      const { driver, cards, first } = await openServer(subject);
      await subject.rig.lose(first.uuid);
      invariant((await driver.list()).length === cards.length - 1, 'a lost card is listed');
      expectSame((await driver.presence()).find((entry) => entry.uuid === first.uuid)?.state, 'lost', 'presence');
      const action = await driver.recoveryAction({ uuid: first.uuid });
      expectSame(action.ok && action.value, 'cold_reboot', 'recovery action');
      const { tempC } = await driver.sample({ uuid: first.uuid }, ['tempC']);
      expectSame(tempC, { ok: false, code: DriverCode.DEVICE_LOST }, 'a reading');
      await subject.rig.mend();
      expectSame((await driver.list()).length, cards.length, 'cards after the repair');
    },
  },
];
