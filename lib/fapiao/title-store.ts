import 'server-only';
import { type Id, idFrom } from '#lib/core/id.ts';
import { type Instant, toDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';
import { BUYER_KINDS, type Buyer, FAPIAO_TYPES, type Title } from './types.ts';

const TITLE = {
  id: true,
  kind: true,
  fapiaoType: true,
  name: true,
  taxId: true,
  addressPhone: true,
  bankAccount: true,
  isDefault: true,
} as const;

/** What the columns of a buyer hold, in a title or in a fapiao. */
export function fromBuyerColumns(row: {
  kind: string;
  fapiaoType: string;
  name: string;
  taxId: string | null;
  addressPhone: string;
  bankAccount: string;
}): Buyer {
  const { name, taxId, addressPhone, bankAccount } = row;
  return {
    kind: BUYER_KINDS.find((kind) => kind === row.kind) ?? 'company',
    fapiaoType: FAPIAO_TYPES.find((type) => type === row.fapiaoType) ?? '82',
    name,
    taxId,
    addressPhone,
    bankAccount,
  };
}

type TitleRow = Parameters<typeof fromBuyerColumns>[0] & { id: string; isDefault: boolean };

function fromTitleRow(row: TitleRow): Title {
  return { ...fromBuyerColumns(row), id: idFrom('fapiaoTitle', row.id), isDefault: row.isDefault };
}

/** The titles of an organisation, the default one first, then by name. */
export async function readTitles(tx: Tx, organisationId: Id<'organisation'>): Promise<Title[]> {
  const rows = await tx.fapiaoTitle.findMany({
    where: { organisationId, removedAt: null },
    orderBy: [{ isDefault: 'desc' }, { name: 'asc' }, { id: 'asc' }],
    select: TITLE,
  });
  return rows.map(fromTitleRow);
}

/** A title that is there to be used. */
export async function findTitle(tx: Tx, organisationId: Id<'organisation'>, id: string): Promise<Title | null> {
  const row = await tx.fapiaoTitle.findFirst({ where: { id, organisationId, removedAt: null }, select: TITLE });
  return row ? fromTitleRow(row) : null;
}

type Change = { readonly by: string; readonly at: Instant };

/** Writes a title, new or changed; its organisation's first one is the default. */
export async function writeTitle(
  tx: Tx,
  organisationId: Id<'organisation'>,
  title: Title,
  change: Change,
): Promise<void> {
  const { id, ...rest } = title;
  const data = { ...rest, changedBy: change.by, changedAt: toDate(change.at) };
  const { count } = await tx.fapiaoTitle.updateMany({ where: { id, organisationId, removedAt: null }, data });
  if (count === 0) await tx.fapiaoTitle.create({ data: { id, organisationId, ...data }, select: { id: true } });
}

/** Makes one title the default, or with null none. */
export async function writeDefault(
  tx: Tx,
  organisationId: Id<'organisation'>,
  id: string | null,
  change: Change,
): Promise<void> {
  const changed = { changedBy: change.by, changedAt: toDate(change.at) };
  const others = { organisationId, isDefault: true };
  await tx.fapiaoTitle.updateMany({ where: others, data: { isDefault: false, ...changed } });
  if (id !== null)
    await tx.fapiaoTitle.updateMany({ where: { id, organisationId }, data: { isDefault: true, ...changed } });
}

/** Takes a title out of use; fapiao that were made out to it keep what they say. */
export async function writeRemoval(
  tx: Tx,
  organisationId: Id<'organisation'>,
  id: string,
  change: Change,
): Promise<void> {
  await tx.fapiaoTitle.updateMany({
    where: { id, organisationId, removedAt: null },
    data: { isDefault: false, removedAt: toDate(change.at), changedBy: change.by, changedAt: toDate(change.at) },
  });
}
