import { invariant } from '#lib/core/assert.ts';
import { type Units, units } from '#lib/core/money.ts';
import type { InvoiceSnapshot, UsageRecord } from '../types.ts';

/** What a file needs to know of an organisation on account before its first row, in 1e-8 yuan. */
export type Owing = {
  /** What of the month's use on account was paid or credited before its invoice, the oldest first. */
  readonly settledUnits: Units;
  /** What the invoice asks for on account; null before there is one. */
  readonly askedUnits: Units | null;
};

/** What an invoice says of it; null where nothing was owed, and of invoices that were issued before they named it. */
export function owingOf({ account }: Pick<InvoiceSnapshot, 'account'>): Owing | null {
  if (account?.settledUnits === undefined) return null;
  return { settledUnits: units(BigInt(account.settledUnits)), askedUnits: units(BigInt(account.owedUnits)) };
}

/** How charges were paid, by their journals: all of it became owed, or a part; what is in neither was paid when it was used. */
export type OwedCharges = { readonly whole: ReadonlySet<string>; readonly parts: ReadonlyMap<string, Units> };

export const NONE_OWED: OwedCharges = { whole: new Set(), parts: new Map() };

type Standing = { settled: bigint; open: bigint; readonly asked: bigint | null };

/**
 * What is outstanding of each row of a month's file, as of the invoice, told row after row in the order of the file. The
 * rows of an invoice sum to what it asks for on account: a file that would say otherwise is not written.
 */
export class Outstanding {
  readonly #standings: ReadonlyMap<string, Standing>;

  constructor(owing: ReadonlyMap<string, Owing>) {
    this.#standings = new Map(
      [...owing].map(([id, { settledUnits, askedUnits }]) => [
        id,
        { settled: settledUnits, open: 0n, asked: askedUnits },
      ]),
    );
  }

  /** Whether somebody among these charges is on account. */
  concerns(charges: readonly Pick<UsageRecord, 'organisationId'>[]): boolean {
    return charges.some(({ organisationId }) => this.#standings.has(organisationId));
  }

  /** Of a charge: what became owed by it and was not settled before the invoice. */
  ofCharge(charge: Pick<UsageRecord, 'organisationId' | 'journalKey' | 'amountUnits'>, owed: OwedCharges): bigint {
    const standing = this.#standings.get(charge.organisationId);
    if (!standing) return 0n;
    const { journalKey, amountUnits } = charge;
    const onAccount: bigint = owed.whole.has(journalKey) ? amountUnits : (owed.parts.get(journalKey) ?? 0n);
    const settled = onAccount <= 0n ? 0n : onAccount < standing.settled ? onAccount : standing.settled;
    standing.settled -= settled;
    standing.open += onAccount - settled;
    return onAccount - settled;
  }

  /** Of a credit: what it lessened of what is owed. Of an earlier month it stands beside what this one's invoice asks for. */
  ofCredit({ organisationId, owedUnits }: { organisationId: string; owedUnits: bigint }, isOfMonth: boolean): bigint {
    const standing = this.#standings.get(organisationId);
    if (!standing) return 0n;
    if (isOfMonth) standing.open -= owedUnits;
    return -owedUnits;
  }

  /** Of the residue of an invoice: it lessens what is owed where the invoice took it off there. */
  ofResidue(organisationId: string, residueUnits: bigint): bigint {
    const standing = this.#standings.get(organisationId);
    if (!standing || standing.asked === null) return 0n;
    const rest = standing.open - standing.asked;
    invariant(
      rest === 0n || rest === residueUnits,
      `${organisationId} is asked for ${standing.asked}, not ${standing.open}`,
    );
    standing.open -= rest;
    return -rest;
  }
}
