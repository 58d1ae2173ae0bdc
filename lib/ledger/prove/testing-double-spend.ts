import type { Ctx } from '#lib/core/context.ts';
import { isTransient } from '#lib/platform/database-errors.ts';
import { type Units, units } from '#lib/core/money.ts';
import { withTx } from '#lib/platform/db.ts';
import { chart } from '../chart.ts';
import { ledgerRefusalOf, post } from '../posting.ts';
import { placed, returned } from '../templates.ts';
import { netOf, reservationOf, seedWallet } from '../testing.ts';

export type DoubleSpendOptions = { readonly clients: number; readonly attacks: number; readonly yuan: bigint };

/** What became of the attacks on one wallet. `spentUnits` is what the books say; nobody has to be believed. */
export type DoubleSpend = {
  readonly accepted: number;
  readonly refused: number;
  /** Answers that are neither: a conflict that was not repeated, a wall without a name. None is right. */
  readonly others: readonly string[];
  readonly lowestUnits: Units;
  readonly wrongs: readonly string[];
};

const PRICE = units(3_00000000n);

/**
 * Many clients spend from one wallet at once and give back what they got, so that it is nearly empty all the time and
 * never for good: each attack is a journal of its own, or one of two that a client sends twice under the same key.
 */
export async function spendTwice(ctx: Ctx, { clients, attacks, yuan }: DoubleSpendOptions): Promise<DoubleSpend> {
  const org = await seedWallet(ctx, yuan);
  const tally = { accepted: 0, refused: 0, started: 0, returned: 0n, lowest: units(yuan * 100_000_000n) };
  const others: string[] = [];

  async function attack(n: number): Promise<void> {
    const r = reservationOf(org, ctx.now);
    const journal = placed(r, ctx.now, 0, PRICE, 1n);
    const send = () => withTx(ctx, (tx) => post(ctx, tx, [journal]));
    // Every tenth client does not wait for the answer before it sends the same again.
    const sent = await Promise.allSettled(n % 10 === 0 ? [send(), send()] : [send()]);
    let isHeld = false;
    for (const result of sent) {
      if (result.status === 'fulfilled') {
        if (result.value.get(journal.key) === 'created') tally.accepted += 1;
        isHeld = true;
      } else if (ledgerRefusalOf(result.reason)?.code === 'insufficientFunds') tally.refused += 1;
      else others.push(isTransient(result.reason) ? 'conflict' : String(result.reason));
    }
    if (!isHeld) return;
    await withTx(ctx, (tx) => post(ctx, tx, [returned(r, ctx.now, PRICE, 1n)]));
    tally.returned += PRICE;
  }

  async function client(): Promise<void> {
    for (let n = tally.started; n < attacks; n = tally.started) {
      tally.started += 1;
      await attack(n);
      if (n % 64 !== 0) continue;
      const left = await netOf(ctx, chart.wallet(org));
      if (left < tally.lowest) tally.lowest = left;
    }
  }
  await Promise.all(Array.from({ length: clients }, client));

  const left = await netOf(ctx, chart.wallet(org));
  const due = yuan * 100_000_000n - BigInt(tally.accepted) * PRICE + tally.returned;
  const wrongs = [
    ...(left < 0n ? [`the wallet is overdrawn by ${-left}`] : []),
    ...(left !== due ? [`the wallet holds ${left}, but ${due} is what the answers come to`] : []),
  ];
  const lowestUnits = left < tally.lowest ? left : tally.lowest;
  return { accepted: tally.accepted, refused: tally.refused, others, lowestUnits, wrongs };
}
