import type { Id } from '#lib/core/id.ts';
import { HOUR_MS, type Instant } from '#lib/core/instant.ts';
import type { Command } from '#lib/reservations/command-types.ts';
import type { Mind } from './mind.ts';

/** True when a command asks for something on account. */
export function isOnAccount({ book }: Pick<Mind, 'book'>, { payload }: Command): boolean {
  if (payload.kind === 'reserve') return payload.payBy === 'account';
  if (payload.kind !== 'extend') return false;
  return book.reservations.get(payload.reservationId as Id<'reservation'>)?.payBy === 'account';
}

/** The organisations whose credit lines a round looks at: of commands, and of what extends itself within the hour. */
export function linesAsked(mind: Mind, commands: readonly Command[], now: Instant): Id<'organisation'>[] {
  const found = new Set<Id<'organisation'>>();
  for (const command of commands)
    if (command.organisationId !== null && isOnAccount(mind, command)) found.add(command.organisationId);
  for (const { organisationId, payBy, autoExtend, interval } of mind.book.selfPaying.values())
    if (payBy === 'account' && autoExtend !== null && interval.endAt !== null && interval.endAt - now < HOUR_MS)
      found.add(organisationId);
  return [...found].sort();
}
