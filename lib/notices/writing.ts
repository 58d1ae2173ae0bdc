import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { toDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';
import { notify } from '#lib/platform/notifications.ts';
import { newId } from '#lib/platform/random.ts';
import type { NewNotice } from './types.ts';

// The door for other modules: a notice is written in the transaction of what it tells of, so that both are there or neither.

/** Writes notices, each once for its cause, and announces them to whoever looks. */
export async function tell(ctx: Ctx, tx: Tx, notices: readonly NewNotice[]): Promise<void> {
  if (notices.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO notice (id, organisation_id, kind, source_key, data, at)
    SELECT n.id, n.organisation_id, n.kind, n.source_key, n.data::jsonb, ${toDate(ctx.now)}::timestamptz
    FROM unnest(${notices.map(() => newId('notice', ctx.now))}::text[], ${notices.map((n) => n.organisationId)}::text[],
      ${notices.map((n) => n.kind)}::text[], ${notices.map((n) => n.sourceKey)}::text[],
      ${notices.map((n) => JSON.stringify(n.data))}::text[]) WITH ORDINALITY AS n (id, organisation_id, kind, source_key, data, position)
    ORDER BY n.position
    ON CONFLICT (organisation_id, source_key) DO NOTHING`;
  await notify(tx, 'kashi_change', ['usage']);
}
