import 'server-only';
import type { TopologyWish } from '#lib/catalog/types.ts';
import type { Id } from '#lib/core/id.ts';
import { fromDate, toDate } from '#lib/core/instant.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { sendDirectly } from '#lib/platform/direct-statements.ts';
import type { Blocker, Explained, Explanation } from './explanation.ts';
import { type Answer, type CommandPayload, commandPayload } from './command-types.ts';
import type { LostCard, ReservationState } from './types.ts';
import type { Standing } from './waiting.ts';

/** Stores why commands were refused, in the transaction that answers them. */
export async function saveExplanations(
  tx: Tx,
  decided: readonly { readonly commandId: string; readonly explained?: Explained }[],
): Promise<void> {
  const found = decided.flatMap(({ commandId, explained }) => (explained ? [{ commandId, ...explained }] : []));
  if (found.length === 0) return;
  sendDirectly(
    tx,
    Prisma.sql`
      INSERT INTO explanation (command_id, organisation_id, token, body)
      SELECT c.id, c.organisation_id, e.token, e.body::jsonb
      FROM unnest(${found.map((each) => each.commandId)}::text[], ${found.map((each) => each.explanation.token)}::text[],
        ${found.map((each) => JSON.stringify(each.explanation))}::text[]) AS e (id, token, body) JOIN command c ON c.id = e.id`,
  );
  const blockers = found.flatMap(({ commandId, blockers: all }) =>
    all.map((blocker, position) => ({ commandId, position, ...blocker })),
  );
  if (blockers.length === 0) return;
  await tx.explanationBlocker.createMany({
    data: blockers.map(({ commandId, position, kind, id, organisationId, cards, until }) => ({
      commandId,
      position,
      kind,
      subjectId: id,
      organisationId,
      cards,
      untilAt: until === null ? null : toDate(until),
    })),
  });
}

/** Whose; null for everybody's (staff). */
type Scope = Id<'organisation'> | null;

/** A command that somebody asks about, with its answer and why it was refused. */
export type AskedCommand = {
  readonly commandId: string;
  readonly payload: CommandPayload;
  readonly answer: Answer | null;
  readonly explanation: Explanation | null;
};

/** A command by its own id, or by the id of the reservation that it asked for; null when the scope has none. */
export async function readAskedCommand(tx: Tx, scope: Scope, id: string): Promise<AskedCommand | null> {
  const [row] = await tx.$queryRaw<{ id: string; payload: unknown; answer: Answer | null; body: Explanation | null }[]>`
    SELECT c.id, c.payload, c.answer, e.body FROM command c LEFT JOIN explanation e ON e.command_id = c.id
    WHERE c.organisation_id = coalesce(${scope}, c.organisation_id) AND (c.id = ${id} OR (c.kind = 'reserve' AND c.payload->>'reservationId' = ${id}))
    ORDER BY c.number DESC LIMIT 1`;
  if (!row) return null;
  const payload = commandPayload.parse(row.payload);
  return { commandId: row.id, payload, answer: row.answer, explanation: row.body };
}

/** What stood in the way of a command, by name, as far as the scope may see it. */
export async function readBlockers(tx: Tx, scope: Scope, commandId: string): Promise<Blocker[]> {
  const rows = await tx.explanationBlocker.findMany({
    where: { commandId, ...(scope === null ? {} : { organisationId: scope }) },
    orderBy: { position: 'asc' },
    select: { kind: true, subjectId: true, organisationId: true, cards: true, untilAt: true },
  });
  return rows.map(({ kind, subjectId, organisationId, cards, untilAt }) => ({
    kind: kind as Blocker['kind'],
    id: subjectId,
    organisationId,
    cards,
    until: untilAt === null ? null : fromDate(untilAt),
  }));
}

/** How a reservation stands; null when the scope has none of that id. */
export async function readWaiting(tx: Tx, scope: Scope, reservationId: string): Promise<Standing | null> {
  const row = await tx.reservation.findFirst({
    where: { id: reservationId, ...(scope === null ? {} : { organisationId: scope }) },
    select: {
      poolId: true,
      state: true,
      cards: true,
      topology: true,
      startAt: true,
      isBound: true,
      replans: true,
      replannedAt: true,
      lost: true,
    },
  });
  if (!row) return null;
  const lost = row.lost as LostCard[];
  const cards = await tx.card.findMany({
    where: { poolId: row.poolId, ordinal: { in: lost.map(({ card }) => card) } },
    select: { id: true, ordinal: true },
  });
  return {
    ...row,
    state: row.state as ReservationState,
    topology: row.topology as TopologyWish,
    startAt: fromDate(row.startAt),
    replannedAt: row.replannedAt === null ? null : fromDate(row.replannedAt),
    lost,
    cardIds: new Map(cards.map(({ id, ordinal }) => [ordinal, id])),
  };
}
