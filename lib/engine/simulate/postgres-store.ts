import 'server-only';
import { present } from '#lib/core/assert.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { floorToSecond, fromDate, type Instant, instant, toDate } from '#lib/core/instant.ts';
import { priceE10, units } from '#lib/core/money.ts';
import { monthOf } from '#lib/core/period.ts';
import { readLines } from '#lib/ledger/on-account.ts';
import { lockWallets } from '#lib/ledger/posting.ts';
import type { Tx } from '#lib/platform/db.ts';
import { readLimits } from '#lib/reservations/book-keeping.ts';
import { readLiveJobs, readProjectLimits } from '#lib/reservations/queue/job-rows.ts';
import type { Job } from '#lib/reservations/queue/types.ts';
import type { RefundTerms } from '#lib/reservations/refund-terms.ts';
import { BOOKED_COLUMNS } from '#lib/reservations/rows.ts';
import type { ProjectLimits } from '#lib/reservations/project-types.ts';
import type { Answer } from '#lib/reservations/command-types.ts';
import type { OrganisationLimits } from '#lib/reservations/types.ts';
import type { JobRow } from './job-rows.ts';
import type { AllocationRow, CommandRow, HoldRow, PlacementRow, ReservationRow, Rows, ShrinkRow } from './rows.ts';

/** After the rule that every database begins with, and before any simulated run. */
const SOON = toDate(instant(1));

const orNull = (date: Date | null): Instant | null => (date === null ? null : fromDate(date));

async function readReservations(tx: Tx, poolId: string): Promise<Map<string, ReservationRow>> {
  const select = { ...BOOKED_COLUMNS, endedAt: true, endReason: true, settledAt: true } as const;
  const rows = await tx.reservation.findMany({ where: { poolId }, select });
  return new Map(
    rows.map((row) => [row.id, { ...row, endedAt: orNull(row.endedAt), settledAt: orNull(row.settledAt) }]),
  );
}

async function readAllocations(tx: Tx, poolId: string, ordinals: Ordinals): Promise<Map<string, AllocationRow>> {
  const select = { id: true, reservationId: true, cardId: true, startAt: true, endAt: true } as const;
  const rows = await tx.allocation.findMany({ where: { poolId }, select });
  return new Map(
    rows.map((row) => [
      row.id,
      {
        id: idFrom('allocation', row.id),
        reservationId: idFrom('reservation', row.reservationId),
        card: present(ordinals.get(row.cardId), `card ${row.cardId}`),
        interval: { startAt: fromDate(row.startAt), endAt: orNull(row.endAt) },
      },
    ]),
  );
}
type Ordinals = ReadonlyMap<string, number>;

/** What was set aside for reservations of a pool, or for none that there is. */
async function readPlacements(tx: Tx, poolId: string): Promise<Map<string, PlacementRow>> {
  const rows = await tx.$queryRaw<
    {
      key: string;
      organisation_id: string;
      project_id: string | null;
      at: Date;
      reservation: string;
      amount: bigint;
      is_owed: boolean;
    }[]
  >`SELECT j.key, j.organisation_id, r.project_id, j.effective_at AS at, j.source->>'reservation' AS reservation,
      sum(p.credit_units)::bigint AS amount, j.kind = 'gracePlaced' AS is_owed
    FROM journal j JOIN posting p ON p.journal_id = j.id JOIN account a ON a.id = p.account_id
      LEFT JOIN reservation r ON r.id = j.source->>'reservation'
    WHERE j.kind IN ('holdPlaced', 'commitmentPaid', 'gracePlaced') AND a.kind IN ('hold', 'commitment') AND coalesce(r.pool_id, ${poolId}) = ${poolId}
    GROUP BY j.id, r.project_id ORDER BY j.id`;
  return new Map(
    rows.map(
      ({ key, organisation_id: organisationId, project_id: projectId, at, reservation, amount, is_owed: isOwed }) => [
        key,
        {
          key,
          reservationId: reservation,
          organisationId,
          projectId,
          month: monthOf(fromDate(at)),
          amount: units(amount),
          at: fromDate(at),
          isOwed,
        },
      ],
    ),
  );
}

async function readHolds(tx: Tx): Promise<Map<string, HoldRow>> {
  const select = {
    subject: true,
    placedUnits: true,
    capturedUnits: true,
    releasedUnits: true,
    resolvedAt: true,
  } as const;
  const rows = await tx.hold.findMany({ select });
  return new Map(
    rows.map(({ subject, placedUnits: placed, capturedUnits: captured, releasedUnits: returned, resolvedAt }) => [
      subject,
      { placed, captured, returned, resolvedAt: orNull(resolvedAt) },
    ]),
  );
}

/** The credit lines on account, as the ledger has them. */
async function readLineRows(tx: Tx, organisations: readonly Id<'organisation'>[]): Promise<Rows['lines']> {
  const lines = await readLines(tx, organisations);
  return new Map(
    [...lines].map(([id, { limitUnits: limit, setAsideUnits: setAside, owedUnits: owed }]) => [
      id,
      { limit, setAside, owed },
    ]),
  );
}

/** Where the money of all vouchers is that lies in none of the holds. */
async function readVoucherMoney(tx: Tx): Promise<Rows['vouchers']> {
  const [row] = await tx.$queryRaw<Rows['vouchers'][]>`
    SELECT (SELECT coalesce(sum(amount_units), 0)::bigint FROM voucher_grant) AS granted,
      (SELECT coalesce(sum(balance_units), 0)::bigint FROM account WHERE path LIKE 'wallet:%:promo:%') AS left,
      (SELECT coalesce(sum(p.debit_units), 0)::bigint FROM posting p JOIN journal j ON j.id = p.journal_id
        JOIN account a ON a.id = p.account_id WHERE j.kind = 'promoExpired' AND a.path LIKE 'wallet:%:promo:%') AS expired`;
  return present(row, 'sums of vouchers');
}

/** What was paid back for hours of running terms that were given up: earned when the term is, and not kept. */
async function readCredited(tx: Tx): Promise<bigint> {
  const [row] = await tx.$queryRaw<{ credited: bigint }[]>`
    SELECT coalesce(sum(p.credit_units), 0)::bigint AS credited
    FROM journal j JOIN posting p ON p.journal_id = j.id WHERE j.kind = 'hoursReturned'`;
  return row?.credited ?? 0n;
}

/** The terms that were refunded whole, with what was credited for their hours. */
async function readRefunds(tx: Tx): Promise<Rows['refunds']> {
  const rows = await tx.$queryRaw<
    { reservation_id: string; organisation_id: string; sku_id: string; refunded_at: Date; credited: bigint }[]
  >`SELECT f.reservation_id, f.organisation_id, f.sku_id, f.refunded_at, (SELECT coalesce(sum(p.credit_units), 0)::bigint
      FROM journal j JOIN posting p ON p.journal_id = j.id WHERE j.key = 'refund-term:' || f.reservation_id) AS credited FROM term_refund f`;
  return new Map(
    rows.map(({ reservation_id, organisation_id: organisationId, sku_id: skuId, refunded_at, credited }) => [
      reservation_id,
      { organisationId, skuId, at: fromDate(refunded_at), credited },
    ]),
  );
}

/** The cards that were given back while the rest went on, by the history of their reservations. */
async function readShrinks(tx: Tx): Promise<ShrinkRow[]> {
  const rows = await tx.$queryRaw<{ reservation_id: string; at: Date; cards: number }[]>`
    SELECT reservation_id, at, (data->>'cards')::int AS cards FROM reservation_event WHERE kind = 'shrunk'`;
  return rows.map(({ reservation_id: reservationId, at, cards }) => ({ reservationId, at: fromDate(at), cards }));
}

/** Makes the rule for refunds that of a simulated market. */
export async function writeRefundTerms(tx: Tx, { policyId, terms, windowDays }: RefundTerms): Promise<void> {
  const decided = { state: 'approved', proposedBy: 'one', proposedAt: SOON, decidedBy: 'two', decidedAt: SOON };
  const data = { id: policyId, terms: [...terms], windowDays, reason: 'simulation', ...decided };
  await tx.termRefundPolicy.create({ data, select: { id: true } });
}

async function readCommands(tx: Tx, poolId: string): Promise<Map<string, CommandRow>> {
  const rows = await tx.command.findMany({ where: { poolId }, orderBy: { number: 'asc' } });
  return new Map(
    rows.map((row) => [
      row.id,
      {
        id: idFrom('command', row.id),
        organisationId: row.organisationId === null ? null : idFrom('organisation', row.organisationId),
        // What the engine logs by itself has its own id for a key.
        key: row.idempotencyKey === row.id ? '' : row.idempotencyKey,
        request: row.payloadHash,
        payload: JSON.stringify(row.payload),
        actor: row.actor,
        answers: row.answer === null ? [] : [row.answer as Answer],
        decisionNumber: row.decisionNumber === null ? null : Number(row.decisionNumber),
        epoch: row.epoch === null ? null : Number(row.epoch),
        decidedAt: orNull(row.decidedAt),
        inputs: (row.inputs ?? {}) as CommandRow['inputs'],
        reprices: 0,
      },
    ]),
  );
}

async function readJobRows(tx: Tx, poolId: string): Promise<Map<string, JobRow>> {
  const rows = await tx.queuedJob.findMany({ where: { poolId }, orderBy: { sequence: 'asc' } });
  const live = new Map((await readLiveJobs(tx, poolId)).map((job) => [job.id as string, job]));
  return new Map(
    rows.map((row) => {
      const id = idFrom('job', row.id);
      const startAt = row.decidedAt === null ? null : floorToSecond(fromDate(row.decidedAt));
      const over: Job = {
        id,
        organisationId: idFrom('organisation', row.organisationId),
        projectId: row.projectId === null ? null : idFrom('project', row.projectId),
        skuId: idFrom('sku', row.skuId),
        sequence: Number(row.sequence),
        name: row.name,
        tier: row.tier as Job['tier'],
        cards: row.cards,
        topology: row.topology as Job['topology'],
        walltimeSeconds: row.walltimeSeconds,
        deadlineAt: orNull(row.deadlineAt),
        priceCapE10: row.priceCapE10 === null ? null : priceE10(row.priceCapE10),
        imageId: idFrom('image', row.imageId),
        command: row.command,
        submittedBy: row.submittedBy,
        submittedAt: fromDate(row.submittedAt),
        standing:
          row.state === 'started' && startAt !== null
            ? { state: 'started', startAt, leaveAt: orNull(row.leaveAt) }
            : { state: 'queued', waiting: null },
      };
      return [row.id, { job: live.get(id) ?? over, state: row.state as JobRow['state'] }];
    }),
  );
}

/** The rows of a pool of a simulated market as the invariants read them, from the database; money is of all its pools. */
export async function readRows(
  tx: Tx,
  begun: Pick<Rows, 'market' | 'pool' | 'paidIn'>,
  organisations: readonly Id<'organisation'>[],
): Promise<Rows> {
  const { poolId, cards } = begun.pool;
  const ordinals = new Map<string, number>(cards.map(({ id }, ordinal) => [id, ordinal]));
  const holds = await readHolds(tx);
  const lease = await tx.poolLease.findUniqueOrThrow({ where: { poolId } });
  return {
    ...begun,
    cards: [...cards],
    reservations: await readReservations(tx, poolId),
    allocations: await readAllocations(tx, poolId, ordinals),
    placements: await readPlacements(tx, poolId),
    jobs: await readJobRows(tx, poolId),
    // The simulated devices run workloads by themselves.
    workloadsOver: new Set(),
    holds,
    wallets: new Map(await lockWallets(tx, organisations)),
    lines: await readLineRows(tx, organisations),
    vouchers: await readVoucherMoney(tx),
    limits: await readLimits(tx, organisations),
    projects: (await readProjectLimits(tx, organisations)).sort((a, b) => (a.id < b.id ? -1 : 1)),
    refunds: await readRefunds(tx),
    shrinks: await readShrinks(tx),
    // What only decides in memory is read by the engine itself.
    partlyUnused: new Set(),
    windows: new Map(),
    commands: await readCommands(tx, poolId),
    hourlyYuan: [],
    earned: [...holds.values()].reduce((sum, { captured }) => sum + captured, -(await readCredited(tx))),
    epoch: Number(lease.epoch),
    decisions: Number(lease.decisions),
  };
}

/** An organisation of a simulated market. */
export async function writeOrganisation(
  tx: Tx,
  {
    id,
    slug,
    createdAt,
    ...limits
  }: { readonly id: string; readonly slug: string; readonly createdAt: Instant } & OrganisationLimits,
): Promise<void> {
  await tx.organisation.create({ data: { id, slug, name: 'Simulated', createdAt: toDate(createdAt), ...limits } });
}

/** A project of a simulated market. */
export async function writeProject(tx: Tx, { id, ...project }: ProjectLimits, at: Instant): Promise<void> {
  await tx.project.create({ data: { ...project, id, name: id, createdBy: 'simulation', createdAt: toDate(at) } });
}

/** Asks something of a card or a server, as ops would: a fault, or a repair. */
export async function writeDeviceRequest(
  tx: Tx,
  request: {
    readonly id: string;
    readonly poolId: string;
    readonly target: string;
    readonly kind: string;
    readonly at: Instant;
  },
): Promise<void> {
  const { at, ...data } = request;
  await tx.deviceRequest.create({ data: { ...data, askedBy: 'simulation', askedAt: toDate(at) } });
}
