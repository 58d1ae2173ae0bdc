import 'server-only';
import { invariant, present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { type Id, makeId } from '#lib/core/id.ts';
import { floorToSecond, type Instant, plusSeconds } from '#lib/core/instant.ts';
import { UNITS_PER_YUAN } from '#lib/core/money.ts';
import { NO_HOSTS } from '#lib/devices/hosts.ts';
import { readPool } from '#lib/inventory/fleet.ts';
import { demandClock, readNow, stepClock } from '#lib/platform/clock.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { Engine } from '../engine.ts';
import { type AskingStep, wishesOf } from './asking.ts';
import { loadCatalog, loadMind } from '../pool-loading.ts';
import type { Pool } from '../pool.ts';
import { verifyDatabase } from '../verify.ts';
import { difference, factsOf } from './facts.ts';
import { finalViolationsOf, stateViolationsOf, type Violation } from './invariants.ts';
import { organisationsOf, STARTS_AT } from './market.ts';
import type { UsedKey } from './memory-world.ts';
import { plainBooking } from './payloads.ts';
import { handInAtDoor, type Submission } from './postgres-door.ts';
import { Failures } from './postgres-failures.ts';
import type { DatabaseFaults } from './postgres-faults.ts';
import { type Begun, HAND, payIn } from './postgres-market.ts';
import { readRows, writeDeviceRequest } from './postgres-store.ts';
import { agreePrice } from './postgres-grants.ts';
import type { CommandRow, Rows } from './rows.ts';
import type { Sight } from './sight.ts';
import type { FailurePoint, Step } from './steps.ts';

/** A key, and the pool for which it was used. */
type KeyThere = UsedKey & Submission;

/** What makes a card so, asked of the simulated devices; repairs are tried on the card and on its server. */
const ASKED_FOR = {
  healthy: ['device_reset', 'cold_reboot'],
  degraded: ['icn_half_width'],
  unhealthy: ['lost'],
  unknown: ['driver_unloaded'],
  refusing: ['hbm_uecc'],
  refused: ['kill_overtime'],
} as const satisfies Record<Extract<Step, { do: 'health' }>['becomes'], readonly string[]>;
const OF_SERVER: ReadonlySet<string> = new Set(['cold_reboot', 'driver_unloaded']);

/** A refusal that lasts until the process is dead: whatever it tries to write for a round comes to nothing. */
const UNTIL_DEATH = 900;
const TURNS_THAT_MAY_FAIL = 8;

let holders = 0;

/** A pool of the market: its rows, and whether some card of it took no new work at some time. */
type Site = { rows: Rows; wasShort: boolean };

/** A market on PostgreSQL that the steps of a script are done to: the real engine, turned by hand. */
export class PostgresWorld {
  now: Instant;
  readonly #sites: readonly [Site, ...Site[]];
  readonly #faults: DatabaseFaults;
  readonly #organisations: readonly Id<'organisation'>[];
  readonly #keys: KeyThere[] = [];
  readonly #excused = new Set<string>();
  #engine: Engine = newEngine();
  #paidIn: bigint;
  #isAtRest = true;
  #brokenKeys: string[] = [];
  readonly #failures = new Failures();
  #poisonsNext = false;
  #diesOnFailure = false;
  #isRefusing = false;
  #ids = 0;

  private constructor(sites: readonly [Site, ...Site[]], faults: DatabaseFaults, now: Instant) {
    const [{ rows }] = sites;
    this.#sites = sites;
    this.#faults = faults;
    this.#organisations = organisationsOf(rows.market);
    this.#paidIn = rows.paidIn;
    this.now = now;
  }

  static async open({ market, pools }: Begun, faults: DatabaseFaults, now: Instant): Promise<PostgresWorld> {
    const organisations = organisationsOf(market);
    const paidIn = market.organisations.reduce((sum, { yuan }) => sum + BigInt(yuan) * UNITS_PER_YUAN, 0n);
    const sites = await withTx(HAND, async (tx) => {
      const opened: Site[] = [];
      for (const pool of pools) {
        await tx.$executeRaw`INSERT INTO pool_lease (pool_id, epoch, holder, expires_at, decisions, plan_version)
          VALUES (${pool.poolId}, 0, 'nobody', 'epoch', 0, 0)`;
        opened.push({ rows: await readRows(tx, { market, pool, paidIn }, organisations), wasShort: false });
      }
      return opened;
    });
    const [first, ...others] = sites;
    const world = new PostgresWorld([present(first, 'a pool'), ...others], faults, now);
    await world.#turn();
    return world;
  }

  /** All commands that were handed in or that the engine logged, pool by pool. */
  get commands(): CommandRow[] {
    return this.#sites.flatMap(({ rows }) => [...rows.commands.values()]);
  }

  /** Does one step, and, unless it waits for the next one, turns the engine until it is at rest. */
  async do(step: Step): Promise<Violation[]> {
    this.#brokenKeys = [];
    await this.#prepare(step);
    if ('waits' in step && step.waits) {
      this.#isAtRest = false;
      return [];
    }
    await this.#turn();
    return this.#violations();
  }

  /** What the whole proof of the database says, and the replay of its log. */
  async proofs(): Promise<Violation[]> {
    const ctx: Ctx = { ...HAND, actor: { kind: 'system', job: 'proving' }, now: this.now };
    const found = (await verifyDatabase(ctx)).filter(({ violations }) => violations > 0);
    const proofs = found.map(
      ({ name, example }): Violation => ({ invariant: 'databaseProven', what: `${name}: ${example}` }),
    );
    return [...proofs, ...this.#sites.flatMap((site) => finalViolationsOf(this.#sightOf(site)))];
  }

  close(): void {
    for (const pool of this.#engine.pools) pool.devices.close();
  }

  /** The pool that a step is about, the first one where there is no other. */
  #siteOf({ isNextDoor }: { readonly isNextDoor?: true }): Site {
    const [first, neighbour] = this.#sites;
    return (isNextDoor && neighbour) || first;
  }

  /** The engine's own of a pool that it leads. */
  #ledOf({ rows }: Site): Pool {
    const { poolId } = rows.pool;
    return present(
      this.#engine.pools.find(({ id }) => id === poolId),
      `${poolId}, led`,
    );
  }

  #sightOf(site: Site): Sight {
    const { mind, lease } = this.#ledOf(site);
    return {
      now: this.now,
      isAtRest: this.#isAtRest,
      wasShort: site.wasShort,
      rows: site.rows,
      elsewhere: this.#sites.filter((other) => other !== site).map(({ rows }) => rows),
      mind,
      epoch: Number(lease.epoch),
      attempts: [],
      keys: this.#keys,
      brokenKeys: this.#brokenKeys,
      excused: this.#excused,
    };
  }

  async #violations(): Promise<Violation[]> {
    const differences: Violation[] = [];
    for (const site of this.#sites) {
      const what = await this.#lookAt(site);
      if (what !== null) differences.push({ invariant: 'rebuiltEqual', what });
    }
    const ofState = this.#sites.flatMap((site) => stateViolationsOf(this.#sightOf(site)));
    return [...differences, ...this.#failures.take(), ...ofState];
  }

  /** Reads a pool's rows; how what its leader remembers differs from what another would, if it does. */
  async #lookAt(site: Site): Promise<string | null> {
    const { mind } = this.#ledOf(site);
    const { market, pool: before } = site.rows;
    const rebuilt = await withTx(HAND, async (tx) => {
      // As of the beginning, so that it has every price that was ever agreed.
      const pool = { ...before, catalog: await loadCatalog(tx, STARTS_AT) };
      site.rows = await readRows(tx, { market, pool, paidIn: this.#paidIn }, this.#organisations);
      return loadMind(tx, { ...HAND, now: this.now }, await readPool(tx, pool.poolId));
    });
    for (const [id, limits] of mind.book.limits) rebuilt.book.limits.set(id, limits);
    for (const [id, project] of mind.book.projects) rebuilt.book.projects.set(id, project);
    return difference(factsOf(mind, this.now), factsOf(rebuilt, this.now));
  }

  async #prepare(step: Step): Promise<void> {
    switch (step.do) {
      case 'reserve':
      case 'rubbish':
      case 'change':
      case 'queue':
      case 'cancelJob':
      case 'cardAct':
      case 'window':
      case 'endWindow':
      case 'spares':
        return this.#ask(step);
      case 'again':
        return this.#again(step);
      case 'health':
        return this.#changeHealth(step);
      case 'topUp':
        return this.#topUp(step);
      case 'advance':
        return this.#advance(step);
      case 'failure':
        return this.#arm(step.at);
      case 'poison':
        this.#poisonsNext = true;
        return;
      case 'leader':
        return this.#changeLeader(step.isSplit);
      case 'reprice':
        return this.#reprice(step);
      // Workloads end by themselves, after half of their time.
      case 'jobOver':
        return;
    }
  }

  async #ask(step: AskingStep): Promise<void> {
    const site = this.#siteOf('isNextDoor' in step ? step : {});
    site.wasShort ||= step.do === 'cardAct';
    const wishes = wishesOf(step, {
      mind: this.#ledOf(site).mind,
      organisations: this.#organisations,
      projects: site.rows.projects,
      newId: (kind) => this.#nextId(kind),
      now: this.now,
    });
    for (const { organisationId, payload, isRubbish } of wishes)
      await this.#submit(site, organisationId, payload, isRubbish);
  }

  async #submit(
    { rows }: Site,
    organisationId: Id<'organisation'> | null,
    payload: unknown,
    isRubbish = false,
  ): Promise<void> {
    const text = JSON.stringify(payload);
    const key = `key-${this.#keys.length}`;
    const { poolId } = rows.pool;
    await this.#handIn({ organisationId, key, request: text, payload: text, poolId }, isRubbish);
  }

  async #handIn(submission: Submission, isRubbish: boolean): Promise<void> {
    const { organisationId, key, request } = submission;
    const commandId = await handInAtDoor(submission, this.now);
    const known = this.#keys.find((used) => used.key === key && used.organisationId === organisationId);
    if (known) {
      const expected = known.request === request ? known.commandId : null;
      if (commandId !== expected) this.#brokenKeys.push(`${key}: ${expected} became ${commandId}`);
      return;
    }
    const isPoisoned = this.#poisonsNext && commandId !== null;
    this.#keys.push({ ...submission, commandId, isBad: isRubbish || isPoisoned });
    if (commandId !== null && this.#isRefusing) this.#excused.add(commandId);
    if (!isPoisoned) return;
    this.#poisonsNext = false;
    await this.#faults.poison(commandId);
  }

  async #again({ pick, isSame }: Extract<Step, { do: 'again' }>): Promise<void> {
    const taken = this.#keys.filter(({ commandId }) => commandId !== null);
    const used = taken[pick % Math.max(1, taken.length)];
    if (!used) return;
    const { poolId, request } = used;
    const site = present(
      this.#sites.find(({ rows }) => rows.pool.poolId === poolId),
      poolId,
    );
    const payload = JSON.stringify(plainBooking(this.#ledOf(site).mind, this.#nextId('reservation'), this.now));
    await this.#handIn({ ...used, request: isSame ? request : `${request} `, payload }, false);
  }

  async #changeHealth(step: Extract<Step, { do: 'health' }>): Promise<void> {
    const { pick, becomes } = step;
    const site = this.#siteOf(step);
    site.wasShort = true;
    const { cards } = this.#ledOf(site).fleet;
    const card = present(cards[pick % cards.length], 'card');
    await withTx(HAND, async (tx: Tx) => {
      for (const kind of ASKED_FOR[becomes]) {
        const target = OF_SERVER.has(kind) ? card.serverId : card.uuid;
        const id = this.#nextId('deviceRequest');
        await writeDeviceRequest(tx, { id, poolId: site.rows.pool.poolId, target, kind, at: this.now });
      }
    });
  }

  async #topUp({ organisation, yuan }: Extract<Step, { do: 'topUp' }>): Promise<void> {
    const id = present(this.#organisations[organisation % this.#organisations.length], 'organisation');
    await withTx(HAND, (tx) => payIn(tx, id, yuan, this.now));
    this.#paidIn += BigInt(yuan) * UNITS_PER_YUAN;
  }

  /** The list stays; one organisation gets a price of its own, of the next second: what was decided before had the one before. */
  async #reprice({ yuan }: Extract<Step, { do: 'reprice' }>): Promise<void> {
    const organisation = yuan % this.#organisations.length;
    const validFrom = plusSeconds(floorToSecond(this.now), 1);
    const validTo = yuan % 3 === 0 ? plusSeconds(validFrom, 1_000 * yuan) : null;
    await agreePrice(organisation, { factorBps: Math.min(9_999, 600 * yuan), validFrom, validTo }, this.now);
    this.#engine.wake('catalog');
  }

  /** Paced, the engine walks from one event to the next; else the clock stands later when it looks again. */
  async #advance({ seconds, isPaced }: Extract<Step, { do: 'advance' }>): Promise<void> {
    await this.#turn();
    const to = plusSeconds(this.now, seconds);
    await withTx(HAND, async (tx) => {
      await demandClock(tx, to, 0);
      if (!isPaced) await stepClock(tx, to);
    });
  }

  async #arm(at: FailurePoint): Promise<void> {
    const deaths: readonly FailurePoint[] = ['beforeCommit', 'afterCommit', 'whileSettling'];
    // A death that was asked for and has not come yet is still to come.
    this.#diesOnFailure ||= deaths.includes(at);
    if (at === 'betweenRounds') return this.#kill();
    const what =
      at === 'afterCommit' ? 'grant' : at === 'settlingRefused' || at === 'whileSettling' ? 'settlement' : 'round';
    this.#isRefusing = what === 'round';
    for (const { commandId } of this.#keys) if (this.#isRefusing && commandId !== null) this.#excused.add(commandId);
    await this.#faults.refuse(what, this.#diesOnFailure ? UNTIL_DEATH : 1);
  }

  /** As `kill -9` would: nothing is closed, and the next engine finds the lease free. */
  async #kill(): Promise<void> {
    this.close();
    this.#engine = newEngine();
    this.#isRefusing = false;
    this.#diesOnFailure = false;
    await this.#faults.relent();
    await this.#faults.freeLeases();
  }

  async #changeLeader(isSplit: boolean): Promise<void> {
    const old = this.#engine;
    this.#engine = newEngine();
    await this.#faults.freeLeases();
    await this.#turn();
    if (!isSplit) return;
    // The old one has not heard of it; whatever it decides must not be kept.
    for (const site of this.#sites) {
      const cardIds = [present(site.rows.pool.cards[0], 'card').id];
      await this.#submit(site, null, { kind: 'cardAct', act: 'uncordon', cardIds, reason: '' });
    }
    old.wake('everything');
    await old.turn().catch(() => {});
    for (const pool of old.pools) pool.devices.close();
  }

  /** Turns the engine until nothing is left to do; one that dies is followed by another. */
  async #turn(): Promise<void> {
    for (let failures = 0; failures < TURNS_THAT_MAY_FAIL; failures += 1) {
      try {
        this.#engine.wake('everything');
        while (await this.#engine.turn());
        this.#failures.collect(this.#engine, this.#keys);
        this.now = await withTx(HAND, readNow);
        this.#isAtRest = true;
        this.#isRefusing = await this.#faults.isArmed('round');
        return;
      } catch (error) {
        this.#failures.collect(this.#engine, this.#keys, [error]);
        if (failures === TURNS_THAT_MAY_FAIL - 1) throw error;
        if (this.#diesOnFailure) await this.#kill();
      }
    }
    invariant(false, 'the engine does not come to rest');
  }

  #nextId(kind: 'reservation' | 'maintenanceWindow' | 'job' | 'deviceRequest'): string {
    this.#ids += 1;
    return kind === 'reservation' ? `rsv_${this.#ids}` : makeId(kind, this.now, idBytes(this.#ids));
  }
}

function idBytes(number: number): Uint8Array {
  const bytes = new Uint8Array(10);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}

function newEngine(): Engine {
  holders += 1;
  return new Engine(`simulated-${holders}`, { seed: 7, faultRates: 'none', hosts: NO_HOSTS });
}
