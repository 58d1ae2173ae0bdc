import { type Instant, later } from '#lib/core/instant.ts';
import type { ClosedInterval } from '#lib/core/interval.ts';
import {
  asksForReboot,
  assessHealth,
  type CardObservation,
  FAILED_READS_MAX,
  type HealthVerdict,
  isUp,
  unknownBecause,
} from './health.ts';
import { applyNews } from './news.ts';
import { type CardIdentity, type CardReadout, isSilent, type NodeReadout, whileDrained } from './observe.ts';
import { type DeviceArch, type DeviceEvent, DriverCode } from './types.ts';

/** Something happened: when, and the event that told it (null when no event did). */
export type News = { readonly at: Instant; readonly cause: DeviceEvent | null };

/** A card's verdict became another one. `since`: bad news counts from its event, good news from its reading. */
export type HealthChange = {
  readonly nodeId: string;
  readonly uuid: string;
  readonly verdict: HealthVerdict;
  readonly since: Instant;
  readonly cause: DeviceEvent | null;
};

type WatchedCard = CardIdentity & {
  readonly observation: CardObservation;
  /** Null until the first round of reading has judged it. */
  readonly verdict: HealthVerdict | null;
  /** Since when it has been up without a break; null while it is not, or nobody looks. */
  readonly upSince: Instant | null;
};

const UNREAD = { ok: false, code: DriverCode.NO_DATA } as const;
const UNREAD_CARD: CardObservation = {
  arch: 'unknown',
  presence: null,
  recovery: UNREAD,
  throttleBits: UNREAD,
  memUsableBytes: UNREAD,
  eccCorVol: UNREAD,
  links: UNREAD,
  fabric: UNREAD,
  soldMemoryBytes: null,
  xids: [],
  // Of a card that was never read nothing is known, so one failed round does not leave things as they were.
  failedReads: FAILED_READS_MAX,
};

const HEALTH_RANK: Readonly<Record<HealthVerdict['health'], number>> = {
  healthy: 0,
  degraded: 1,
  unknown: 2,
  unhealthy: 3,
};

/** What is known of the cards of one server, and every change of a verdict over them. No I/O. */
export class WatchedCards {
  readonly #nodeId: string;
  readonly #changed: (change: HealthChange) => void;
  readonly #cards = new Map<string, WatchedCard>();

  constructor(nodeId: string, changed: (change: HealthChange) => void) {
    this.#nodeId = nodeId;
    this.#changed = changed;
  }

  /** The cards ever seen, in the order in which they were first seen. */
  list(): readonly WatchedCard[] {
    return [...this.#cards.values()];
  }

  has(uuid: string): boolean {
    return this.#cards.has(uuid);
  }

  arch(uuid: string): DeviceArch {
    return this.#cards.get(uuid)?.info?.arch ?? 'unknown';
  }

  verdict(uuid: string): HealthVerdict | null {
    return this.#cards.get(uuid)?.verdict ?? null;
  }

  /** From when to `provenTo` the card has been up without a break; null when it is not up. */
  proof(uuid: string, provenTo: Instant): ClosedInterval | null {
    const startAt = this.#cards.get(uuid)?.upSince ?? null;
    return startAt === null ? null : { startAt, endAt: later(startAt, provenTo) };
  }

  /** Takes in cards not seen before, and what the driver now says of the others' place. */
  meet({ infos, presence }: NodeReadout): void {
    const add = (uuid: string, info: CardIdentity['info']): void => {
      const known = this.#cards.get(uuid) ?? { observation: UNREAD_CARD, verdict: null, upSince: null };
      this.#cards.set(uuid, { ...known, uuid, info });
    };
    for (const info of infos) add(info.uuid, info);
    for (const uuid of presence?.keys() ?? []) if (!this.#cards.has(uuid)) add(uuid, null);
  }

  /** Takes in an event: only bad news shows before the next round of reading. */
  hear(event: DeviceEvent): void {
    for (const card of this.list()) {
      if (event.uuid !== null && event.uuid !== card.uuid) continue;
      this.#cards.set(card.uuid, { ...card, observation: applyNews(card.observation, event) });
    }
    const news = { at: event.at, cause: event };
    for (const { card, verdict } of this.#judged()) {
      if (card.verdict && isWorse(card.verdict, verdict)) this.#settle(card, verdict, news, event.at);
    }
  }

  /** Takes in a round of reading. `news` is the first event since the round before; `readAt` when it was read. */
  learn(readouts: ReadonlyMap<string, CardReadout>, news: News | null, readAt: Instant): void {
    for (const [uuid, readout] of readouts) {
      const card = this.#cards.get(uuid);
      if (!card) continue;
      const { xids, failedReads } = card.observation;
      // Of a drained card the driver tells nothing, so it is not read after what was heard of it.
      const isRead = readout.presence !== 'draining' || readout.recovery.ok;
      const observation = isSilent(readout)
        ? { ...card.observation, failedReads: failedReads + 1 }
        : {
            ...whileDrained(card.observation, readout),
            xids: isRead ? xids.map((xid) => ({ ...xid, isFresh: false })) : xids,
            failedReads: 0,
          };
      this.#cards.set(uuid, { ...card, observation });
    }
    for (const { card, verdict } of this.#judged()) this.#settle(card, verdict, news, readAt);
  }

  /** Nothing is known of any card from `news` on, until the next round of reading. */
  lose(reason: 'events_lost' | 'stream_broken', news: News): void {
    for (const card of this.list()) this.#settle(card, unknownBecause(reason), news, news.at);
  }

  #judged(): { card: WatchedCard; verdict: HealthVerdict }[] {
    const isRebootPending = asksForReboot(this.list().map((card) => card.observation));
    return this.list().map((card) => ({ card, verdict: assessHealth(card.observation, isRebootPending) }));
  }

  #settle(card: WatchedCard, verdict: HealthVerdict, news: News | null, readAt: Instant): void {
    const { uuid } = card;
    if (card.verdict && isSame(card.verdict, verdict)) return;
    const isBad = !card.verdict || isWorse(card.verdict, verdict);
    const since = isBad && news ? news.at : readAtOf(card, readAt);
    const wasUp = card.upSince;
    this.#cards.set(uuid, { ...card, verdict, upSince: isUp(verdict) ? (wasUp ?? since) : null });
    this.#changed({ nodeId: this.#nodeId, uuid, verdict, since, cause: news?.cause ?? null });
  }
}

/** The driver's own stamp, where it has one: a reading proves nothing about the time before it. */
function readAtOf({ observation: { recovery } }: WatchedCard, readAt: Instant): Instant {
  return recovery.ok ? later(recovery.at, readAt) : readAt;
}

function isSame(a: HealthVerdict, b: HealthVerdict): boolean {
  return (
    a.health === b.health && a.takesNewWork === b.takesNewWork && a.reason === b.reason && a.recovery === b.recovery
  );
}

function isWorse(from: HealthVerdict, to: HealthVerdict): boolean {
  if (HEALTH_RANK[from.health] !== HEALTH_RANK[to.health]) return HEALTH_RANK[to.health] > HEALTH_RANK[from.health];
  return from.takesNewWork || !to.takesNewWork;
}
