import 'server-only';
import type { Id } from '#lib/core/id.ts';
import type { Tx } from '#lib/platform/db.ts';

export async function readReservationNames(
  tx: Tx,
  organisationId: Id<'organisation'>,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const rows = await tx.reservation.findMany({
    where: { organisationId, id: { in: [...new Set(ids)] } },
    select: { id: true, name: true },
  });
  return new Map(rows.map(({ id, name }) => [id, name]));
}

export async function readInvoiceNumbers(
  tx: Tx,
  organisationId: Id<'organisation'>,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const rows = await tx.invoice.findMany({
    where: { organisationId, id: { in: [...new Set(ids)] } },
    select: { id: true, number: true },
  });
  return new Map(rows.map(({ id, number }) => [id, number]));
}
