import { type Fen, fen, type Units } from '#lib/core/money.ts';
import type { Refundable, RefundRoute } from './refund-types.ts';

/** What came in and went back by a route, in fen. */
export type RouteSums = { readonly route: RefundRoute; readonly paidInFen: bigint; readonly takenFen: bigint };

const UNITS_PER_FEN = 1_000_000n;

/**
 * What may go back by each route: what was paid in by it less what went back or is on its way, and never more than the
 * wallet holds beyond what is owed. Credits, gifts and goodwill were never paid in, so they can be spent and not taken
 * out; a part of a fen stays.
 */
export function refundable(sums: readonly RouteSums[], unspentUnits: Units): Refundable[] {
  const unspentFen = unspentUnits > 0n ? unspentUnits / UNITS_PER_FEN : 0n;
  return sums.map(({ route, paidInFen, takenFen }) => {
    const left = paidInFen > takenFen ? paidInFen - takenFen : 0n;
    return { route, amountFen: fen(left < unspentFen ? left : unspentFen) };
  });
}

/** What a route's part of it comes to; nothing for a route by which nothing came. */
export function refundableBy(list: readonly Refundable[], route: RefundRoute): Fen {
  return list.find((each) => each.route === route)?.amountFen ?? fen(0n);
}
