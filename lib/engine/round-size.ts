import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import { boundAtOnceUntil } from '#lib/reservations/binding-lead.ts';
import type { Command } from '#lib/reservations/command-types.ts';
import type { Mind } from './mind.ts';

/** A round has a price of its own, so it takes as many commands as wait, up to this many. */
export const COMMANDS_PER_ROUND = 256;
/** What time asks for, as much of it as one round decides; the rest follows in the next. */
export const DUES_PER_ROUND = 2_000;
/** Each card that is bound or given back is a row to write: so many make a round of half a second, while wallets are locked. */
const CARDS_PER_ROUND = 4_096;

/**
 * How many commands the round after a failed one takes: half of those that it was about, so that a command that cannot be written
 * is found, alone, after few rounds, and those before it are answered meanwhile.
 */
export function fewerCommands(failed: number): number {
  return Math.ceil(failed / 2);
}

/** How many the round after a good one may take: twice as many, until it is all that a round may take. */
export function moreCommands(perRound: number): number {
  return Math.min(COMMANDS_PER_ROUND, 2 * perRound);
}

/** How much of what is due the round after a failed one decides, which decided so much: half, so that what goes wrong together goes alone. */
export function fewerDues(failed: number): number {
  return Math.max(1, Math.floor(failed / 2));
}

/** How much of it the round after a good one may decide: twice as much, until it is all that a round may. */
export function moreDues(perRound: number): number {
  return Math.min(DUES_PER_ROUND, 2 * perRound);
}

/**
 * What follows a round that could not be written, or not even be decided: so much was due in it, or might have been, and so many commands
 * waited. What is due is halved first, and then has no commands beside it; alone it is tried again as it is, and no command is to
 * blame. Of commands the same half, until the one that cannot be written is alone and is answered so.
 */
export function afterFailure({
  dues,
  commands,
  duesPerRound,
}: {
  readonly dues: number;
  readonly commands: number;
  readonly duesPerRound: number;
}): 'fewerDues' | 'sameAgain' | 'fewerCommands' | 'answerFailed' {
  const decided = dues > 0 && duesPerRound < DUES_PER_ROUND ? 0 : commands;
  if (dues > 1 || (dues === 1 && decided > 0)) return 'fewerDues';
  if (decided === 0) return 'sameAgain';
  return decided > 1 ? 'fewerCommands' : 'answerFailed';
}

/** The cards that a command may bind or give back at once. */
function boundCards({ book }: Mind, { payload }: Command, now: Instant): number {
  if (payload.kind === 'reserve') {
    const isSoon = (payload.startAt ?? now) <= boundAtOnceUntil(now);
    return isSoon ? payload.cards : 0;
  }
  if (payload.kind === 'cardAct') return payload.cardIds.length;
  if (!('reservationId' in payload)) return 0;
  const reservation = book.reservations.get(payload.reservationId as Id<'reservation'>);
  return reservation?.isBound ? reservation.cards : 0;
}

/** The first of the commands that wait, as many as one round decides: one at least, however many cards it is about. */
export function commandsOfRound(mind: Mind, waiting: readonly Command[], now: Instant): readonly Command[] {
  let cards = 0;
  const behind = waiting.findIndex((command, n) => {
    cards += boundCards(mind, command, now);
    return n > 0 && (n >= COMMANDS_PER_ROUND || cards > CARDS_PER_ROUND);
  });
  return behind === -1 ? waiting : waiting.slice(0, behind);
}
