import 'server-only';
import { createHash } from 'node:crypto';
import { present } from '#lib/core/assert.ts';
import { type Canonical, canonicalJson } from '#lib/core/canonical.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { toDate } from '#lib/core/instant.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { notify } from '#lib/platform/notifications.ts';
import { callGathered, Prisma, type Tx, type TxContext } from '#lib/platform/db.ts';
import { askDirectly, sendDirectly } from '#lib/platform/direct-statements.ts';
import { newId } from '#lib/platform/random.ts';
import { announcedAnswers } from './announced-answers.ts';
import type { Explained } from './explanation.ts';
import { saveExplanations } from './explanation-store.ts';
import type { Answer, Command, CommandPayload } from './command-types.ts';
import { commandPayload } from './command-types.ts';

/** A command as it is handed in. `request` is what the submitter asked, the same at every repeat. */
export type Submission = {
  readonly poolId: Id<'pool'>;
  readonly organisationId: Id<'organisation'> | null;
  readonly payload: CommandPayload;
  readonly request: Canonical;
  readonly idempotencyKey: string;
};

/** The same key was used for another request. */
export type SubmissionRefusal = { readonly code: 'idempotencyKeyReused' };

/** A command in the log: its id, and its answer when it came before and was decided. */
export type Submitted = { readonly commandId: Id<'command'>; readonly answer: Answer | null };

/**
 * Writes a command into the log, records who asked for it, and announces it: one statement, a transaction of its own, or that
 * of all who hand in at this moment. A new command is flushed by the round that answers it: one that a server lost before
 * that was answered to nobody, and is handed in again (`asking.ts`).
 * The same key with the same request is the same command, for ever, however often and however concurrently it comes;
 * with another request it is refused.
 */
export async function submitCommand(
  ctx: Ctx,
  submission: Submission,
  id: Id<'command'>,
): Promise<Result<Submitted, SubmissionRefusal>> {
  const { poolId, organisationId, idempotencyKey } = submission;
  // What the engine could not read back would stop the whole pool: it must not get into the log.
  const payload = commandPayload.parse(submission.payload);
  const request = canonicalJson(submission.request);
  const payloadHash = createHash('sha256').update(request).digest('hex');
  const asked = `{"request":${request}}`;
  const [row] = await callGathered<{ id: string; payload_hash: string; answer: unknown }>(ctx, 'command_submit', [
    id,
    poolId,
    organisationId,
    payload.kind,
    JSON.stringify(payload),
    payloadHash,
    idempotencyKey,
    toDate(ctx.now),
    asked,
  ]);
  const kept = present(row, `command of key ${idempotencyKey}`);
  if (kept.payload_hash !== payloadHash) return refuse({ code: 'idempotencyKeyReused' });
  return accept({ commandId: idFrom('command', kept.id), answer: (kept.answer ?? null) as Answer | null });
}

/** The answer of a command, null while it waits; `lost` when the log has no such command, or not for this caller. */
export async function readAnswer(ctx: TxContext, commandId: string): Promise<Answer | 'lost' | null> {
  const [row] = await callGathered<{ answer: unknown }>(ctx, 'command_answer', [commandId]);
  return row ? ((row.answer ?? null) as Answer | null) : 'lost';
}

/** A command that waits, as its row has it. */
export type PendingRow = {
  readonly id: string;
  readonly organisation_id: string | null;
  readonly actor: string;
  readonly payload: unknown;
};

/**
 * The oldest commands of a pool that wait for a decision. The state stands in the statement: given as a parameter, no plan
 * could use the index of those that wait, and every round would look through all that ever were.
 */
export function askPending(tx: Tx, poolId: Id<'pool'>, most: number): Promise<PendingRow[]> {
  return askDirectly<PendingRow>(
    tx,
    Prisma.sql`
      SELECT id, organisation_id, actor, payload FROM command WHERE pool_id = ${poolId} AND state = 'pending'
      ORDER BY number LIMIT ${most}`,
  );
}

/** The command of a row. */
export function commandOf(row: PendingRow): Command {
  return {
    id: idFrom('command', row.id),
    organisationId: row.organisation_id === null ? null : idFrom('organisation', row.organisation_id),
    actor: row.actor,
    payload: commandPayload.parse(row.payload),
  };
}

/** How a command was decided, for the log. */
export type Decided = {
  readonly commandId: Id<'command'>;
  readonly answer: Answer;
  readonly decisionNumber: bigint;
  /** What the decision was made with besides the state: the spendable money it saw. */
  readonly inputs: { readonly [name: string]: string };
  readonly explained?: Explained;
};

/** Answers commands and announces the answers. The database refuses a second answer and a deposed leader. */
export async function writeAnswers(ctx: Ctx, tx: Tx, epoch: bigint, decided: readonly Decided[]): Promise<void> {
  if (decided.length === 0) return;
  sendDirectly(
    tx,
    Prisma.sql`
      UPDATE command c SET state = 'answered', answer = d.answer::jsonb, inputs = d.inputs::jsonb, decision_number = d.number::bigint,
        decided_at = ${toDate(ctx.now)}::timestamptz, epoch = ${epoch}
      FROM unnest(${decided.map((d) => d.commandId)}::text[], ${decided.map((d) => JSON.stringify(d.answer))}::text[],
        ${decided.map((d) => JSON.stringify(d.inputs))}::text[], ${decided.map((d) => `${d.decisionNumber}`)}::text[]) AS d (id, answer, inputs, number)
      WHERE c.id = d.id`,
  );
  await saveExplanations(tx, decided);
  await notify(tx, 'kashi_answer', announcedAnswers(decided));
}

/**
 * Logs what time or the device layer asked for, already decided: the log holds every cause of every change, so that it
 * can be played again. Nobody waits for it: the answers of the round go out behind it.
 */
export function writeDecided(
  ctx: Ctx,
  tx: Tx,
  poolId: Id<'pool'>,
  epoch: bigint,
  entries: readonly {
    readonly payload: CommandPayload;
    readonly decisionNumber: bigint;
    readonly inputs: Decided['inputs'];
  }[],
): void {
  if (entries.length === 0) return;
  const rows = entries.map(({ payload, decisionNumber, inputs }) => {
    const id = newId('command', ctx.now);
    return { id, idempotency_key: id, kind: payload.kind, payload, inputs, decision_number: `${decisionNumber}` };
  });
  const [at, answer] = [toDate(ctx.now), JSON.stringify({ ok: true, value: { reservationId: null } })];
  sendDirectly(
    tx,
    Prisma.sql`
      INSERT INTO command (id, idempotency_key, kind, payload, inputs, decision_number, pool_id, payload_hash, actor, request_id,
        submitted_at, decided_at, state, answer, epoch)
      SELECT id, idempotency_key, kind, payload, inputs, decision_number, ${poolId}, '', ${actorLabel(ctx.actor)}, ${ctx.requestId},
        ${at}::timestamptz, ${at}::timestamptz, 'answered', ${answer}::jsonb, ${epoch}::bigint
      FROM json_populate_recordset(NULL::command, ${JSON.stringify(rows)}::json)`,
  );
}
