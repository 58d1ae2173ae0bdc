import { present } from '#lib/core/assert.ts';
import { earlier, HOUR_MS, type Instant, MINUTE_MS, plusMs } from '#lib/core/instant.ts';
import { resetInOrder } from '../reset-card.ts';
import { isHostAction, type SimulatedHost, type SimulatedNodeSpec } from '../simulation.ts';
import { type DeviceDriver, DriverError, type RecoveryAction } from '../types.ts';
import type { FleetWatch } from '../watch.ts';
import type { HealthChange } from '../watched-cards.ts';
import { chooseRepair, DRAINED_WISH, planOf, type Repair, type Wish, wishOf } from './policy.ts';

/** A refused repair is tried again after this long. Assumption. */
const RETRY_AFTER_MS = 10 * MINUTE_MS;
const REFUSALS_MAX = 12;
const NONE: ReadonlySet<null> = new Set();

/** A server under the care of ops. */
type Case = {
  readonly nodeId: string;
  readonly openedAt: Instant;
  plan: Wish;
  /** When a repair is to begin, or one under way will be over. */
  dueAt: Instant;
  isUnderWay: boolean;
  readonly tried: Repair[];
  refusals: number;
  /** Services stopped for the repair. */
  stopped: string[];
  /** Cards that a refused reset left drained: they look well, and are not. */
  drained: ReadonlySet<string | null>;
};

type CardWish = Wish & { readonly card: SimulatedNodeSpec['cards'][number]; readonly advice: RecoveryAction };

export type DeskTools = {
  readonly watch: FleetWatch;
  readonly hostOf: (nodeId: string) => SimulatedHost;
  readonly driverOf: (nodeId: string) => DeviceDriver;
  /** Told of everything that is done, in order. */
  readonly note: (...words: readonly unknown[]) => void;
};

/**
 * Ops, as a policy over verdicts: opens a case when a server's cards ask for a repair, does what they ask for in the
 * right order, looks whether it helped, and goes on to something stronger when it did not.
 */
export class RepairDesk {
  readonly repairs: Partial<Record<Repair, number>> = {};
  readonly refusals: Record<string, number> = {};
  abandoned = 0;
  #closed = 0;
  #repairMs = 0;
  readonly #cases = new Map<string, Case>();
  readonly #givenUp = new Set<string>();
  readonly #cardsOf: ReadonlyMap<string, SimulatedNodeSpec['cards']>;
  readonly #tools: DeskTools;

  constructor(servers: readonly SimulatedNodeSpec[], tools: DeskTools) {
    this.#cardsOf = new Map(servers.map(({ nodeId, cards }) => [nodeId, cards]));
    this.#tools = tools;
  }

  get openCases(): number {
    return this.#cases.size;
  }

  get closedCases(): number {
    return this.#closed;
  }

  /** From bad news to the last card that works again, as a mean over closed cases; null when there were none. */
  get mttrHours(): number | null {
    return this.#closed === 0 ? null : this.#repairMs / this.#closed / HOUR_MS;
  }

  /** When the next thing is to be done; null when nothing is. */
  nextAt(): Instant | null {
    return [...this.#cases.values()].reduce<Instant | null>(
      (next, { dueAt }) => (next === null ? dueAt : earlier(next, dueAt)),
      null,
    );
  }

  /** Takes in a change of health that became known at `now`. */
  hear({ nodeId, verdict, since }: HealthChange, now: Instant): void {
    const open = this.#cases.get(nodeId);
    const plan = wishOf(verdict) && planOf(this.#wishes(nodeId, open?.drained));
    if (!plan || this.#givenUp.has(nodeId)) return;
    if (!open) {
      const dueAt = plusMs(now, plan.startAfterMs);
      const fresh = {
        nodeId,
        openedAt: since,
        plan,
        dueAt,
        isUnderWay: false,
        tried: [],
        refusals: 0,
        stopped: [],
        drained: NONE,
      };
      this.#cases.set(nodeId, fresh);
    } else if (!open.isUnderWay && (open.plan.repair !== plan.repair || open.plan.isUrgent !== plan.isUrgent)) {
      open.plan = plan;
      open.dueAt = plusMs(now, plan.startAfterMs);
    }
  }

  /** Does all that is due. */
  async act(now: Instant): Promise<void> {
    for (const own of [...this.#cases.values()].filter(({ dueAt }) => dueAt <= now)) {
      if (own.isUnderWay) await this.#finish(own, now);
      else await this.#begin(own, now);
    }
  }

  async #begin(own: Case, now: Instant): Promise<void> {
    const plan = planOf(this.#wishes(own.nodeId, own.drained));
    if (!plan) return this.#close(own, now);
    const repair = chooseRepair(plan.repair, own.tried);
    if (repair === null || own.refusals > REFUSALS_MAX) return this.#giveUp(own, now);
    try {
      own.dueAt = await this.#perform(own, repair, now);
      own.tried.push(repair);
      own.isUnderWay = true;
      own.drained = NONE;
      this.repairs[repair] = (this.repairs[repair] ?? 0) + 1;
      this.#tools.note('repair', now, own.nodeId, repair);
      if (own.dueAt <= now) await this.#finish(own, now);
    } catch (error) {
      if (!(error instanceof DriverError)) throw error;
      await this.#refused(own, error, now);
    }
  }

  /** Services that keep the device nodes open are stopped first; a reboot ends them itself. Answers when it is over. */
  async #perform({ nodeId, stopped, drained }: Case, repair: Repair, now: Instant): Promise<Instant> {
    const host = this.#tools.hostOf(nodeId);
    const monitors = repair.endsWith('reboot') ? [] : host.holders().filter(({ kind }) => kind === 'monitor');
    for (const { pid, name } of monitors) {
      host.kill(pid, 'SIGTERM');
      stopped.push(name ?? 'monitor');
    }
    if (isHostAction(repair)) return host.perform(repair);
    for (const { repair: wanted, card, advice } of this.#wishes(nodeId, drained)) {
      if (wanted === repair) await resetInOrder(this.#tools.driverOf(nodeId), card, advice);
    }
    return now;
  }

  /** Looks whether the repair helped; what undraining changed is told by no event, so the server is read again. */
  async #finish(own: Case, now: Instant): Promise<void> {
    own.isUnderWay = false;
    this.#restart(own);
    await this.#tools.watch.reread([own.nodeId]);
    const plan = planOf(this.#wishes(own.nodeId));
    if (!plan) return this.#close(own, now);
    own.plan = plan;
    own.dueAt = plusMs(now, plan.startAfterMs);
  }

  async #refused(own: Case, { code, op }: DriverError, now: Instant): Promise<void> {
    this.#restart(own);
    const presence = await this.#tools.driverOf(own.nodeId).presence();
    own.drained = new Set(presence.filter(({ state }) => state === 'draining').map(({ uuid }) => uuid));
    await this.#tools.watch.reread([own.nodeId]);
    own.refusals += 1;
    own.dueAt = plusMs(now, RETRY_AFTER_MS);
    const key = `${op}: ${code}`;
    this.refusals[key] = (this.refusals[key] ?? 0) + 1;
    this.#tools.note('refused', now, own.nodeId, key);
  }

  #restart(own: Case): void {
    for (const name of own.stopped) this.#tools.hostOf(own.nodeId).startMonitor(name);
    own.stopped = [];
  }

  #close(own: Case, now: Instant): void {
    this.#cases.delete(own.nodeId);
    if (own.tried.length === 0) return;
    this.#closed += 1;
    this.#repairMs += now - own.openedAt;
    this.#tools.note('closed', now, own.nodeId);
  }

  /** Nothing is left but to replace something, which is not simulated. */
  #giveUp(own: Case, now: Instant): void {
    this.#cases.delete(own.nodeId);
    this.#givenUp.add(own.nodeId);
    this.abandoned += 1;
    this.#tools.note('given up', now, own.nodeId);
  }

  #wishes(nodeId: string, drained: ReadonlySet<string | null> = NONE): CardWish[] {
    const cards = present(this.#cardsOf.get(nodeId), `cards of ${nodeId}`);
    return cards.flatMap((card) => {
      const verdict = present(this.#tools.watch.verdict(card.uuid), `verdict on ${card.uuid}`);
      const wish = drained.has(card.uuid) ? DRAINED_WISH : wishOf(verdict);
      return wish ? [{ ...wish, card, advice: verdict.recovery }] : [];
    });
  }
}
