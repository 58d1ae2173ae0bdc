import type { Instant } from '#lib/core/instant.ts';
import type { ClosedInterval } from '#lib/core/interval.ts';
import type { HealthVerdict } from './health.ts';
import { InBackground } from './in-background.ts';
import { NodeWatch } from './node-watch.ts';
import type { DeviceDriver, DeviceEvent } from './types.ts';
import type { HealthChange } from './watched-cards.ts';
import { decodeXid, type XidFacts } from './xid.ts';

export type XidSighting = {
  readonly nodeId: string;
  readonly uuid: string;
  readonly at: Instant;
  readonly facts: XidFacts;
};

/**
 * Follows the health of every card of a set of servers through their drivers, and knows what is proven: a card is
 * proven up from the instant of the first good reading under a live subscription until the last instant for which the
 * stream is complete. It owns no timer and no clock; it moves when `settled` is called.
 */
export class FleetWatch {
  readonly #nodes: readonly NodeWatch[];
  readonly #distant: ReadonlyMap<string, InBackground>;
  readonly #nodeOfCard = new Map<string, NodeWatch>();
  #changes: HealthChange[] = [];
  #xids: XidSighting[] = [];

  /**
   * `onEvent` is told every event in the order of its server's stream; it must not throw. `distant` are servers that may
   * take their time to answer: a round sets them going and does not wait for them.
   */
  constructor(
    drivers: ReadonlyMap<string, DeviceDriver>,
    onEvent: (event: DeviceEvent) => void = () => {},
    distant: ReadonlySet<string> = new Set(),
  ) {
    this.#distant = new Map([...distant].map((nodeId) => [nodeId, new InBackground()]));
    const heard = (nodeId: string, event: DeviceEvent): void => {
      this.#heard(nodeId, event);
      onEvent(event);
    };
    this.#nodes = [...drivers].map(([nodeId, driver]) => {
      const changed = (change: HealthChange): void => {
        this.#changes.push(change);
        // Every card has a first change, so that hardly one is ever looked for among all servers.
        if (!this.#nodeOfCard.has(change.uuid)) this.#nodeOfCard.set(change.uuid, node);
      };
      const node: NodeWatch = new NodeWatch(nodeId, driver, { changed, heard });
      return node;
    });
  }

  /**
   * Resolves when every event emitted so far has had its effect on verdicts and proofs. Tries once to subscribe where
   * no subscription is live, so the first call connects the fleet and later ones end gaps. Of a distant server, what it
   * told until now has had its effect; the rest comes with a later call.
   */
  async settled(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => this.#go(node, () => node.settled())));
  }

  /**
   * Reads every card again, or those of some servers: some faults (a link at half width) announce themselves by no
   * event.
   */
  async reread(nodeIds: readonly string[] | null = null): Promise<void> {
    const wanted = new Set(nodeIds);
    const nodes = nodeIds === null ? this.#nodes : this.#nodes.filter(({ nodeId }) => wanted.has(nodeId));
    await Promise.all(nodes.map((node) => this.#go(node, () => node.reread())));
  }

  /** The changes of verdict since the last call, in the order in which they became known; at first one per card. */
  take(): HealthChange[] {
    const taken = this.#changes;
    this.#changes = [];
    return taken;
  }

  /** The XIDs heard since the last call, with what they mean, those of applications too. */
  takeXids(): XidSighting[] {
    const taken = this.#xids;
    this.#xids = [];
    return taken;
  }

  /** The verdict on a card now; null when no driver has shown it yet. */
  verdict(uuid: string): HealthVerdict | null {
    return this.#nodeOf(uuid)?.cards.verdict(uuid) ?? null;
  }

  /** From when to when a card is proven up (healthy or degraded) without a break; null when it is not. */
  proof(uuid: string): ClosedInterval | null {
    return this.#nodeOf(uuid)?.proof(uuid) ?? null;
  }

  /** The start of {@link FleetWatch.proof}. */
  provenSince(uuid: string): Instant | null {
    return this.proof(uuid)?.startAt ?? null;
  }

  /** Servers without a live subscription: nothing is proven there until it is back. */
  gaps(): string[] {
    return this.#nodes.filter((node) => !node.isLive).map((node) => node.nodeId);
  }

  async #go({ nodeId }: NodeWatch, work: () => Promise<void>): Promise<void> {
    const distant = this.#distant.get(nodeId);
    if (!distant) return work();
    distant.kick(work);
  }

  /** Ends every subscription. */
  close(): void {
    for (const node of this.#nodes) node.close();
  }

  #nodeOf(uuid: string): NodeWatch | null {
    const known = this.#nodeOfCard.get(uuid);
    if (known) return known;
    const node = this.#nodes.find((candidate) => candidate.cards.has(uuid)) ?? null;
    if (node) this.#nodeOfCard.set(uuid, node);
    return node;
  }

  #heard(nodeId: string, event: DeviceEvent): void {
    if (event.type !== 'xid' || event.uuid === null) return;
    const arch = this.#nodeOf(event.uuid)?.cards.arch(event.uuid) ?? 'unknown';
    this.#xids.push({ nodeId, uuid: event.uuid, at: event.at, facts: decodeXid(arch, event.code) });
  }
}
