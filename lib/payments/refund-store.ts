import 'server-only';
import { present } from '#lib/core/assert.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import { fen } from '#lib/core/money.ts';
import type { Tx } from '#lib/platform/db.ts';
import type { RouteSums } from './refundable.ts';
import { payeeSchema, REFUND_ROUTES, REFUND_STATES, type RefundRequest, type RefundState } from './refund-types.ts';

const SELECTED = {
  id: true,
  organisationId: true,
  route: true,
  amountFen: true,
  payee: true,
  reason: true,
  state: true,
  askedBy: true,
  askedAt: true,
  approvedBy: true,
  endedAt: true,
  bankReference: true,
  endReason: true,
} as const;

type Row = Omit<
  RefundRequest,
  'id' | 'organisationId' | 'route' | 'payee' | 'state' | 'askedAt' | 'endedAt' | 'amountFen'
> & {
  id: string;
  organisationId: string;
  route: string;
  amountFen: bigint;
  payee: unknown;
  state: string;
  askedAt: Date;
  endedAt: Date | null;
};

function fromRow({
  id,
  organisationId,
  route,
  amountFen,
  payee,
  state,
  askedAt,
  endedAt,
  ...same
}: Row): RefundRequest {
  return {
    ...same,
    id: idFrom('refund', id),
    organisationId: idFrom('organisation', organisationId),
    route: present(
      REFUND_ROUTES.find((each) => each === route),
      `route ${route}`,
    ),
    state: present(
      REFUND_STATES.find((each) => each === state),
      `state ${state}`,
    ),
    amountFen: fen(amountFen),
    payee: route === 'bank' ? payeeSchema.parse(payee) : null,
    askedAt: fromDate(askedAt),
    endedAt: endedAt === null ? null : fromDate(endedAt),
  };
}

/** Lets one request of an organisation be asked at a time, so that none is counted without the others. */
export async function lockAsking(tx: Tx, organisationId: Id<'organisation'>): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('refund:' || ${organisationId}, 0))`;
}

/** What came in by each route, and what of it went back or is on its way. */
export async function readRouteSums(tx: Tx, organisationId: Id<'organisation'>): Promise<RouteSums[]> {
  const paid = await tx.payment.groupBy({
    by: ['method'],
    where: { organisationId, state: 'settled' },
    _sum: { settledFen: true },
  });
  const live = ['asked', 'approved', 'paid'];
  const taken = await tx.refundRequest.groupBy({
    by: ['route'],
    where: { organisationId, state: { in: live } },
    _sum: { amountFen: true },
  });
  return REFUND_ROUTES.map((route) => {
    const method = route === 'bank' ? 'bank-transfer' : 'sandbox';
    return {
      route,
      paidInFen: paid.find((row) => row.method === method)?._sum.settledFen ?? 0n,
      takenFen: taken.find((row) => row.route === route)?._sum.amountFen ?? 0n,
    };
  });
}

/** Who sent the transfers of an organisation, and how much of it. */
export async function readPayers(tx: Tx, organisationId: string): Promise<{ name: string; amountFen: bigint }[]> {
  const rows = await tx.$queryRaw<{ payer_name: string; amount_fen: bigint }[]>`
    SELECT payer_name, amount_fen FROM refund_payers(${organisationId})`;
  return rows.map((row) => ({ name: row.payer_name, amountFen: row.amount_fen }));
}

export async function insertRefund(tx: Tx, refund: RefundRequest, clientToken: string): Promise<void> {
  const { id, organisationId, route, amountFen, payee, reason, askedBy, askedAt } = refund;
  await tx.refundRequest.create({
    data: {
      id,
      organisationId,
      clientToken,
      route,
      amountFen,
      payee: payee ?? {},
      reason,
      state: 'asked',
      askedBy,
      askedAt: toDate(askedAt),
    },
    select: { id: true },
  });
}

export async function findByToken(tx: Tx, organisationId: string, clientToken: string): Promise<RefundRequest | null> {
  const row = await tx.refundRequest.findFirst({ where: { organisationId, clientToken }, select: SELECTED });
  return row && fromRow(row);
}

/** A request, locked for the rest of the transaction; null when there is none of that id in sight. */
export async function lockRefund(tx: Tx, id: string): Promise<RefundRequest | null> {
  await tx.$executeRaw`SELECT 1 FROM refund_request WHERE id = ${id} FOR UPDATE`;
  const row = await tx.refundRequest.findUnique({ where: { id }, select: SELECTED });
  return row && fromRow(row);
}

export async function writeApproval(tx: Tx, id: string, by: string, at: Instant): Promise<void> {
  await tx.refundRequest.updateMany({
    where: { id },
    data: { state: 'approved', approvedBy: by, approvedAt: toDate(at) },
  });
}

/** How a request ended. */
export type RefundEnd = {
  readonly state: Exclude<RefundState, 'asked' | 'approved'>;
  readonly by: string;
  readonly at: Instant;
  readonly bankReference: string | null;
  readonly reason: string | null;
};

export async function writeEnd(tx: Tx, id: string, { state, by, at, bankReference, reason }: RefundEnd): Promise<void> {
  await tx.refundRequest.updateMany({
    where: { id },
    data: { state, endedBy: by, endedAt: toDate(at), bankReference, endReason: reason },
  });
}

/** True when a payment of the bank with this number is recorded already. */
export async function hasReference(tx: Tx, bankReference: string): Promise<boolean> {
  return (await tx.refundRequest.count({ where: { bankReference } })) > 0;
}

/** A page of requests: an organisation's, or everybody's; those that wait first, then the newest. */
export async function readRefunds(
  tx: Tx,
  where: { readonly organisationId?: string; readonly states?: readonly RefundState[] },
  page: { readonly skip: number; readonly take: number },
): Promise<{ rows: (RefundRequest & { readonly organisationName: string })[]; total: number }> {
  const { organisationId, states } = where;
  const filter = { ...(organisationId && { organisationId }), ...(states && { state: { in: [...states] } }) };
  const total = await tx.refundRequest.count({ where: filter });
  const rows = await tx.refundRequest.findMany({
    where: filter,
    orderBy: [{ askedAt: 'desc' }, { id: 'desc' }],
    ...page,
    select: SELECTED,
  });
  const ids = rows.map((row) => row.organisationId);
  const names = await tx.organisation.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } });
  const nameOf = new Map(names.map(({ id, name }) => [id, name]));
  return {
    total,
    rows: rows.map((row) => ({ ...fromRow(row), organisationName: nameOf.get(row.organisationId) ?? '' })),
  };
}
