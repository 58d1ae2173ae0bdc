import { expectEveryRuleCaught, type Mutant } from './testing-mutants.ts';
import { DRIVER_RULES } from './conformance-driver.ts';
import { at } from './testing.ts';
import { type DeviceDriver, DriverCode, DriverError, SAMPLE_FIELDS, type Topology } from './types.ts';

/** Leaves the first card out of a topology. */
function withoutFirst({ uuids, path, icnBonded, icnHops }: Topology): Topology {
  const cut = <T>(matrix: readonly (readonly T[])[]): T[][] => matrix.slice(1).map((row) => row.slice(1));
  return { uuids: uuids.slice(1), path: cut(path), icnBonded: cut(icnBonded), icnHops: cut(icnHops) };
}

let looks = 0;
const MUTANTS: readonly Mutant[] = [
  {
    fault: 'needs no init',
    caughtBy: 'a handle that was not initialised answers nothing',
    driver: (driver) => ({ list: () => driver.init().then(() => driver.list()) }),
  },
  {
    fault: 'numbers cards anew at every look',
    caughtBy: 'identities are unique and do not change between two looks',
    driver: (driver) => ({
      list: async () => {
        looks += 1;
        return (await driver.list()).map((card) => ({ ...card, uuid: `${card.uuid}-${looks}` }));
      },
    }),
  },
  {
    fault: 'gives every card of a board one index',
    caughtBy: 'identities are unique and do not change between two looks',
    driver: (driver) => ({
      list: async () => (await driver.list()).map((card) => ({ ...card, index: Math.floor(card.index / 2) })),
    }),
  },
  {
    fault: 'names cards by their index',
    caughtBy: 'who a card is outlives a repair of its server; its index need not',
    driver: (driver) => ({
      list: async () => (await driver.list()).map((card) => ({ ...card, uuid: `GPU-${card.index}` })),
    }),
  },
  {
    fault: 'shows another bus id on the bus',
    caughtBy: 'every listed card is present on the bus under the same identity',
    driver: (driver) => ({
      presence: async () => (await driver.presence()).map((entry) => ({ ...entry, pciBusId: entry.pciBusId.slice(4) })),
    }),
  },
  {
    fault: 'knows a bus id in one spelling only',
    caughtBy: 'a card is found by uuid, by index and by bus id in any spelling',
    driver: (driver) => ({
      info: async (ref, options) => {
        const isExact = !('pciBusId' in ref) || (await driver.list()).some((card) => card.pciBusId === ref.pciBusId);
        if (!isExact) throw new DriverError(DriverCode.NOT_FOUND, 'info');
        return driver.info(ref, options);
      },
    }),
  },
  ...(['info', 'links'] as const).map((op) => ({
    fault: `answers UNKNOWN for unknown cards: ${op}`,
    caughtBy: 'an unknown card is NOT_FOUND for every call',
    driver: () => ({ [op]: () => Promise.reject(new DriverError(DriverCode.UNKNOWN, op)) }),
  })),
  {
    fault: 'samples unknown cards',
    caughtBy: 'an unknown card is NOT_FOUND for every call',
    driver: (driver) => ({ sample: async (_ref, fields) => driver.sample({ index: 0 }, fields) }),
  },
  {
    fault: 'resets unknown cards',
    caughtBy: 'an unknown card is NOT_FOUND for every call',
    driver: () => ({ reset: async () => undefined }),
  },
  {
    fault: 'answers more fields than asked for',
    caughtBy: 'a sample answers exactly the fields asked for, with a finite value or a code',
    driver: (driver) => ({ sample: (ref) => driver.sample(ref, SAMPLE_FIELDS) }),
  },
  {
    fault: 'answers NaN',
    caughtBy: 'a sample answers exactly the fields asked for, with a finite value or a code',
    driver: (driver) => ({
      sample: async (ref, fields) => {
        const value = { ok: true, value: Number.NaN, at: at('2026-11-21T06:00:00Z') } as const;
        const sample = await driver.sample(ref, fields);
        return { ...sample, ...Object.fromEntries(fields.slice(0, 1).map((field) => [field, value])) };
      },
    }),
  },
  {
    fault: 'has one-way links',
    caughtBy: 'a link that joins two cards is the same link from both ends',
    driver: (driver) => ({
      links: async (ref) => (await driver.links(ref)).map((link, i) => (i === 0 ? { ...link, state: 'sleep' } : link)),
    }),
  },
  {
    fault: 'leaves a card out of its topology',
    caughtBy: 'the topology is square, symmetric and about the listed cards',
    driver: (driver) => ({ topology: async () => withoutFirst(await driver.topology()) }),
  },
  {
    fault: 'has a shorter way there than back',
    caughtBy: 'the topology is square, symmetric and about the listed cards',
    driver: (driver) => ({
      topology: async () => {
        const topology = await driver.topology();
        return { ...topology, icnHops: topology.icnHops.map((row, i) => (i === 0 ? row.map(() => 0) : row)) };
      },
    }),
  },
  ...(['list', 'setDrain'] as const).map((op) => ({
    fault: `ignores an abort of ${op}`,
    caughtBy: 'an aborted call rejects with TIMEOUT and changes nothing',
    driver: (driver: DeviceDriver) =>
      op === 'list'
        ? { list: () => driver.list() }
        : { setDrain: (pciBusId: string, on: boolean) => driver.setDrain(pciBusId, on) },
  })),
  {
    fault: 'acts, then says that it was aborted',
    caughtBy: 'an aborted call rejects with TIMEOUT and changes nothing',
    driver: (driver) => ({
      setDrain: async (pciBusId, on, options) => {
        await driver.setDrain(pciBusId, on);
        if (options?.signal?.aborted) throw new DriverError(DriverCode.TIMEOUT, 'setDrain');
      },
    }),
  },
  {
    fault: 'forgets drained cards on the bus',
    caughtBy: 'a drained card leaves the list but not the bus, and comes back',
    driver: (driver) => ({
      presence: async () => (await driver.presence()).filter((entry) => entry.state === 'present'),
    }),
  },
  {
    fault: 'does not drain',
    caughtBy: 'a drained card leaves the list but not the bus, and comes back',
    driver: () => ({ setDrain: async () => undefined }),
  },
  {
    fault: 'drains for ever',
    caughtBy: 'a drained card leaves the list but not the bus, and comes back',
    driver: (driver) => ({
      setDrain: (pciBusId, on, options) => (on ? driver.setDrain(pciBusId, on, options) : Promise.resolve()),
    }),
  },
  {
    fault: 'removes a card in use',
    caughtBy: 'only a drained card is removed, and rediscovery brings it back undrained',
    driver: () => ({ remove: async () => undefined }),
  },
  {
    fault: 'finds nothing again',
    caughtBy: 'only a drained card is removed, and rediscovery brings it back undrained',
    driver: () => ({ rediscover: async () => undefined }),
  },
  {
    fault: 'resets under a process',
    caughtBy: 'a card that a process holds is neither reset nor partitioned',
    driver: () => ({ reset: async () => undefined }),
  },
  {
    fault: 'partitions under a process',
    caughtBy: 'a card that a process holds is neither reset nor partitioned',
    driver: () => ({ setPartitionMode: async () => undefined }),
  },
  {
    fault: 'shows no processes',
    caughtBy: 'a card that a process holds is neither reset nor partitioned',
    driver: () => ({ processes: async () => [] }),
  },
  {
    fault: 'takes any power limit',
    caughtBy: 'a power limit out of range is refused and changes nothing',
    driver: () => ({ setPowerLimit: async () => undefined }),
  },
  {
    fault: 'refuses a power limit and sets another',
    caughtBy: 'a power limit out of range is refused and changes nothing',
    driver: (driver) => ({
      setPowerLimit: async (ref) => {
        await driver.setPowerLimit(ref, 200_000);
        throw new DriverError(DriverCode.INVALID_ARGUMENT, 'setPowerLimit');
      },
    }),
  },
  {
    fault: 'answers 0 for what it cannot read',
    caughtBy: 'a lost card leaves the list, stays on the bus as lost, asks for a cold reboot and reads as a code',
    driver: (driver) => ({
      sample: async (ref, fields) => {
        const zero = { ok: true, value: 0, at: at('2026-11-21T06:00:00Z') } as const;
        const sample = await driver.sample(ref, fields);
        const values = fields.map((field) => [field, sample[field].ok ? sample[field] : zero]);
        return { ...sample, ...Object.fromEntries(values) };
      },
    }),
  },
  {
    fault: 'shows a lost card as present',
    caughtBy: 'a lost card leaves the list, stays on the bus as lost, asks for a cold reboot and reads as a code',
    driver: (driver) => ({
      presence: async () => (await driver.presence()).map((entry) => ({ ...entry, state: 'present' })),
    }),
  },
  {
    fault: 'asks for nothing when a card is lost',
    caughtBy: 'a lost card leaves the list, stays on the bus as lost, asks for a cold reboot and reads as a code',
    driver: () => ({
      recoveryAction: async () => ({ ok: true, value: 'none', at: at('2026-11-21T06:00:00Z') }),
    }),
  },
];

expectEveryRuleCaught('a driver', DRIVER_RULES, MUTANTS);
