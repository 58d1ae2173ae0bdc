import { type Units, units } from '#lib/core/money.ts';
import { runwayHours } from '#lib/billing/runway.ts';

type Money = {
  readonly spendableUnits: Units;
  readonly heldUnits: Units;
  readonly burnUnitsPerHour: Units;
};

/** What a booking does to a wallet. */
export type BookingCost = {
  readonly totalUnits: Units;
  /** What vouchers pay of it. */
  readonly vouchersUnits?: Units;
  readonly isByHour: boolean;
  /** It runs from now on, so it draws from now on. */
  readonly isNow: boolean;
  /** What it costs an hour at present. */
  readonly hourlyUnits: Units;
};

export type WalletEffect = {
  readonly afterUnits: Units;
  /** What is missing; zero when the money is there. */
  readonly shortUnits: Units;
  /** What everything that runs would draw an hour, and how many hours the money lasts; null when nothing runs. */
  readonly burnUnitsPerHour: Units;
  readonly runwayHours: bigint | null;
};

/** The wallet after a booking. Money held for a later start does not prolong what runs now. */
export function walletAfter(wallet: Money, cost: BookingCost): WalletEffect {
  const { totalUnits, vouchersUnits = 0n, isByHour, isNow, hourlyUnits } = cost;
  const afterUnits = units(wallet.spendableUnits - (totalUnits - vouchersUnits));
  const isDrawing = isByHour && isNow;
  const burnUnitsPerHour = units(wallet.burnUnitsPerHour + (isDrawing ? hourlyUnits : 0n));
  const heldUnits = units(wallet.heldUnits + (isDrawing ? totalUnits : 0n));
  return {
    afterUnits,
    shortUnits: units(afterUnits < 0n ? -afterUnits : 0n),
    burnUnitsPerHour,
    runwayHours: afterUnits < 0n ? null : runwayHours({ spendableUnits: afterUnits, heldUnits, burnUnitsPerHour }),
  };
}
