import 'server-only';
import { takeLateReports } from '#lib/billing/late-reports.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { ToolShelf } from '#lib/devices/tool/program.ts';
import { systemCtx } from '#lib/identity/context.ts';
import { readPoolIds } from '#lib/inventory/fleet.ts';
import { sealLedger } from '#lib/ledger/sealing.ts';
import { type ClockState, monotonicMs, readClock, stepClock } from '#lib/platform/clock.ts';
import { withTx } from '#lib/platform/db.ts';
import { errorText, log } from '#lib/platform/log.ts';
import { newRequestId } from '#lib/platform/random.ts';
import { giveCredits } from '#lib/sla/giving.ts';
import { expireVouchers } from '#lib/vouchers/expiry.ts';
import { ArrearsWalk } from './arrears-walk.ts';
import { giveLease, LEASE_SECONDS, takeLease } from './leadership.ts';
import { isNews, observe, takeObservation, writeObservation } from './observing.ts';
import { type FleetChoice, openPool } from './opening.ts';
import { nextStepAt } from './pacing.ts';
import type { Pool } from './pool.ts';
import { loadCatalog } from './pool-loading.ts';
import { publishPlan, publishReadings } from './publishing.ts';
import { settleDown } from './settling-down.ts';
import { type FailedPools, throwAll, Troubles } from './troubles.ts';

const RENEW_EVERY_MS = (LEASE_SECONDS * 1_000) / 3;
const SEAL_EVERY_MS = 2_000;
/** Of business time: a voucher is not spent beyond its end in any case, so its rest may be taken back a little later. */
const EXPIRE_EVERY_MS = 60_000;
/** Of business time: credits of a month that is over, and what was put right of earlier ones. */
const CREDIT_EVERY_MS = 600_000;
/** Of business time: what devices found out late has waited longer already. */
const TAKE_LATE_EVERY_MS = 60_000;
const LOOK_FOR_POOLS_EVERY_MS = 2_000;

/** What the engine is told to look at. */
export type Wake = 'commands' | 'workloads' | 'devices' | 'catalog' | 'everything';

/**
 * The always-on process: leads pools, and moves each through observe → decide → carry out → charge → publish. Wiring
 * only; every rule lives in the module that owns it. Holds nothing that the database and the devices cannot give back.
 */
export class Engine {
  readonly #holder: string;
  readonly #choice: FleetChoice;
  readonly #troubles: Troubles;
  #pools: Pool[] = [];
  #renewedAtMs = -1e9;
  #lookedAtMs = -1e9;
  #sealedAtMs = -1e9;
  readonly #arrears = new ArrearsWalk();
  #isCatalogStale = false;
  #expiredAt = -1e15;
  #creditedAt = -1e15;
  #tookLateAt = -1e15;
  #ctx: Ctx | null = null;

  constructor(holder: string, choice: FleetChoice) {
    this.#holder = holder;
    this.#choice = choice;
    this.#troubles = new Troubles(holder);
  }

  /** The pools that this engine leads. */
  get pools(): readonly Pool[] {
    return this.#pools;
  }

  /** How many pools do not move on. */
  get poolsInTrouble(): number {
    return this.#troubles.count;
  }

  /** The tools of every server that this engine leads, by server. */
  get tools(): ReadonlyMap<string, ToolShelf> {
    return new Map(this.#pools.flatMap((pool) => [...pool.devices.tools]));
  }

  /** Something was announced, or it is time to look because an announcement may have been lost. */
  wake(what: Wake): void {
    this.#isCatalogStale ||= what === 'catalog';
    if (what === 'everything') this.#arrears.wake();
    for (const pool of this.#pools) {
      pool.mayHaveCommands ||= what === 'commands' || what === 'everything';
      pool.mayHaveWorkloads ||= what === 'workloads' || what === 'everything';
      pool.mayHaveMoney ||= what === 'everything';
      pool.mayHaveRequests ||= what === 'devices' || what === 'everything';
    }
  }

  /**
   * One turn of the loop. True when there was work, so that the next turn should follow at once. A pool that fails keeps no other
   * pool from its own turn; what concerns all of them waits until all have had theirs. Throws what failed, at the end.
   */
  async turn(): Promise<boolean> {
    const realMs = monotonicMs();
    const { ctx, clock } = await this.#readTime();
    const failed: FailedPools = new Map();
    const hasNewPools = await this.#lead(ctx, realMs, failed);
    if (this.#pools.length === 0) {
      throwAll(failed);
      return false;
    }
    if (this.#isCatalogStale) await this.#readCatalog(ctx);
    // A new pool first connects to its devices at this very moment, so that its proof goes on without a gap.
    const at = await this.#moveTo(ctx, clock, !hasNewPools);
    const now: Ctx = { ...ctx, now: at };
    let didWork = at > clock.now || hasNewPools;
    for (const pool of this.#pools) {
      await this.#renew(ctx);
      if (this.#pools.includes(pool)) didWork = (await this.#carry(now, pool, clock.mode, failed)) || didWork;
    }
    throwAll(failed);
    return (await this.#doForAll(now, realMs)) || didWork;
  }

  /** What a pool has to do in a turn, and what pages see of it. True when there was work. */
  async #carry(ctx: Ctx, pool: Pool, clockMode: ClockState['mode'], failed: FailedPools): Promise<boolean> {
    try {
      const didWork = await settleDown(ctx, pool, clockMode);
      await publishPlan(ctx, pool, monotonicMs());
      await publishReadings(ctx, pool, monotonicMs());
      await this.#troubles.wentWell(ctx, pool.id);
      return didWork;
    } catch (error) {
      failed.set(pool.id, error);
      await this.#troubles.failed(ctx, [pool.id]);
      return false;
    }
  }

  /** What is nobody's pool's: vouchers, credits, seals, late reports, arrears. All that was due earlier is decided. */
  async #doForAll(ctx: Ctx, realMs: number): Promise<boolean> {
    const at = ctx.now;
    let didWork = false;
    if (at - this.#expiredAt >= EXPIRE_EVERY_MS) {
      didWork = (await expireVouchers(ctx)) > 0;
      this.#expiredAt = at;
    }
    if (at - this.#creditedAt >= CREDIT_EVERY_MS) {
      this.#creditedAt = at;
      didWork = (await this.#giveCredits(ctx)) || didWork;
    }
    if (realMs - this.#sealedAtMs > SEAL_EVERY_MS) {
      await sealLedger({ ...ctx, actor: { kind: 'system', job: 'sealing' } });
      this.#sealedAtMs = realMs;
    }
    if (at - this.#tookLateAt >= TAKE_LATE_EVERY_MS) {
      const taken = await takeLateReports({ ...ctx, actor: { kind: 'system', job: 'metering' } });
      didWork = taken > 0 || didWork;
      this.#tookLateAt = at;
    }
    await this.#arrears.walk(ctx);
    return didWork;
  }

  /** Gives what broken availability is worth. What cannot be given keeps its month open, and holds up nothing else. */
  async #giveCredits(ctx: Ctx): Promise<boolean> {
    try {
      return (await giveCredits(ctx)) > 0;
    } catch (error) {
      log.error('service credits were not given', { reason: errorText(error) });
      return false;
    }
  }

  /** Lets go of the devices and gives the leases back. One that cannot be given back runs out by itself. */
  async close(): Promise<void> {
    const pools = this.#pools;
    this.#forget(pools);
    try {
      const ctx = await systemCtx('engine');
      await withTx(ctx, async (tx) => {
        for (const { lease } of pools) await giveLease(tx, lease);
      });
    } catch (error) {
      log.error('leases were not given back', { pools: pools.map(({ id }) => id).join(' '), reason: errorText(error) });
    }
  }

  /** The time of this turn, in one look at the database. */
  async #readTime(): Promise<{ ctx: Ctx; clock: ClockState }> {
    this.#ctx ??= await systemCtx('engine');
    const clock = await withTx(this.#ctx, readClock);
    return { ctx: { ...this.#ctx, now: clock.now, requestId: newRequestId() }, clock };
  }

  /** Renews the leases held, when it is time. A lost lease drops the pool's memory. */
  async #renew(ctx: Ctx): Promise<void> {
    const realMs = monotonicMs();
    if (realMs - this.#renewedAtMs <= RENEW_EVERY_MS) return;
    for (const pool of this.#pools) {
      const lease = await withTx(ctx, (tx) => takeLease(tx, pool.id, this.#holder));
      if (lease?.epoch === pool.lease.epoch) continue;
      log.error('leadership lost', { pool: pool.id, epoch: pool.lease.epoch });
      this.#forget([pool]);
      this.#troubles.forget(pool.id);
    }
    this.#renewedAtMs = realMs;
  }

  /** Renews the leases held and takes those that are free; true when there are new ones. */
  async #lead(ctx: Ctx, realMs: number, failed: FailedPools): Promise<boolean> {
    await this.#renew(ctx);
    if (realMs - this.#lookedAtMs < LOOK_FOR_POOLS_EVERY_MS && this.#pools.length > 0) return false;
    this.#lookedAtMs = realMs;
    const led = new Set<string>(this.#pools.map(({ id }) => id));
    const ids = await withTx(ctx, readPoolIds);
    for (const pool of this.#pools) pool.isAlone = ids.length === 1;
    for (const id of ids) {
      if (led.has(id)) continue;
      const pool = await this.#open(ctx, id, failed);
      if (!pool) continue;
      log.info('leads a pool', {
        pool: id,
        epoch: pool.lease.epoch,
        cards: pool.fleet.cards.length,
        reservations: pool.mind.book.reservations.size,
      });
      this.#pools = [...this.#pools, pool];
    }
    return this.#pools.length > led.size;
  }

  /** Leads a pool, if it is free and what is known of it can be read. */
  async #open(ctx: Ctx, id: Id<'pool'>, failed: FailedPools): Promise<Pool | null> {
    try {
      const pool = await openPool(ctx, id, this.#holder, this.#choice);
      if (!pool) this.#troubles.forget(id);
      return pool;
    } catch (error) {
      failed.set(id, error);
      await this.#troubles.failed(ctx, [id]);
      return null;
    }
  }

  async #readCatalog(ctx: Ctx): Promise<void> {
    // Lowered before reading: an announcement meanwhile raises it again.
    this.#isCatalogStale = false;
    const catalog = await withTx(ctx, (tx) => loadCatalog(tx, ctx.now)).catch((error: unknown) => {
      this.#isCatalogStale = true;
      throw error;
    });
    for (const pool of this.#pools) pool.mind.book.catalog = catalog;
  }

  /**
   * Moves to the next instant and writes what the devices prove up to it. On the demo clock the step and the proof are
   * one transaction, so that no time passes that is not accounted for, wherever the process dies.
   */
  async #moveTo(ctx: Ctx, clock: ClockState, mayStep: boolean): Promise<Instant> {
    const at = clock.mode === 'demo' && mayStep ? nextStepAt(this.#pools, clock.now, clock.targetAt) : clock.now;
    const observed = await Promise.all(
      this.#pools.map(async (pool) => ({ pool, observation: await observe(pool, at) })),
    );
    const news = observed.filter(({ pool, observation }) => isNews(pool, observation));
    if (news.length === 0) return at;
    const written = await withTx(ctx, async (tx) => {
      if (at > clock.now) await stepClock(tx, at);
      const all = [];
      for (const each of news)
        all.push({ ...each, casesDueAt: await writeObservation(tx, each.pool, each.observation) });
      return all;
    }).catch(async (error: unknown) => {
      const ids = this.#pools.map(({ id }) => id);
      // Somebody stopped the clock meanwhile, say: simulated devices that lived past business time cannot go back.
      if (at > clock.now) this.#forget(this.#pools);
      await this.#troubles.failed(ctx, ids);
      throw error;
    });
    for (const { pool, observation, casesDueAt } of written) takeObservation(pool, observation, casesDueAt);
    return at;
  }

  /** Lets go of what is known of pools; what is still led is read again from the database at the next turn. */
  #forget(pools: readonly Pool[]): void {
    for (const { devices } of pools) devices.close();
    this.#pools = this.#pools.filter((pool) => !pools.includes(pool));
  }
}

/** Runs turns until `signal` says stop. A failed turn is logged and tried again after a pause. */
export async function runEngine(engine: Engine, rest: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      if (!(await engine.turn())) await rest();
    } catch (error) {
      log.error('a turn of the engine failed', { reason: errorText(error) });
      await rest();
    }
  }
}
