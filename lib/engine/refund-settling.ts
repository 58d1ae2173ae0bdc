import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { type Units, units } from '#lib/core/money.ts';
import { creditedWithPromo } from '#lib/ledger/credit-templates.ts';
import { readCaptured } from '#lib/ledger/captured.ts';
import { termRefunded } from '#lib/ledger/term-refund-templates.ts';
import type { Journal } from '#lib/ledger/types.ts';
import { tell } from '#lib/notices/writing.ts';
import type { Tx } from '#lib/platform/db.ts';
import { readGivenTo } from '#lib/sla/given.ts';
import { readBurntOf } from '#lib/vouchers/refunded.ts';
import type { Unsettled } from './settling.ts';

/** What of a refunded term went back, in 1e-8 yuan: the rest that returns with its hold, and what its hours were charged. */
type Back = { readonly restUnits: Units; readonly chargedUnits: Units };

/**
 * Credits everything that refunded terms were charged to whoever paid it: vouchers what use burnt of them, the wallet the
 * rest, less what it was given for broken availability of the same hours. The charges stay as evidence. Called after the
 * last charge, in the same transaction; `rests` is what returns besides. Tells each customer once.
 */
export async function refundJournals(
  ctx: Ctx,
  tx: Tx,
  poolId: string,
  over: readonly Unsettled[],
  rests: ReadonlyMap<string, { readonly leftUnits: Units }>,
): Promise<Journal[]> {
  const refunded = over.filter(({ isRefunded }) => isRefunded);
  if (refunded.length === 0) return [];
  const ids = refunded.map(({ id }) => id);
  const [captured, burnt, given] = [
    await readCaptured(tx, ids),
    await readBurntOf(tx, ids),
    await readGivenTo(tx, ids),
  ];
  const backOf = ({ id }: Unsettled): Back => ({
    restUnits: rests.get(id)?.leftUnits ?? units(0n),
    chargedUnits: units((captured.get(id) ?? 0n) - (given.get(id) ?? 0n)),
  });
  await tell(
    ctx,
    tx,
    refunded.map((reservation) => {
      const { restUnits, chargedUnits } = backOf(reservation);
      const { id: reservationId, organisationId, name } = reservation;
      const data = { reservationId, name, amountUnits: `${restUnits + chargedUnits}`, chargedUnits: `${chargedUnits}` };
      return { organisationId, kind: 'termRefunded', sourceKey: `refund-term:${reservationId}`, data };
    }),
  );
  return refunded.flatMap((reservation): Journal[] => {
    const { id: reservationId, organisationId, skuId, purchase } = reservation;
    const { chargedUnits } = backOf(reservation);
    if (chargedUnits === 0n) return [];
    const shares = burnt.get(reservationId) ?? [];
    const cashUnits = units(shares.reduce((left, { amount }) => left - amount, chargedUnits as bigint));
    const ref = { reservationId, organisationId, poolId, skuId, purchase };
    return [creditedWithPromo(termRefunded(ref, ctx.now, cashUnits), ref, shares)];
  });
}
