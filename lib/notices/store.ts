import 'server-only';
import { present } from '#lib/core/assert.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';
import { NOTICE_KINDS, type Notice, noticeData } from './types.ts';

/** A page of an organisation's notices, newest first. */
export async function readNotices(
  tx: Tx,
  organisationId: Id<'organisation'>,
  page: { readonly skip: number; readonly take: number },
): Promise<{ rows: Notice[]; total: number }> {
  const where = { organisationId };
  const total = await tx.notice.count({ where });
  const rows = await tx.notice.findMany({
    where,
    orderBy: { number: 'desc' },
    ...page,
    select: { id: true, kind: true, data: true, at: true, readAt: true },
  });
  return {
    total,
    rows: rows.map((row) => ({
      id: idFrom('notice', row.id),
      kind: present(
        NOTICE_KINDS.find((kind) => kind === row.kind),
        `kind of notice ${row.kind}`,
      ),
      data: noticeData.parse(row.data),
      at: fromDate(row.at),
      readAt: row.readAt === null ? null : fromDate(row.readAt),
    })),
  };
}

/** How many notices nobody has read. */
export async function countUnread(tx: Tx, organisationId: Id<'organisation'>): Promise<number> {
  return tx.notice.count({ where: { organisationId, readAt: null } });
}

/** Marks all notices up to an instant as read; how many that were. */
export async function writeRead(
  tx: Tx,
  organisationId: Id<'organisation'>,
  read: { readonly by: string; readonly at: Instant },
): Promise<number> {
  const where = { organisationId, readAt: null, at: { lte: toDate(read.at) } };
  const { count } = await tx.notice.updateMany({ where, data: { readAt: toDate(read.at), readBy: read.by } });
  return count;
}
