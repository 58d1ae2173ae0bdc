import 'server-only';
import type { Id } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';
import { stateOf } from './store.ts';
import { type FapiaoDetail, type FapiaoEvent, FILE_FORMATS, type FileFormat } from './types.ts';

/** The history of a fapiao, oldest first, with the names of people; what is not a person keeps its label. */
export async function readHistory(tx: Tx, fapiaoId: string): Promise<FapiaoEvent[]> {
  const rows = await tx.fapiaoEvent.findMany({
    where: { fapiaoId },
    orderBy: { id: 'asc' },
    select: { at: true, actor: true, state: true, note: true },
  });
  const ids = rows.flatMap(({ actor }) => (actor.startsWith('user:') ? [actor.slice('user:'.length)] : []));
  const people = await tx.user.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } });
  const nameOf = new Map(people.map(({ id, name }) => [`user:${id}`, name]));
  return rows.map(({ at, actor, state, note }) => ({
    at: fromDate(at),
    // A customer sees no names of the operator's people.
    byName: nameOf.get(actor) ?? (actor.startsWith('user:') ? '' : actor),
    state: stateOf(state),
    note,
  }));
}

/** The numbers of invoices by id. */
export async function readInvoiceNumbers(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.invoice.findMany({ where: { id: { in: [...ids] } }, select: { id: true, number: true } });
  return new Map(rows.map(({ id, number }) => [id, number]));
}

/** The documents of a fapiao, the newest of each format. */
export async function readFiles(tx: Tx, fapiaoId: string): Promise<FapiaoDetail['files']> {
  const rows = await tx.fapiaoFile.findMany({
    where: { fapiaoId },
    orderBy: [{ format: 'asc' }, { version: 'desc' }],
    distinct: ['format'],
    select: { format: true, sha256: true, savedAt: true },
  });
  return rows.flatMap(({ format, sha256, savedAt }) => {
    const known = FILE_FORMATS.find((each) => each === format);
    return known ? [{ format: known, sha256, savedAt: fromDate(savedAt) }] : [];
  });
}

/** The bytes of the newest document of a format. */
export async function findFileBytes(tx: Tx, fapiaoId: string, format: FileFormat): Promise<Uint8Array | null> {
  const row = await tx.fapiaoFile.findFirst({
    where: { fapiaoId, format },
    orderBy: { version: 'desc' },
    select: { bytes: true },
  });
  return row?.bytes ?? null;
}

/** Keeps a document of a locked fapiao, in front of earlier ones of its format. */
export async function insertFile(
  tx: Tx,
  fapiao: { readonly id: Id<'fapiao'>; readonly organisationId: Id<'organisation'> },
  file: { readonly format: FileFormat; readonly bytes: Uint8Array<ArrayBuffer>; readonly sha256: string },
  saved: { readonly by: string; readonly at: Instant },
): Promise<void> {
  const { id: fapiaoId, organisationId } = fapiao;
  const version = 1 + (await tx.fapiaoFile.count({ where: { fapiaoId, format: file.format } }));
  await tx.fapiaoFile.create({
    data: { ...file, fapiaoId, organisationId, version, savedBy: saved.by, savedAt: toDate(saved.at) },
    select: { version: true },
  });
}
