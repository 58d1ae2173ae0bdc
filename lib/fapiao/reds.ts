import 'server-only';
import { record } from '#lib/audit/record.ts';
import { present } from '#lib/core/assert.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { fen } from '#lib/core/money.ts';
import { monthOf } from '#lib/core/period.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize, authorizeTenant } from '#lib/identity/authorize.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { newId } from '#lib/platform/random.ts';
import { lockAccount } from './account-store.ts';
import { readWish } from './amount.ts';
import { fapiaoIdOf } from './fapiao-id.ts';
import { sumOf, takeFrom } from './portion.ts';
import {
  findFapiaoRow,
  insertFapiao,
  lockFapiao,
  nextSalesNumber,
  readFapiaoLines,
  readReds,
  writeStep,
} from './store.ts';
import { canBecome } from './transitions.ts';
import type { FapiaoLine, FapiaoRefusal, FapiaoView, RedRequest } from './types.ts';

const GONE: ReadonlySet<string> = new Set(['refused', 'withdrawn']);

/** The lines of a blue fapiao with what no red one takes back or asks to. */
export async function readLinesLeft(tx: Tx, blueId: Id<'fapiao'>): Promise<FapiaoLine[]> {
  const reds = (await readReds(tx, blueId)).filter(({ state }) => !GONE.has(state));
  const lines = await readFapiaoLines(tx, [blueId, ...reds.map(({ id }) => id)]);
  return (lines.get(blueId) ?? []).map((line) => {
    const taken = sumOf(reds.flatMap(({ id }) => (lines.get(id) ?? []).filter((red) => red.line === line.line)));
    return {
      ...line,
      grossFen: fen(line.grossFen - taken.grossFen),
      netFen: fen(line.netFen - taken.netFen),
      taxFen: fen(line.taxFen - taken.taxFen),
    };
  });
}

/** Asks to take an issued fapiao back, in whole or in part. `scope` null: finance, for anybody. */
async function askForRed(
  ctx: Ctx,
  scope: Id<'organisation'> | null,
  wish: RedRequest,
  key: string,
): Promise<Result<FapiaoView, FapiaoRefusal>> {
  return withTx(ctx, async (tx) => {
    const blue = await findFapiaoRow(tx, scope, wish.fapiaoId);
    if (!blue) return refuse({ code: 'fapiaoUnknown' });
    const { organisationId } = blue;
    await lockAccount(tx, organisationId);
    const id = key === '' ? newId('fapiao', ctx.now) : fapiaoIdOf(organisationId, `red ${blue.id} ${key}`);
    const asked = readWish(wish.amountYuan);
    if (!asked.ok) return asked;
    const kept = await findFapiaoRow(tx, scope, id);
    if (kept)
      return kept.remark === wish.reason && (asked.value === null || asked.value === kept.grossFen)
        ? accept(kept)
        : refuse({ code: 'idempotencyKeyReused' });
    // Read again: it may have been issued while this waited for the lock.
    const { state, kind, buyer, titleId } = present(await findFapiaoRow(tx, scope, blue.id), `fapiao ${blue.id}`);
    if (kind !== 'blue' || state !== 'issued') return refuse({ code: 'fapiaoNotInState', state });
    const left = await readLinesLeft(tx, blue.id);
    const leftFen = sumOf(left).grossFen;
    const amountFen = asked.value ?? leftFen;
    if (leftFen === 0n || amountFen > leftFen) return refuse({ code: 'fapiaoOverBlue', leftFen: `${leftFen}` });
    const lines = takeFrom(left, amountFen);
    const salesNumber = await nextSalesNumber(tx, monthOf(ctx.now));
    const red = {
      ...{ id, salesNumber, organisationId, kind: 'red' as const, blueId: blue.id, titleId, buyer },
      ...sumOf(lines),
      ...{ remark: wish.reason, requestedAt: ctx.now, changedAt: ctx.now, changedNote: '' },
    };
    await insertFapiao(tx, red, lines, actorLabel(ctx.actor));
    await record(ctx, tx, 'fapiao.requestRed', id, { salesNumber, blue: blue.id, grossFen: amountFen }, organisationId);
    return accept(present(await findFapiaoRow(tx, scope, id), `fapiao ${id}`));
  });
}

/**
 * A customer asks to take an own issued fapiao back. Refuses, in this order: unknown, an amount that cannot be read, not
 * issued, more than is left of it.
 */
export async function requestRed(ctx: Ctx, wish: RedRequest, key = ''): Promise<Result<FapiaoView, FapiaoRefusal>> {
  const organisationId = authorizeTenant(ctx, 'fapiao:request');
  return askForRed(ctx, organisationId, wish, key);
}

/** As {@link requestRed}, begun by finance: after a refund that came later than the fapiao, or for a mistake. */
export async function beginRed(ctx: Ctx, wish: RedRequest, key = ''): Promise<Result<FapiaoView, FapiaoRefusal>> {
  authorize(ctx, 'fapiao:issue');
  return askForRed(ctx, null, wish, key);
}

/** Finance keeps the number of the red letter that now stands; the red one can be issued from here. */
export async function confirmRed(
  ctx: Ctx,
  input: { readonly fapiaoId: string; readonly confirmation: string },
): Promise<Result<null, FapiaoRefusal>> {
  authorize(ctx, 'fapiao:issue');
  const { fapiaoId, confirmation } = input;
  return withTx(ctx, async (tx) => {
    const red = await lockFapiao(tx, null, fapiaoId);
    if (!red) return refuse({ code: 'fapiaoUnknown' });
    if (!canBecome(red, 'confirmed')) return refuse({ code: 'fapiaoNotInState', state: red.state });
    const step = { to: 'confirmed' as const, by: actorLabel(ctx.actor), at: ctx.now, note: confirmation };
    await writeStep(tx, red.id, { ...step, confirmation });
    await record(ctx, tx, 'fapiao.confirmRed', red.id, { confirmation }, red.organisationId);
    return accept(null);
  });
}
