import { type sendUnaryData, status } from '@grpc/grpc-js';
import { describe, expect, test } from 'vitest';
import { CONFORMANCE_RULES } from '../conformance.ts';
import { PLUGIN_RULES } from '../conformance-plugin.ts';
import type { ConformanceSubject } from '../conformance-rule.ts';
import type { ListAndWatchResponse } from './messages.ts';
import type { DevicePluginHandlers } from './plugin-service.ts';
import { openTestServer, overSocket } from './testing.ts';

type Alter = (handlers: DevicePluginHandlers) => Partial<DevicePluginHandlers>;

/** A simulated server whose plugin is behind a socket, with a mended driver on this side of it. */
async function subject(modelId: string, alter?: Alter): Promise<ConformanceSubject> {
  const server = openTestServer(modelId);
  return { ...server, plugin: (await overSocket(server.plugin, alter)).client };
}

describe.each(['zw810e', 'm890'])('a plugin of a simulated %s server behind a socket conforms', (modelId) => {
  test.each(CONFORMANCE_RULES)('$name', async ({ check }) => check(await subject(modelId)));
});

/** Changes an answer before it is sent; what fails stays as it is. */
function answering<A>(respond: sendUnaryData<A>, change: (answer: A) => A): sendUnaryData<A> {
  return (error, answer, ...rest) =>
    respond(error, answer === null || answer === undefined ? answer : change(answer), ...rest);
}

/** Changes each list before it is sent; null ends the stream instead. */
function listing(change: (list: ListAndWatchResponse) => ListAndWatchResponse | null): Alter {
  return (handlers) => {
    const stream: DevicePluginHandlers['ListAndWatch'] = (call) => {
      const write = call.write.bind(call);
      call.write = (list: ListAndWatchResponse) => {
        const changed = change(list);
        if (changed === null) call.end();
        return changed === null || write(changed);
      };
      handlers.ListAndWatch(call);
    };
    return { ListAndWatch: stream };
  };
}

/** A stream that sends only what changed, as servers do whose authors overlooked that the list is always whole. */
function onlyChanges(): Alter {
  const told = new Map<string, string>();
  return listing(({ devices }) => {
    const news = devices.filter((device) => told.get(device.ID) !== device.health);
    for (const device of news) told.set(device.ID, device.health);
    return { devices: news };
  });
}

function onlyOnce(): Alter {
  let isTold = false;
  return listing((list) => {
    if (isTold) return null;
    isTold = true;
    return list;
  });
}

const MUTANTS: readonly { fault: string; caughtBy: string; alter: Alter }[] = [
  {
    fault: 'forgets the NUMA nodes',
    caughtBy: 'the first list names every card, healthy, with its NUMA node',
    alter: listing(({ devices }) => ({ devices: devices.map((device) => ({ ...device, topology: null })) })),
  },
  {
    fault: 'leaves the last card out',
    caughtBy: 'the first list names every card, healthy, with its NUMA node',
    alter: listing(({ devices }) => ({ devices: devices.slice(1) })),
  },
  {
    fault: 'writes health in capitals',
    caughtBy: 'the first list names every card, healthy, with its NUMA node',
    alter: listing(({ devices }) => ({
      devices: devices.map((device) => ({ ...device, health: device.health.toUpperCase() })),
    })),
  },
  {
    fault: 'sends only what changed',
    caughtBy: 'a lost card turns unhealthy in a full list, and healthy again after its repair',
    alter: onlyChanges(),
  },
  {
    fault: 'gives the nodes of every card',
    caughtBy: 'an allocation has the nodes of its cards and one ordered list in every variable',
    alter: ({ Allocate }) => ({
      Allocate: (call, respond) =>
        Allocate(
          call,
          answering(respond, ({ container_responses }) => ({
            container_responses: container_responses.map((response) => ({
              ...response,
              devices: Array.from({ length: 16 }, (_, i) => `/dev/alixpu_ppu${i}`).map((at) => ({
                container_path: at,
                host_path: at,
                permissions: 'rw',
              })),
            })),
          })),
        ),
    }),
  },
  {
    fault: 'forgets the CDI names',
    caughtBy: 'an allocation has the nodes of its cards and one ordered list in every variable',
    alter: ({ Allocate }) => ({
      Allocate: (call, respond) =>
        Allocate(
          call,
          answering(respond, ({ container_responses }) => ({
            container_responses: container_responses.map((response) => ({ ...response, cdi_devices: [] })),
          })),
        ),
    }),
  },
  {
    fault: 'answers only the first container',
    caughtBy: 'several containers of one call get an answer each',
    alter: ({ Allocate }) => ({
      Allocate: (call, respond) =>
        Allocate(
          call,
          answering(respond, ({ container_responses }) => ({ container_responses: container_responses.slice(0, 1) })),
        ),
    }),
  },
  {
    fault: 'grants whatever is asked for',
    caughtBy: 'an allocation of an unknown, doubled or unusable card is refused by name',
    alter: () => ({ Allocate: (_, respond) => respond(null, { container_responses: [] }) }),
  },
  {
    fault: 'refuses everything alike',
    caughtBy: 'an allocation of an unknown, doubled or unusable card is refused by name',
    alter: ({ Allocate }) => ({
      Allocate: (call, respond) =>
        Allocate(call, (error, answer) => respond(error && { code: status.UNKNOWN, details: 'no' }, answer)),
    }),
  },
  {
    fault: 'refuses without telling the list',
    caughtBy: 'a refused allocation is followed by a full list that shows why',
    alter: onlyOnce(),
  },
  {
    fault: 'prefers without regard to what must be included',
    caughtBy: 'a preference contains what it must, nothing unavailable, and as many as asked for',
    alter: () => ({
      GetPreferredAllocation: ({ request }, respond) =>
        respond(null, {
          container_responses: request.container_requests.map((wish) => ({
            deviceIDs: wish.available_deviceIDs.slice(0, wish.allocation_size),
          })),
        }),
    }),
  },
  {
    fault: 'reads its requests under other names, as a loader that changes case would',
    caughtBy: 'a preference contains what it must, nothing unavailable, and as many as asked for',
    alter: ({ GetPreferredAllocation }) => ({
      GetPreferredAllocation: (call, respond) => {
        call.request = {
          container_requests: call.request.container_requests.map((wish) => ({ ...wish, available_deviceIDs: [] })),
        };
        GetPreferredAllocation(call, respond);
      },
    }),
  },
];

describe('the suite catches a server that', () => {
  test.each(MUTANTS)('$fault', async ({ caughtBy, alter }) => {
    const rule = PLUGIN_RULES.find(({ name }) => name === caughtBy);
    await expect(rule?.check(await subject('zw810e', alter))).rejects.toThrow();
  });

  test('breaks any rule there is', () => {
    expect(new Set(MUTANTS.map(({ caughtBy }) => caughtBy))).toEqual(new Set(PLUGIN_RULES.map(({ name }) => name)));
  });
});
