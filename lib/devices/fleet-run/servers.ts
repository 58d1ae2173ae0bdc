import { present } from '#lib/core/assert.ts';
import { simulatedIdentity } from '../identity.ts';
import { findProfile } from '../profiles.ts';
import type { SimulatedNodeSpec } from '../simulation.ts';

const DRIVER_VERSION = '2.1.0-ra1f23041713';

/** Servers `node-00000`, `node-00001` … of one model with so many cards in all; the last one may be smaller. */
export function serversOf(terms: {
  readonly cards: number;
  readonly seed: number;
  readonly modelId: string;
}): SimulatedNodeSpec[] {
  const { cards, seed, modelId } = terms;
  const { cardsPerServer } = present(findProfile(modelId), modelId).figures;
  return Array.from({ length: Math.ceil(cards / cardsPerServer) }, (_, ordinal) => {
    const nodeId = `node-${String(ordinal).padStart(5, '0')}`;
    const slots = Math.min(cardsPerServer, cards - ordinal * cardsPerServer);
    const own = Array.from({ length: slots }, (_card, slot) => ({
      slot,
      ...simulatedIdentity({ seed, nodeKey: nodeId, slot, modelId }),
    }));
    return { nodeId, modelId, driverVersion: DRIVER_VERSION, cards: own };
  });
}
