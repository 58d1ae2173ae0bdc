import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { HealthChange } from '#lib/devices/watched-cards.ts';
import type { FleetCard, PoolFleet } from '#lib/inventory/types.ts';
import type { SimulatedBackend } from '#lib/workloads/simulated-backend.ts';
import type { HealthReport, Round } from './batch.ts';
import type { EvidenceKeeper } from './evidence-keeper.ts';
import type { FleetSide } from './fleet-side.ts';
import type { Lease } from './leadership.ts';
import type { Mind } from './mind.ts';
import type { QueuePace } from './queue-pace.ts';
import type { Unsettled } from './settling.ts';

/** A round that is applied to memory while nobody knows whether its transaction was committed. */
export type Doubt = { readonly round: Round; readonly reportCount: number; readonly keeper: EvidenceKeeper };

/** A round that could not be decided or written, for another reason than a lost leadership or a cut line. */
export type FailedRound = { readonly reason: string; readonly commandIds: readonly string[] };

/**
 * Everything the leader of one pool holds in memory. All of it can be built again from the database and the devices;
 * the rounds of the engine replace its parts only after what they stand for is committed.
 */
export type Pool = {
  readonly id: Id<'pool'>;
  readonly fleet: PoolFleet;
  readonly cardById: ReadonlyMap<string, FleetCard>;
  readonly devices: FleetSide;
  readonly backend: SimulatedBackend;
  /** True where there is no other pool: nobody has anything elsewhere. */
  isAlone: boolean;
  lease: Lease;
  mind: Mind;
  keeper: EvidenceKeeper;
  /** Up to where the pool's mark of proof is written, in this process. */
  markedAt: number;
  /** Health changes that the devices told and that are not written yet: they tell each once. */
  unwritten: readonly HealthChange[];
  /** Health changes heard and not decided yet. */
  reports: HealthReport[];
  /** When the next fault case resolves by itself; null when none is about to. */
  casesDueAt: Instant | null;
  /** Reservations that are over and not settled. */
  unsettled: Unsettled[];
  /** The first hour that is not charged; null before the first allocation. */
  nextHourAt: Instant | null;
  /** Fewer after a batch of commands failed, until the one that cannot be written is alone and harms no other. */
  commandsPerRound: number;
  /** Less after what was due could not be written, until what cannot be written together is apart. */
  duesPerRound: number;
  /** The rounds of this leadership that failed last, the newest at the end. */
  failedRounds: readonly FailedRound[];
  /** Set when the end of a round's transaction was not heard; cleared before anything else is decided. */
  doubt: Doubt | null;
  /** Milliseconds of work that deciding took so far, without reading and writing. */
  decidingMs: number;
  /** True when commands may wait. */
  mayHaveCommands: boolean;
  /** True when ops may have asked something of the devices. */
  mayHaveRequests: boolean;
  /** True while there are workloads that are not over, or may be. */
  mayHaveWorkloads: boolean;
  /** True when the workload of a running job may be over. */
  mayHaveOverJobs: boolean;
  /** True when wallets, limits or projects may have changed. */
  mayHaveMoney: boolean;
  queuePace: QueuePace;
  /** When the walltimes of running workloads are over. */
  walltimesAt: readonly Instant[];
  published: { version: number; hourAt: number; atMs: number };
  readAtMs: number;
};

const FAILED_ROUNDS_KEPT = 16;

/** Remembers for who looks that a round failed. */
export function rememberFailure(pool: Pool, failed: FailedRound): void {
  pool.failedRounds = [...pool.failedRounds, failed].slice(-FAILED_ROUNDS_KEPT);
}

/** The card of an ordinal. */
export function cardOf(pool: Pool, ordinal: number): FleetCard {
  const card = pool.fleet.cards[ordinal];
  if (!card) throw new RangeError(`${pool.id} has no card ${ordinal}`);
  return card;
}
