import type { Id } from '#lib/core/id.ts';
import { type Instant, instant } from '#lib/core/instant.ts';
import type { Interval } from '#lib/core/interval.ts';
import { type Units, units, ZERO_UNITS } from '#lib/core/money.ts';
import { type Month, parseMonth } from '#lib/core/period.ts';

// Quotas and limits are of an organisation and its projects, not of a pool: what they have in other pools counts as well.

type Reserved = {
  readonly projectId: Id<'project'> | null;
  readonly cards: number;
  readonly interval: Interval;
};
type SetAside = { readonly holderId: string; readonly month: Month; readonly amountUnits: Units };

/** What an organisation and its projects have reserved in other pools, and set aside for it by Shanghai month. */
export type Elsewhere = { readonly reserved: readonly Reserved[]; readonly setAside: readonly SetAside[] };

/** By organisation, of those that have something elsewhere: as read behind the lock of their wallets. */
export type ElsewhereBook = Map<Id<'organisation'>, Elsewhere>;

/** The reservations of a holder, an organisation or one of its projects, in other pools. */
export function reservedElsewhere(
  book: ElsewhereBook,
  organisationId: Id<'organisation'>,
  holderId: string,
): readonly Reserved[] {
  const own = book.get(organisationId)?.reserved ?? [];
  return holderId === organisationId ? own : own.filter(({ projectId }) => projectId === holderId);
}

/** What a holder has set aside in a month for other pools. */
export function setAsideElsewhere(
  book: ElsewhereBook,
  organisationId: Id<'organisation'>,
  holderId: string,
  month: Month,
): Units {
  const own = book.get(organisationId)?.setAside ?? [];
  return own.find((each) => each.holderId === holderId && each.month === month)?.amountUnits ?? ZERO_UNITS;
}

/** Takes over what was read of some organisations; who is not in it has nothing elsewhere any more. */
export function restoreElsewhere(
  book: ElsewhereBook,
  organisations: readonly Id<'organisation'>[],
  found: ReadonlyMap<Id<'organisation'>, Elsewhere>,
): void {
  for (const id of organisations) {
    const own = found.get(id);
    if (own) book.set(id, own);
    else book.delete(id);
  }
}

type Kept = [
  organisationId: string,
  reserved: [projectId: string | null, cards: number, startAt: number, endAt: number | null][],
  setAside: [holderId: string, month: string, amount: string][],
];

/** What a decision saw of an organisation elsewhere, as the log keeps it; null when there was nothing. */
export function elsewhereText(book: ElsewhereBook, organisationId: Id<'organisation'>): string | null {
  const own = book.get(organisationId);
  if (!own) return null;
  const kept: Kept = [
    organisationId,
    own.reserved.map(({ projectId, cards, interval }) => [projectId, cards, interval.startAt, interval.endAt]),
    own.setAside.map(({ holderId, month, amountUnits }) => [holderId, month, `${amountUnits}`]),
  ];
  return JSON.stringify(kept);
}

/** Puts back what {@link elsewhereText} kept. */
export function restoreElsewhereText(book: ElsewhereBook, text: string): void {
  const [organisationId, reserved, setAside]: Kept = JSON.parse(text);
  const at = (ms: number | null): Instant | null => (ms === null ? null : instant(ms));
  book.set(organisationId as Id<'organisation'>, {
    reserved: reserved.map(([projectId, cards, startAt, endAt]) => ({
      projectId: projectId as Id<'project'> | null,
      cards,
      interval: { startAt: instant(startAt), endAt: at(endAt) },
    })),
    setAside: setAside.flatMap(([holderId, name, amount]) => {
      const month = parseMonth(name);
      return month === null ? [] : [{ holderId, month, amountUnits: units(BigInt(amount)) }];
    }),
  });
}
