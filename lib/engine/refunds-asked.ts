import type { Id } from '#lib/core/id.ts';
import type { Command } from '#lib/reservations/command-types.ts';

/** The reservations that commands ask to be refunded whole. */
export function refundsAsked(commands: readonly Command[]): Id<'reservation'>[] {
  return commands.flatMap(({ payload }) =>
    payload.kind === 'refund' ? [payload.reservationId as Id<'reservation'>] : [],
  );
}
