import { assertNever, present } from '#lib/core/assert.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { ContainerConventions } from '../containers.ts';
import { simulatedIdentity } from '../identity.ts';
import { findProfile } from '../profiles.ts';
import { CONTAINER_OF, openHosts, type RealDriverKind } from '../hosts.ts';
import { openFleet } from '../registry.ts';
import type { DeviceDriver, DevicePlugin } from '../types.ts';
import { pauseFor } from '../tool/pause.ts';
import type { CardSource } from './plugin-command.ts';

/** The server whose cards are served. */
export type ServedServer = {
  readonly driver: DeviceDriver;
  readonly plugin: DevicePlugin;
  readonly conventions: ContainerConventions;
  /** Lets happen what is due; nothing for hardware, which needs nobody for that. */
  readonly catchUp: () => void;
  /** Ends what still runs for it. */
  readonly close: () => Promise<void>;
};

/** Opens the cards of this host. */
export function openCardSource(source: CardSource, clock: () => Instant): ServedServer {
  switch (source.kind) {
    case 'simulated':
      return openSimulated(source, clock);
    case 'real':
      return openReal(source.driver, clock);
    default:
      return assertNever(source);
  }
}

const NODE_ID = 'this-host';

const RETRY_MS = 1_000;

/** The cards that are in this host, through the tool that its vendor installed. */
function openReal(driver: RealDriverKind, clock: () => Instant): ServedServer {
  const pause = (signal: AbortSignal): Promise<void> => pauseFor(RETRY_MS, signal);
  const fleet = openHosts(new Map([[NODE_ID, { driver, runner: [] }]]), { clock, pause });
  return {
    driver: fleet.driver(NODE_ID),
    plugin: fleet.plugin(NODE_ID),
    conventions: CONTAINER_OF[driver],
    catchUp: () => undefined,
    close: () => fleet.close(),
  };
}

type Simulated = Extract<CardSource, { kind: 'simulated' }>;

function openSimulated({ modelId, seed }: Simulated, clock: () => Instant): ServedServer {
  const { container, figures } = present(findProfile(modelId), `profile of ${modelId}`);
  const cards = Array.from({ length: figures.cardsPerServer }, (_, slot) => ({
    slot,
    ...simulatedIdentity({ seed, nodeKey: NODE_ID, slot, modelId }),
  }));
  const world = openFleet('simulated', {
    nodes: [{ nodeId: NODE_ID, modelId, driverVersion: '2.1.0-ra1f23041713', cards }],
    seed,
    startAt: clock(),
    rates: null,
    clock,
  });
  return {
    driver: world.driver(NODE_ID),
    plugin: world.plugin(NODE_ID),
    conventions: container,
    catchUp: () => world.runTo(clock()),
    close: async () => undefined,
  };
}
