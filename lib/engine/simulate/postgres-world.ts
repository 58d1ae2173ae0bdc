import 'server-only';
import { createHash } from 'node:crypto';
import { invariant, present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { type Id, makeId } from '#lib/core/id.ts';
import { type Instant, plusSeconds } from '#lib/core/instant.ts';
import { UNITS_PER_YUAN } from '#lib/core/money.ts';
import { NO_HOSTS } from '#lib/devices/hosts.ts';
import { readPool } from '#lib/inventory/fleet.ts';
import { demandClock, readNow, stepClock } from '#lib/platform/clock.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { newId } from '#lib/platform/random.ts';
import { submitCommand } from '#lib/reservations/command-log.ts';
import type { Booked } from '#lib/reservations/types.ts';
import { commandPayload } from '#lib/reservations/command-types.ts';
import { Engine } from '../engine.ts';
import { loadMind } from '../pool-loading.ts';
import type { Pool } from '../pool.ts';
import { verifyDatabase } from '../verify.ts';
import { difference, factsOf } from './facts.ts';
import { finalViolationsOf, stateViolationsOf, type Violation } from './invariants.ts';
import { organisationsOf } from './market.ts';
import type { UsedKey } from './memory-world.ts';
import { cancelOf, jobOf, plainBooking, reserveOf, rubbishOf } from './payloads.ts';
import { changesOf, targetOf } from './payloads-of-changes.ts';
import { staffPayloadOf } from './payloads-of-staff.ts';
import { Failures } from './postgres-failures.ts';
import type { DatabaseFaults } from './postgres-faults.ts';
import { HAND, payIn } from './postgres-market.ts';
import { readRows, writeDeviceRequest } from './postgres-store.ts';
import type { Rows } from './rows.ts';
import type { Sight } from './sight.ts';
import type { ChangeStep, FailurePoint, StaffStep, Step } from './steps.ts';

type Submission = Omit<UsedKey, 'commandId' | 'isBad'>;

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

/** A market on PostgreSQL that the steps of a script are done to: the real engine, turned by hand. */
export class PostgresWorld {
  now: Instant;
  rows: Rows;
  readonly #begun: Pick<Rows, 'market' | 'pool'>;
  readonly #faults: DatabaseFaults;
  readonly #organisations: readonly Id<'organisation'>[];
  readonly #keys: UsedKey[] = [];
  readonly #excused = new Set<string>();
  #engine: Engine = newEngine();
  #paidIn: bigint;
  #wasShort = false;
  #isAtRest = true;
  #brokenKeys: string[] = [];
  readonly #failures = new Failures();
  #poisonsNext = false;
  #diesOnFailure = false;
  #isRefusing = false;
  #ids = 0;

  private constructor(begun: Pick<Rows, 'market' | 'pool'>, faults: DatabaseFaults, now: Instant, rows: Rows) {
    this.#begun = begun;
    this.#faults = faults;
    this.#organisations = organisationsOf(begun.market);
    this.#paidIn = rows.paidIn;
    this.now = now;
    this.rows = rows;
  }

  static async open(
    begun: Pick<Rows, 'market' | 'pool'>,
    faults: DatabaseFaults,
    now: Instant,
  ): Promise<PostgresWorld> {
    const organisations = organisationsOf(begun.market);
    const paidIn = begun.market.organisations.reduce((sum, { yuan }) => sum + BigInt(yuan) * UNITS_PER_YUAN, 0n);
    await withTx(HAND, async (tx) => {
      await tx.$executeRaw`INSERT INTO pool_lease (pool_id, epoch, holder, expires_at, decisions, plan_version)
        VALUES (${begun.pool.poolId}, 0, 'nobody', 'epoch', 0, 0)`;
    });
    const rows = await withTx(HAND, (tx) => readRows(tx, { ...begun, paidIn }, organisations));
    const world = new PostgresWorld(begun, faults, now, rows);
    await world.#turn();
    return world;
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
    return [...proofs, ...finalViolationsOf(this.#sight())];
  }

  close(): void {
    for (const pool of this.#engine.pools) pool.devices.close();
  }

  get #pool(): Pool {
    return present(this.#engine.pools[0], 'a pool that is led');
  }

  #sight(): Sight {
    const { mind, lease } = this.#pool;
    return {
      now: this.now,
      isAtRest: this.#isAtRest,
      wasShort: this.#wasShort,
      rows: this.rows,
      mind,
      epoch: Number(lease.epoch),
      attempts: [],
      keys: this.#keys,
      brokenKeys: this.#brokenKeys,
      excused: this.#excused,
    };
  }

  async #violations(): Promise<Violation[]> {
    const { poolId } = this.#begun.pool;
    const { mind } = this.#pool;
    const rebuilt = await withTx(HAND, async (tx) => {
      this.rows = await readRows(tx, { ...this.#begun, paidIn: this.#paidIn }, this.#organisations);
      return loadMind(tx, { ...HAND, now: this.now }, await readPool(tx, poolId));
    });
    for (const [id, limits] of mind.book.limits) rebuilt.book.limits.set(id, limits);
    for (const [id, project] of mind.book.projects) rebuilt.book.projects.set(id, project);
    const what = difference(factsOf(mind, this.now), factsOf(rebuilt, this.now));
    return [
      ...(what === null ? [] : [{ invariant: 'rebuiltEqual', what } as const]),
      ...this.#failures.take(),
      ...stateViolationsOf(this.#sight()),
    ];
  }

  async #prepare(step: Step): Promise<void> {
    switch (step.do) {
      case 'reserve':
      case 'rubbish':
        return this.#ask(step);
      case 'change':
        return this.#change(step);
      case 'cardAct':
      case 'window':
      case 'endWindow':
      case 'spares':
        return this.#tellStaff(step);
      case 'queue':
      case 'cancelJob':
        return this.#askQueue(step);
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
      // Workloads end by themselves, after half of their time; prices do not change.
      case 'jobOver':
      case 'reprice':
        return;
    }
  }

  async #ask(step: Extract<Step, { do: 'reserve' | 'rubbish' }>): Promise<void> {
    const { mind } = this.#pool;
    const organisationId = present(this.#organisations[step.organisation % this.#organisations.length], 'organisation');
    const id = this.#nextReservationId();
    if (step.do === 'reserve') {
      const { projects } = this.rows;
      await this.#submit(organisationId, reserveOf(mind, step, id, this.now, { organisationId, projects }));
    } else {
      const rubbish = rubbishOf(step.form, plainBooking(mind, id, this.now), this.#live(0), this.now);
      await this.#submit(organisationId, rubbish, true);
    }
  }

  async #change(step: ChangeStep): Promise<void> {
    const { mind } = this.#pool;
    const target = targetOf(this.#live(step.pick), mind.book, step);
    if (!target) return;
    const asking = { mind, organisations: this.#organisations, newId: this.#nextReservationId(), now: this.now };
    for (const { organisationId, payload } of changesOf(asking, target, step))
      await this.#submit(organisationId, payload);
  }

  async #tellStaff(step: StaffStep): Promise<void> {
    if (step.do === 'cardAct') this.#wasShort = true;
    const newId = makeId('maintenanceWindow', this.now, idBytes(this.#nextId()));
    const payload = staffPayloadOf(this.#pool.mind, step, { newId, now: this.now });
    if (payload) await this.#submit(null, payload);
  }

  async #askQueue(step: Extract<Step, { do: 'queue' | 'cancelJob' }>): Promise<void> {
    const { mind } = this.#pool;
    if (step.do === 'cancelJob') {
      const cancel = cancelOf(mind, this.#organisations, step);
      if (cancel) await this.#submit(cancel.organisationId, cancel.payload);
      return;
    }
    const organisationId = present(this.#organisations[step.organisation % this.#organisations.length], 'organisation');
    const id = makeId('job', this.now, idBytes(this.#nextId()));
    await this.#submit(organisationId, jobOf(mind, step, id, this.now, this.rows.projects));
  }

  async #submit(organisationId: Id<'organisation'> | null, payload: unknown, isRubbish = false): Promise<void> {
    const text = JSON.stringify(payload);
    await this.#handIn({ organisationId, key: `key-${this.#keys.length}`, request: text, payload: text }, isRubbish);
  }

  async #handIn(submission: Submission, isRubbish: boolean): Promise<void> {
    const { organisationId, key, request, payload } = submission;
    const commandId = await this.#insert(submission);
    const known = this.#keys.find((used) => used.key === key && used.organisationId === organisationId);
    if (known) {
      const expected = known.request === request ? known.commandId : null;
      if (commandId !== expected) this.#brokenKeys.push(`${key}: ${expected} became ${commandId}`);
      return;
    }
    const isPoisoned = this.#poisonsNext && commandId !== null;
    this.#keys.push({ organisationId, key, request, payload, commandId, isBad: isRubbish || isPoisoned });
    if (commandId !== null && this.#isRefusing) this.#excused.add(commandId);
    if (!isPoisoned) return;
    this.#poisonsNext = false;
    await this.#faults.poison(commandId);
  }

  /** The real door of the command log, as the organisation itself; null when it does not take the command. */
  async #insert({ organisationId, key, request, payload }: Submission): Promise<string | null> {
    const value: unknown = JSON.parse(payload);
    const readable = commandPayload.safeParse(value);
    const ctx: Ctx = organisationId === null ? { ...HAND, now: this.now } : this.#customer(organisationId);
    const digest = createHash('sha256').update(request).digest('hex');
    const submission = {
      poolId: this.#begun.pool.poolId,
      organisationId,
      payload: readable.success ? readable.data : (value as Parameters<typeof submitCommand>[1]['payload']),
      request: { digest },
      idempotencyKey: key,
    };
    const taking = submitCommand(ctx, submission, newId('command', this.now));
    if (!readable.success) {
      const isTaken = await taking.then(
        () => true,
        () => false,
      );
      return isTaken ? 'rubbish' : null;
    }
    const result = await taking;
    return result.ok ? result.value.commandId : null;
  }

  #customer(organisationId: Id<'organisation'>): Ctx {
    return {
      actor: { kind: 'customer', userId: 'usr_simulated' as Id<'user'>, organisationId, role: 'owner' },
      scope: { kind: 'organisation', organisationId },
      requestId: 'req_simulate',
      now: this.now,
    };
  }

  async #again({ pick, isSame }: Extract<Step, { do: 'again' }>): Promise<void> {
    const taken = this.#keys.filter(({ commandId }) => commandId !== null);
    const used = taken[pick % Math.max(1, taken.length)];
    if (!used) return;
    const { organisationId, key, request } = used;
    const payload = JSON.stringify(plainBooking(this.#pool.mind, this.#nextReservationId(), this.now));
    await this.#handIn({ organisationId, key, request: isSame ? request : `${request} `, payload }, false);
  }

  async #changeHealth({ pick, becomes }: Extract<Step, { do: 'health' }>): Promise<void> {
    this.#wasShort = true;
    const { cards } = this.#pool.fleet;
    const card = present(cards[pick % cards.length], 'card');
    await withTx(HAND, async (tx: Tx) => {
      for (const kind of ASKED_FOR[becomes]) {
        const target = OF_SERVER.has(kind) ? card.serverId : card.uuid;
        const id = makeId('deviceRequest', this.now, idBytes(this.#nextId()));
        await writeDeviceRequest(tx, { id, poolId: this.#begun.pool.poolId, target, kind, at: this.now });
      }
    });
  }

  async #topUp({ organisation, yuan }: Extract<Step, { do: 'topUp' }>): Promise<void> {
    const id = present(this.#organisations[organisation % this.#organisations.length], 'organisation');
    await withTx(HAND, (tx) => payIn(tx, id, yuan, this.now));
    this.#paidIn += BigInt(yuan) * UNITS_PER_YUAN;
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
    await this.#submit(null, {
      kind: 'cardAct',
      act: 'uncordon',
      cardIds: [present(this.#begun.pool.cards[0], 'card').id],
      reason: '',
    });
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

  #nextId(): number {
    this.#ids += 1;
    return this.#ids;
  }

  #nextReservationId(): string {
    return `rsv_${this.#nextId()}`;
  }

  #live(pick: number): Booked | undefined {
    const live = [...this.#pool.mind.book.reservations.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    return live[pick % Math.max(1, live.length)];
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
