import { ACCOUNT_KINDS, type ChartLine, type KeysetPage, type TrialBalance } from './view-types.ts';

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => a + b, 0n);

/**
 * The trial balance of each asset, money first: debit balances on one side, credit balances on the other. Locked kinds
 * come with their kept balance and the others with their summed one, so a difference of zero proves both.
 */
export function trialBalances(lines: readonly ChartLine[]): TrialBalance[] {
  const byAsset = Map.groupBy(lines, ({ asset }) => asset);
  return [...byAsset]
    .sort(([a], [b]) => (a === 'CNY/8' ? -1 : b === 'CNY/8' ? 1 : a < b ? -1 : 1))
    .map(([asset, group]) => {
      const balances = group.map(({ balanceUnits }) => balanceUnits);
      const debitUnits = -sum(balances.filter((units) => units < 0n));
      const creditUnits = sum(balances.filter((units) => units > 0n));
      return {
        asset,
        lines: group.toSorted((a, b) => ACCOUNT_KINDS.indexOf(a.kind) - ACCOUNT_KINDS.indexOf(b.kind)),
        debitUnits,
        creditUnits,
        differenceUnits: creditUnits - debitUnits,
      };
    });
}

/** Balances after each of some moves, newest first, from the balance after the newest. */
export function balancesAfter(
  newestUnits: bigint,
  moves: readonly { readonly debitUnits: bigint; readonly creditUnits: bigint }[],
): bigint[] {
  let balance = newestUnits;
  return moves.map(({ debitUnits, creditUnits }) => {
    const after = balance;
    balance -= creditUnits - debitUnits;
    return after;
  });
}

/** Cuts what was read with one row too many to a page; `keyOf` names its last row. */
export function keysetPage<Row>(rows: readonly Row[], take: number, keyOf: (row: Row) => string): KeysetPage<Row> {
  const shown = rows.slice(0, take);
  const last = shown.at(-1);
  return { rows: shown, olderThan: rows.length > take && last ? keyOf(last) : null };
}
