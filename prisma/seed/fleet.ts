import 'server-only';
import { present } from '#lib/core/assert.ts';
import type { Instant } from '#lib/core/instant.ts';
import { simulatedIdentity } from '#lib/devices/identity.ts';
import { planFleet, type SitePlan } from '#lib/inventory/fleet-plan.ts';
import { LEVELS } from '#lib/inventory/types.ts';
import type { Tx } from '#lib/platform/db.ts';

const REGION = { code: 'gd', name: { zh: '广东', en: 'Guangdong' } };

/** Shaoguan: 12 pods × 13 supernodes × 4 servers × 16 cards, and one spare server: 10,000 cards. */
export const SHAOGUAN: SitePlan = {
  region: REGION,
  code: 'sg',
  name: { zh: '韶关', en: 'Shaoguan' },
  modelId: 'zw810e',
  cardsPerServer: 16,
  serversPerSupernode: 4,
  supernodesPerPod: 13,
  cards: 9_984,
  spareServers: 1,
  spareBps: 200,
};

/** A second, small site: 256 M890 in servers of 8. */
export const FOSHAN: SitePlan = {
  region: REGION,
  code: 'fs',
  name: { zh: '佛山', en: 'Foshan' },
  modelId: 'm890',
  cardsPerServer: 8,
  serversPerSupernode: 4,
  supernodesPerPod: 4,
  cards: 256,
  spareServers: 0,
  spareBps: 200,
};

/** A site of `cards` cards laid out like Shaoguan, for replays: all of them on sale, because nothing fails in a replay. */
export function siteOf(code: string, cards: number): SitePlan {
  const base = code === 'fs' ? FOSHAN : SHAOGUAN;
  const whole = base.cards + base.spareServers * base.cardsPerServer;
  return { ...base, code, spareBps: 0, ...(cards === whole ? {} : { cards, spareServers: 0 }) };
}

const DRIVER_VERSIONS: Readonly<Record<string, string>> = { zw810e: '1.5.1-1d747a', m890: '2.1.0-ra1f23041713' };

export async function seedLevels(tx: Tx): Promise<void> {
  await tx.level.createMany({ data: LEVELS.map((id, rank) => ({ id, rank })), skipDuplicates: true });
}

/** Builds a site: places, servers and cards, the cards with the identities under which the simulator knows them. */
export async function seedSite(
  tx: Tx,
  plan: SitePlan,
  seed: number,
  inServiceAt: Instant,
): Promise<{ poolId: string; siteId: string }> {
  const fleet = planFleet(plan);
  const known = new Set((await tx.place.findMany({ select: { id: true } })).map(({ id }) => id));
  const places = fleet.places.filter(({ id }) => !known.has(id));
  await tx.place.createMany({ data: places.map(({ level, ...place }) => ({ ...place, levelId: level })) });
  await tx.pool.create({
    data: { id: fleet.poolId, siteId: fleet.siteId, cardModelId: plan.modelId, spareBps: plan.spareBps },
  });
  const driverVersion = present(DRIVER_VERSIONS[plan.modelId], `driver of ${plan.modelId}`);
  await tx.serverHost.createMany({
    data: fleet.servers.map(({ id, ordinal, cards }) => ({
      placeId: id,
      poolId: fleet.poolId,
      ordinal,
      cardCount: cards,
      driverVersion,
      driverKind: 'simulated',
    })),
  });
  await tx.card.createMany({
    data: fleet.cards.map(({ isSpare, ...card }) => ({
      ...card,
      poolId: fleet.poolId,
      cardModelId: plan.modelId,
      ...simulatedIdentity({ seed, nodeKey: card.serverId, slot: card.slot, modelId: plan.modelId }),
      health: 'healthy',
      lifecycle: 'in_service',
      commercial: isSpare ? 'spare' : 'on-sale',
      inServiceAt: new Date(inServiceAt),
    })),
  });
  return { poolId: fleet.poolId, siteId: fleet.siteId };
}
