import 'server-only';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import { fen } from '#lib/core/money.ts';
import type { Tx } from '#lib/platform/db.ts';
import { fromBuyerColumns } from './title-store.ts';
import { FAPIAO_STATES, type FapiaoLine, type FapiaoState, type FapiaoView } from './types.ts';

const FAPIAO = {
  id: true,
  salesNumber: true,
  organisationId: true,
  kind: true,
  blueId: true,
  titleId: true,
  fapiaoType: true,
  buyerKind: true,
  buyerName: true,
  buyerTaxId: true,
  buyerAddressPhone: true,
  buyerBankAccount: true,
  remark: true,
  grossFen: true,
  netFen: true,
  taxFen: true,
  state: true,
  number: true,
  issuedOn: true,
  documentUrl: true,
  confirmation: true,
  requestedAt: true,
  changedAt: true,
  changedNote: true,
} as const;

type FapiaoRow = Awaited<ReturnType<typeof rowsOf>>[number];

const rowsOf = (tx: Tx, where: object, skip = 0, take = 1_000) =>
  tx.fapiao.findMany({
    where,
    orderBy: [{ requestedAt: 'desc' }, { salesNumber: 'desc' }],
    skip,
    take,
    select: FAPIAO,
  });

export const stateOf = (text: string): FapiaoState => FAPIAO_STATES.find((state) => state === text) ?? 'requested';

function fromFapiaoRow(row: FapiaoRow, organisationName: string): FapiaoView {
  const { salesNumber, remark, number, issuedOn, documentUrl, confirmation, changedNote } = row;
  return {
    id: idFrom('fapiao', row.id),
    organisationId: idFrom('organisation', row.organisationId),
    kind: row.kind === 'red' ? 'red' : 'blue',
    blueId: row.blueId === null ? null : idFrom('fapiao', row.blueId),
    titleId: idFrom('fapiaoTitle', row.titleId),
    buyer: fromBuyerColumns({
      kind: row.buyerKind,
      fapiaoType: row.fapiaoType,
      name: row.buyerName,
      taxId: row.buyerTaxId,
      addressPhone: row.buyerAddressPhone,
      bankAccount: row.buyerBankAccount,
    }),
    ...{ organisationName, salesNumber, remark, number, issuedOn, documentUrl, confirmation, changedNote },
    state: stateOf(row.state),
    grossFen: fen(row.grossFen),
    netFen: fen(row.netFen),
    taxFen: fen(row.taxFen),
    requestedAt: fromDate(row.requestedAt),
    changedAt: fromDate(row.changedAt),
  };
}

/** Fapiao of rows with the names of whose they are. */
async function named(tx: Tx, rows: readonly FapiaoRow[]): Promise<FapiaoView[]> {
  const ids = [...new Set(rows.map(({ organisationId }) => organisationId))];
  const names = await tx.organisation.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } });
  const nameOf = new Map(names.map(({ id, name }) => [id, name]));
  return rows.map((row) => fromFapiaoRow(row, nameOf.get(row.organisationId) ?? ''));
}

/** Whose fapiao: one organisation's, or with null everybody's; in one of some states, or in any. */
export type FapiaoFilter = {
  readonly organisationId: Id<'organisation'> | null;
  readonly states?: readonly FapiaoState[] | undefined;
};

/** A page of fapiao, newest first. */
export async function readFapiao(
  tx: Tx,
  filter: FapiaoFilter,
  skip: number,
  take: number,
): Promise<{ rows: FapiaoView[]; total: number }> {
  const where = {
    ...(filter.organisationId === null ? {} : { organisationId: filter.organisationId }),
    ...(filter.states ? { state: { in: [...filter.states] } } : {}),
  };
  const total = await tx.fapiao.count({ where });
  return { total, rows: await named(tx, await rowsOf(tx, where, skip, take)) };
}

/** One fapiao; null when the organisation (with null: anybody) has none of that id. */
export async function findFapiaoRow(
  tx: Tx,
  organisationId: Id<'organisation'> | null,
  id: string,
): Promise<FapiaoView | null> {
  const where = { id, ...(organisationId === null ? {} : { organisationId }) };
  return (await named(tx, await rowsOf(tx, where, 0, 1)))[0] ?? null;
}

/** As {@link findFapiaoRow}, locked for the rest of the transaction. */
export async function lockFapiao(
  tx: Tx,
  organisationId: Id<'organisation'> | null,
  id: string,
): Promise<FapiaoView | null> {
  await tx.$queryRaw`SELECT id FROM fapiao WHERE id = ${id} FOR UPDATE`;
  return findFapiaoRow(tx, organisationId, id);
}

/** The red ones of a blue one, newest first. */
export async function readReds(tx: Tx, blueId: string): Promise<FapiaoView[]> {
  return named(tx, await rowsOf(tx, { blueId }));
}

/** Fapiao of a batch in the order of their numbers. */
export async function readBatchFapiao(tx: Tx, batchId: string): Promise<FapiaoView[]> {
  const rows = await named(tx, await rowsOf(tx, { batchId }));
  return rows.toSorted((a, b) => (a.salesNumber < b.salesNumber ? -1 : 1));
}

/** The fapiao of some sales numbers. */
export async function readFapiaoNamed(tx: Tx, salesNumbers: readonly string[]): Promise<FapiaoView[]> {
  return named(tx, await rowsOf(tx, { salesNumber: { in: [...salesNumbers] } }, 0, salesNumbers.length));
}

/** Those of some 20-digit numbers that are given already. */
export async function readTakenNumbers(tx: Tx, numbers: readonly string[]): Promise<Set<string>> {
  const rows = await tx.fapiao.findMany({ where: { number: { in: [...numbers] } }, select: { number: true } });
  return new Set(rows.flatMap(({ number }) => (number === null ? [] : [number])));
}

/** The lines of fapiao, by fapiao and in their order. */
export async function readFapiaoLines(tx: Tx, fapiaoIds: readonly string[]): Promise<Map<string, FapiaoLine[]>> {
  const rows = await tx.fapiaoLine.findMany({
    where: { fapiaoId: { in: [...fapiaoIds] } },
    orderBy: [{ fapiaoId: 'asc' }, { line: 'asc' }],
    select: {
      fapiaoId: true,
      line: true,
      invoiceId: true,
      invoiceLine: true,
      itemName: true,
      taxCode: true,
      specification: true,
      taxRateBps: true,
      grossFen: true,
      netFen: true,
      taxFen: true,
    },
  });
  const lines = rows.map(({ fapiaoId, ...row }) => ({
    fapiaoId,
    line: {
      ...row,
      invoiceId: idFrom('invoice', row.invoiceId),
      grossFen: fen(row.grossFen),
      netFen: fen(row.netFen),
      taxFen: fen(row.taxFen),
    },
  }));
  const byFapiao = Map.groupBy(lines, ({ fapiaoId }) => fapiaoId);
  return new Map([...byFapiao].map(([id, group]) => [id, group.map(({ line }) => line)]));
}

/** The next sales number (销售单号): `FP`, the month of asking, and a number that never comes again. */
export async function nextSalesNumber(tx: Tx, month: string): Promise<string> {
  const [row] = await tx.$queryRaw<{ serial: bigint }[]>`SELECT nextval('fapiao_serial') AS serial`;
  return `FP${month.replace('-', '')}${`${row?.serial ?? 0n}`.padStart(8, '0')}`;
}

type New = Omit<FapiaoView, 'organisationName' | 'state' | 'number' | 'issuedOn' | 'documentUrl' | 'confirmation'>;

/** Writes a request with its lines. The database sets what was available, and refuses more. */
export async function insertFapiao(tx: Tx, fapiao: New, lines: readonly FapiaoLine[], by: string): Promise<void> {
  const { buyer, requestedAt, changedAt, ...rest } = fapiao;
  const data = {
    ...rest,
    fapiaoType: buyer.fapiaoType,
    buyerKind: buyer.kind,
    buyerName: buyer.name,
    buyerTaxId: buyer.taxId,
    buyerAddressPhone: buyer.addressPhone,
    buyerBankAccount: buyer.bankAccount,
    availableFen: 0n,
    state: 'requested',
    requestedAt: toDate(requestedAt),
    changedAt: toDate(changedAt),
    changedBy: by,
  };
  await tx.fapiao.create({ data, select: { id: true } });
  const { id: fapiaoId, organisationId } = fapiao;
  await tx.fapiaoLine.createMany({ data: lines.map((line) => ({ ...line, fapiaoId, organisationId })) });
}

/** What a step writes besides the state. */
export type Step = {
  readonly to: FapiaoState;
  readonly by: string;
  readonly at: Instant;
  readonly note: string;
  readonly issued?: { readonly number: string; readonly issuedOn: string; readonly documentUrl: string | null };
  readonly confirmation?: string;
};

/** Moves a locked fapiao on; the database writes its history. */
export async function writeStep(tx: Tx, id: string, step: Step): Promise<void> {
  const { to, by, at, note, issued, confirmation } = step;
  await tx.fapiao.updateMany({
    where: { id },
    data: {
      state: to,
      changedBy: by,
      changedAt: toDate(at),
      changedNote: note,
      ...issued,
      ...(confirmation === undefined ? {} : { confirmation }),
    },
  });
}
