import { assertNever, present } from '#lib/core/assert.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { ContainerConventions } from '../containers.ts';
import { simulatedIdentity } from '../identity.ts';
import { findProfile } from '../profiles.ts';
import { openFleet } from '../registry.ts';
import type { DeviceDriver, DevicePlugin } from '../types.ts';
import type { CardSource } from './plugin-command.ts';

/** The server whose cards are served. */
export type ServedServer = {
  readonly driver: DeviceDriver;
  readonly plugin: DevicePlugin;
  readonly conventions: ContainerConventions;
  /** Lets happen what is due; nothing for hardware, which needs nobody for that. */
  readonly catchUp: () => void;
};

/** Opens the cards of this host. A kind of driver that the registry gains is one more case. */
export function openCardSource(source: CardSource, clock: () => Instant): ServedServer {
  switch (source.kind) {
    case 'simulated':
      return openSimulated(source, clock);
    default:
      return assertNever(source.kind);
  }
}

const NODE_ID = 'this-host';

function openSimulated({ modelId, seed }: CardSource, clock: () => Instant): ServedServer {
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
  };
}
