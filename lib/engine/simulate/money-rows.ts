import { invariant, present } from '#lib/core/assert.ts';
import { monthOf } from '#lib/core/period.ts';
import type { Change } from '#lib/reservations/decision-types.ts';
import type { MoneyChange } from '#lib/reservations/round-rows.ts';
import type { LineRow, Rows } from './rows.ts';

/** Moves what is set aside against a line and what is owed on it. */
export function moveLine(rows: Rows, organisationId: string, by: Pick<LineRow, 'setAside' | 'owed'>): void {
  const line = present(rows.lines.get(organisationId), `line of ${organisationId}`);
  rows.lines.set(organisationId, { ...line, setAside: line.setAside + by.setAside, owed: line.owed + by.owed });
}

function place(rows: Rows, change: Extract<Change, { kind: 'moneyPlaced' }>): void {
  const { id, organisationId, projectId } = change.reservation;
  const key = `place:${id}:${change.step}`;
  invariant(!rows.placements.has(key), `${key} is posted already`);
  const { amountUnits: amount, at } = change;
  const month = monthOf(at);
  const isOwed = change.isOwed === true;
  rows.placements.set(key, { key, reservationId: id, organisationId, projectId, month, amount, at, isOwed });
  if (change.isOnAccount) moveLine(rows, organisationId, { setAside: amount, owed: 0n });
  else rows.wallets.set(organisationId, (rows.wallets.get(organisationId) ?? 0n) - amount);
  const hold = rows.holds.get(id) ?? { placed: 0n, captured: 0n, returned: 0n, resolvedAt: null };
  rows.holds.set(id, { ...hold, placed: hold.placed + amount });
}

/** Part of what was set aside returns while the reservation goes on, or is handed over. */
function giveBack(rows: Rows, { reservation, amountUnits }: Extract<Change, { kind: 'moneyReturned' }>): void {
  const { id, organisationId, payBy } = reservation;
  const hold = present(rows.holds.get(id), `hold of ${id}`);
  rows.holds.set(id, { ...hold, returned: hold.returned + amountUnits });
  if (payBy === 'account') moveLine(rows, organisationId, { setAside: -amountUnits, owed: 0n });
  else rows.wallets.set(organisationId, (rows.wallets.get(organisationId) ?? 0n) + amountUnits);
}

function credit(rows: Rows, { reservation, amountUnits }: Extract<Change, { kind: 'hoursCredited' }>): void {
  const { organisationId } = reservation;
  rows.wallets.set(organisationId, (rows.wallets.get(organisationId) ?? 0n) + amountUnits);
  rows.earned -= amountUnits;
}

function noteRefund(rows: Rows, { reservation, at }: Extract<Change, { kind: 'termRefunded' }>): void {
  const { id, organisationId, skuId } = reservation;
  invariant(!rows.refunds.has(id), `${id} is refunded already`);
  rows.refunds.set(id, { organisationId, skuId, at, credited: 0n });
}

/** Writes what a change moves of money: the journals of `reservations/money-journals.ts`, without the ledger. */
export function saveMoney(rows: Rows, change: MoneyChange | Extract<Change, { kind: 'termRefunded' }>): void {
  switch (change.kind) {
    case 'moneyPlaced':
      place(rows, change);
      return;
    case 'moneyReturned':
      giveBack(rows, change);
      return;
    case 'hoursCredited':
      credit(rows, change);
      return;
    case 'termRefunded':
      noteRefund(rows, change);
  }
}
