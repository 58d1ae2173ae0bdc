import { invariant, present } from '#lib/core/assert.ts';
import {
  type ConformanceRule,
  type ConformanceSubject,
  expectCode,
  expectSame,
  mustCome,
  openServer,
} from './conformance-rule.ts';
import { DriverCode, type PluginDevice } from './types.ts';

const ID_CHARACTERS_MAX = 63;

export const PLUGIN_RULES: readonly ConformanceRule[] = [
  {
    name: 'the first list names every card, healthy, with its NUMA node',
    check: async (subject) => {
      const { cards } = await openServer(subject);
      const { list, stop } = follow(subject);
      const expected = cards.map(({ uuid, numaNode }) => ({
        id: uuid,
        health: 'Healthy',
        numa: numaNode === null ? [] : [numaNode],
      }));
      expectSame(byId(await list()), byId(expected), 'the list');
      invariant(
        cards.every(({ uuid }) => uuid.length <= ID_CHARACTERS_MAX),
        'an id is too long for the kubelet',
      );
      stop();
    },
  },
  {
    name: 'a lost card turns unhealthy in a full list, and healthy again after its repair',
    check: async (subject) => {
      const { cards, first } = await openServer(subject);
      const { list, stop } = follow(subject);
      const healthOf = (devices: readonly PluginDevice[]): string | undefined =>
        devices.find((device) => device.id === first.uuid)?.health;
      await list();
      await subject.rig.lose(first.uuid);
      let devices = await list();
      while (healthOf(devices) === 'Healthy') devices = await list();
      expectSame(devices.length, cards.length, 'devices in the list');
      await subject.rig.mend();
      while (healthOf(devices) === 'Unhealthy') devices = await list();
      expectSame(devices.length, cards.length, 'devices in the list');
      stop();
    },
  },
  {
    name: 'an allocation has the nodes of its cards and one ordered list in every variable',
    check: async (subject) => {
      const { cards } = await openServer(subject);
      const asked = cards.slice(0, 2).reverse();
      const [allocation] = await subject.plugin.allocate([{ deviceIds: asked.map((card) => card.uuid) }]);
      const { devices, envs, cdiDevices } = present(allocation, 'an allocation');
      const paths = devices.map((device) => device.hostPath);
      for (const { deviceNode } of asked) invariant(paths.includes(deviceNode), `${deviceNode} is missing`);
      invariant(!cards.slice(2).some((card) => paths.includes(card.deviceNode)), 'a node of another card is given');
      const lists = [...new Set(Object.values(envs))];
      expectSame(lists.length, 1, 'different lists');
      const named = present(lists[0], 'a list').split(',');
      const isNamed = asked.map(({ uuid, index }, i) => {
        const name = named[i] ?? '';
        return name === String(index) || name.replace(/^[A-Z]+-/, '') === uuid.replace(/^[A-Z]+-/, '');
      });
      expectSame(
        [named.length, ...isNamed],
        [asked.length, ...asked.map(() => true)],
        'cards named in the order asked',
      );
      expectSame(cdiDevices.length, asked.length, 'CDI devices');
    },
  },
  {
    name: 'several containers of one call get an answer each',
    check: async (subject) => {
      const { cards } = await openServer(subject);
      const requests = cards.slice(0, 2).map(({ uuid }) => ({ deviceIds: [uuid] }));
      expectSame((await subject.plugin.allocate(requests)).length, 2, 'answers');
    },
  },
  {
    name: 'an allocation of an unknown, doubled or unusable card is refused by name',
    check: async (subject) => {
      const { driver, first } = await openServer(subject);
      const { plugin } = subject;
      const ask = (...deviceIds: string[]): Promise<unknown> => plugin.allocate([{ deviceIds }]);
      await expectCode(ask('GPU-none'), DriverCode.NOT_FOUND, 'an unknown card');
      await expectCode(ask(first.uuid, first.uuid), DriverCode.INVALID_ARGUMENT, 'a doubled card');
      await driver.setDrain(first.pciBusId, true);
      await expectCode(ask(first.uuid), DriverCode.INVALID_STATE, 'a drained card');
      await driver.setDrain(first.pciBusId, false);
      await ask(first.uuid);
    },
  },
  {
    name: 'a refused allocation is followed by a full list that shows why',
    check: async (subject) => {
      const { driver, cards, first } = await openServer(subject);
      const { list, stop } = follow(subject);
      await list();
      await driver.setDrain(first.pciBusId, true);
      const asked = cards.slice(0, 2).map((card) => card.uuid);
      await expectCode(subject.plugin.allocate([{ deviceIds: asked }]), DriverCode.INVALID_STATE, 'a drained card');
      const devices = await list();
      expectSame(devices.length, cards.length, 'devices in the list');
      const unhealthy = devices.filter((device) => device.health === 'Unhealthy').map((device) => device.id);
      expectSame(unhealthy, [first.uuid], 'unhealthy devices');
      await driver.setDrain(first.pciBusId, false);
      stop();
    },
  },
  {
    name: 'a preference contains what it must, nothing unavailable, and as many as asked for',
    isReadOnly: true,
    check: async (subject) => {
      const { cards } = await openServer(subject);
      const available = cards.slice(1).map((card) => card.uuid);
      const mustInclude = available.slice(-1);
      for (const size of [1, 2, available.length]) {
        const [chosen] = await subject.plugin.getPreferredAllocation([{ available, mustInclude, size }]);
        const unique = new Set(chosen);
        expectSame(unique.size, size, 'cards chosen');
        invariant(
          mustInclude.every((uuid) => unique.has(uuid)),
          'a required card is missing',
        );
        invariant(
          [...unique].every((uuid) => available.includes(uuid)),
          'an unavailable card is chosen',
        );
      }
    },
  },
];

type Follow = { readonly list: () => Promise<readonly PluginDevice[]>; readonly stop: () => void };

function follow(subject: ConformanceSubject): Follow {
  const abort = new AbortController();
  const lists = subject.plugin.listAndWatch(abort.signal)[Symbol.asyncIterator]();
  return {
    list: async () => {
      const { done, value } = await mustCome(subject, lists.next(), 'a list');
      invariant(!done, 'the watch ended by itself');
      return value;
    },
    stop: () => abort.abort(),
  };
}

function byId<T extends { readonly id: string }>(devices: readonly T[]): T[] {
  return devices.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
