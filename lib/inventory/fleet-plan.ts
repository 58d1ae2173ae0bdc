import { invariant } from '#lib/core/assert.ts';
import type { LevelId, LocalName } from './types.ts';

/** A site to be built: how many servers, and how they are grouped. */
export type SitePlan = {
  readonly region: { readonly code: string; readonly name: LocalName };
  readonly code: string;
  readonly name: LocalName;
  readonly modelId: string;
  readonly cardsPerServer: number;
  readonly serversPerSupernode: number;
  readonly supernodesPerPod: number;
  /** Cards in regular servers; the last server takes what is left of them. */
  readonly cards: number;
  /** Servers beside the regular ones, in a pod of their own. */
  readonly spareServers: number;
  /** The share of its cards that is kept from sale to stand in for cards that fail, in basis points. */
  readonly spareBps: number;
};

export type PlannedPlace = {
  readonly id: string;
  readonly parentId: string | null;
  readonly level: LevelId;
  readonly code: string;
  readonly name: LocalName;
  readonly path: string;
};
export type PlannedServer = { readonly id: string; readonly ordinal: number; readonly cards: number };
export type PlannedCard = {
  readonly id: string;
  readonly serverId: string;
  readonly ordinal: number;
  readonly slot: number;
  readonly isSpare: boolean;
};

/** A site as rows: places from the root down, servers and cards in ordinal order. */
export type PlannedFleet = {
  readonly siteId: string;
  readonly poolId: string;
  readonly places: PlannedPlace[];
  readonly servers: PlannedServer[];
  readonly cards: PlannedCard[];
};

const two = (n: number): string => `${n}`.padStart(2, '0');

class Builder {
  readonly places: PlannedPlace[] = [];
  readonly servers: PlannedServer[] = [];
  readonly cards: PlannedCard[] = [];
  readonly #paths = new Map<string, string>();

  /** Adds a place once; its path is its parent's and its code. */
  place(id: string, parentId: string | null, level: LevelId, code: string, name: LocalName): string {
    if (this.#paths.has(id)) return id;
    const path = parentId === null ? code : `${this.#paths.get(parentId)}/${code}`;
    this.#paths.set(id, path);
    this.places.push({ id, parentId, level, code, name, path });
    return id;
  }

  server(id: string, cards: number): void {
    this.servers.push({ id, ordinal: this.servers.length, cards });
    for (let slot = 0; slot < cards; slot += 1) {
      const cardId = `crd_${id.slice('nod_'.length)}-c${two(slot)}`;
      this.cards.push({ id: cardId, serverId: id, ordinal: this.cards.length, slot, isSpare: false });
    }
  }
}

/**
 * Marks the spares: of each pod its share, rounded down, from its last card backwards. So a pod that is sold out still
 * has a replacement for most failures, and whole servers are given up rather than one card of many.
 */
export function withSpares(
  cards: readonly PlannedCard[],
  podOf: (card: PlannedCard) => string,
  spareBps: number,
): PlannedCard[] {
  const spares = [...Map.groupBy(cards, podOf).values()].flatMap((own) => {
    const count = Math.floor((own.length * spareBps) / 10_000);
    return own.slice(own.length - count);
  });
  const ids = new Set(spares.map(({ id }) => id));
  return cards.map((card) => ({ ...card, isSpare: ids.has(card.id) }));
}

/**
 * Lays out a site. The same plan gives the same ids on every machine, so database and simulator agree on who a card is.
 * Shaoguan: 9,984 cards are 12 pods × 13 supernodes × 4 servers × 16 cards, and one spare server makes 10,000.
 */
export function planFleet(plan: SitePlan): PlannedFleet {
  invariant(plan.cards > 0 && plan.cardsPerServer > 0, 'a site has cards');
  const builder = new Builder();
  const regionId = builder.place(`plc_${plan.region.code}`, null, 'region', plan.region.code, plan.region.name);
  const siteId = builder.place(`sit_${plan.code}`, regionId, 'site', plan.code, plan.name);
  const server = (pod: string, podName: LocalName, supernode: string, number: number, cards: number): void => {
    const podId = builder.place(`plc_${plan.code}-${pod}`, siteId, 'pod', pod, podName);
    const supernodeName = { zh: `超节点 ${supernode.slice(1)}`, en: `Supernode ${supernode.slice(1)}` };
    const supernodeId = builder.place(`${podId}-${supernode}`, podId, 'supernode', supernode, supernodeName);
    const code = `n${number}`;
    const id = `nod_${plan.code}-${pod}-${supernode}-${code}`;
    builder.place(id, supernodeId, 'server', code, { zh: `服务器 ${number}`, en: `Server ${number}` });
    builder.server(id, cards);
  };
  const regular = Math.ceil(plan.cards / plan.cardsPerServer);
  for (let i = 0; i < regular; i += 1) {
    const supernode = Math.floor(i / plan.serversPerSupernode);
    const pod = Math.floor(supernode / plan.supernodesPerPod) + 1;
    const name = { zh: `机房单元 ${two(pod)}`, en: `Pod ${two(pod)}` };
    const cards = Math.min(plan.cardsPerServer, plan.cards - i * plan.cardsPerServer);
    server(
      `p${two(pod)}`,
      name,
      `s${two((supernode % plan.supernodesPerPod) + 1)}`,
      (i % plan.serversPerSupernode) + 1,
      cards,
    );
  }
  for (let i = 0; i < plan.spareServers; i += 1) {
    server(
      'px',
      { zh: '备机', en: 'Spares' },
      `s${two(Math.floor(i / plan.serversPerSupernode) + 1)}`,
      (i % plan.serversPerSupernode) + 1,
      plan.cardsPerServer,
    );
  }
  const { places, servers } = builder;
  const podOf = new Map(servers.map(({ id }) => [id, id.split('-')[1] ?? '']));
  const cards = withSpares(builder.cards, ({ serverId }) => podOf.get(serverId) ?? '', plan.spareBps);
  return { siteId, poolId: `pol_${plan.code}-${plan.modelId}`, places, servers, cards };
}
