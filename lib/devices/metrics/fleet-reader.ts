import type { Instant } from '#lib/core/instant.ts';
import { SECOND_MS } from '#lib/core/instant.ts';
import type { Health, HealthVerdict } from '../health.ts';
import { CallTally } from './call-tally.ts';
import { CardLabels } from './card-labels.ts';
import { labelText } from './exposition.ts';
import { CARD_FAMILIES } from './families.ts';
import { readServer, SILENT_SERVER, type ServerReadout } from './server-reading.ts';
import type { FleetSnapshot } from './snapshot.ts';
import type { CardView, MetricFleet, MetricServer } from './types.ts';

/** Servers asked at the same time. With a driver that answers at once, also the work between two pauses. */
const SERVERS_AT_ONCE = 32;
/** How long a server may take, and after how long no further one is asked: together less than a scrape may take. */
export const SERVER_MS_MAX = 2_000;
export const FLEET_MS_MAX = 5_000;

/** Something that is over after so many milliseconds, unless it is called off before. */
export type Limit = { readonly signal: AbortSignal; callOff(): void };

/** What time is to a collection: limits, and pauses for other work. */
export type Patience = { limit(ms: number): Limit; breathe(): Promise<void> };

/** Reads one fleet for metrics, again and again; keeps what does not change between two scrapes. */
export class FleetReader {
  readonly #fleet: MetricFleet;
  readonly #cards: readonly { readonly uuid: string; readonly labels: CardLabels }[];
  readonly #firstCardOf = new Map<string, number>();
  readonly #serverLabels: readonly string[];
  readonly #calls = new CallTally();
  /** Servers with a call that has not come back: they are not asked again before it has. */
  readonly #stuck = new Set<string>();

  constructor(fleet: MetricFleet) {
    this.#fleet = fleet;
    this.#serverLabels = fleet.servers.map((server) => serverLabels(fleet, server));
    const cards: { uuid: string; labels: CardLabels }[] = [];
    for (const server of fleet.servers) {
      this.#firstCardOf.set(server.serverId, cards.length);
      for (const card of server.cards) cards.push({ uuid: card.uuid, labels: new CardLabels(fleet, server, card) });
    }
    this.#cards = cards;
  }

  /** Asks every server once, in bounded time, whatever some of them do. */
  async collect(patience: Patience): Promise<FleetSnapshot> {
    const page = new Page(this.#cards.length);
    const isUp = new Map<string, boolean>();
    const gaps = new Set(this.#fleet.health.gaps());
    const whole = patience.limit(FLEET_MS_MAX);
    const waiting = this.#fleet.servers.values();
    const work = async (): Promise<void> => {
      for (const server of waiting) {
        await patience.breathe();
        const readout = whole.signal.aborted ? SILENT_SERVER : await this.#ask(server, patience);
        isUp.set(server.serverId, readout.isUp);
        this.#note(server, readout, gaps.has(server.serverId), page);
      }
    };
    await Promise.all(Array.from({ length: SERVERS_AT_ONCE }, work)).finally(whole.callOff);
    return this.#snapshot(page, isUp);
  }

  async #ask(server: MetricServer, patience: Patience): Promise<ServerReadout> {
    const { serverId } = server;
    if (this.#stuck.has(serverId)) return SILENT_SERVER;
    this.#stuck.add(serverId);
    const limit = patience.limit(SERVER_MS_MAX);
    const { inTime, over } = readServer(server, this.#calls, limit.signal);
    void over.then(() => this.#stuck.delete(serverId));
    // A limit that runs on would keep all that was read in memory for as long.
    return inTime.finally(limit.callOff);
  }

  #note(server: MetricServer, { infos, cards }: ServerReadout, isDeaf: boolean, page: Page): void {
    const { health, events } = this.#fleet;
    const first = this.#firstCardOf.get(server.serverId) ?? 0;
    server.cards.forEach(({ uuid }, slot) => {
      const told = cards.get(uuid) ?? { sample: null, links: null };
      const view: CardView = {
        ...told,
        verdict: health.verdict(uuid),
        lastXid: events.lastXid(uuid) ?? (isDeaf ? null : 0),
      };
      const labels = this.#cards[first + slot]?.labels.text(infos?.get(uuid) ?? null) ?? '';
      page.write(first + slot, labels, view);
    });
  }

  #snapshot(page: Page, isUp: ReadonlyMap<string, boolean>): FleetSnapshot {
    const { siteId, poolId, modelId, servers, events, clock } = this.#fleet;
    const { oldestAt } = page;
    return {
      labels: labelText({ site: siteId, pool: poolId }),
      modelId,
      servers: servers.map(({ serverId }, ordinal) => ({
        labels: this.#serverLabels[ordinal] ?? '',
        isUp: isUp.get(serverId) ?? false,
      })),
      cardLabels: page.labels,
      verdicts: page.verdicts,
      values: page.values,
      cardsByHealth: countByHealth(page.verdicts),
      oldestReadingSeconds: oldestAt === null ? null : Math.max(0, clock() - oldestAt) / SECOND_MS,
      events: events.counts(),
      calls: this.#calls.calls(),
      errors: this.#calls.errors(),
    };
  }
}

/** The figures of one collection while it is under way. */
class Page {
  readonly labels: string[];
  readonly verdicts: (HealthVerdict | null)[];
  readonly values: readonly Float64Array[];
  oldestAt: Instant | null = null;

  constructor(cards: number) {
    this.labels = new Array<string>(cards).fill('');
    this.verdicts = new Array<HealthVerdict | null>(cards).fill(null);
    this.values = CARD_FAMILIES.map(() => new Float64Array(cards).fill(Number.NaN));
  }

  write(card: number, labels: string, view: CardView): void {
    this.labels[card] = labels;
    this.verdicts[card] = view.verdict;
    CARD_FAMILIES.forEach(({ read }, family) => {
      const column = this.values[family];
      if (column) column[card] = read(view) ?? Number.NaN;
    });
    for (const reading of Object.values(view.sample ?? {})) {
      if (reading.ok && (this.oldestAt === null || reading.at < this.oldestAt)) this.oldestAt = reading.at;
    }
  }
}

function serverLabels(fleet: MetricFleet, { serverId, hostname, supernodeId }: MetricServer): string {
  const { siteId, poolId } = fleet;
  return labelText({ Hostname: hostname, site: siteId, supernode: supernodeId, pool: poolId, server: serverId });
}

/** A card that nobody has judged yet counts as unknown, which it is. */
function countByHealth(verdicts: readonly (HealthVerdict | null)[]): Readonly<Record<Health, number>> {
  const counts = { healthy: 0, degraded: 0, unhealthy: 0, unknown: 0 } satisfies Record<Health, number>;
  for (const verdict of verdicts) counts[verdict?.health ?? 'unknown'] += 1;
  return counts;
}
