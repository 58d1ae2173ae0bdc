import type { Id } from '#lib/core/id.ts';
import { instant } from '#lib/core/instant.ts';
import { decide } from '#lib/reservations/decide.ts';
import { decideDue, nextDue } from '#lib/reservations/timers.ts';
import type { Booked } from '#lib/reservations/types.ts';
import type { Change, Decision } from '#lib/reservations/decision-types.ts';
import type { CommandPayload } from '#lib/reservations/command-types.ts';
import type { Mind } from './mind.ts';
import { commandOf, ORG, RICH, T0 } from './testing.ts';

/** Decides a command and applies what it changes. */
export function submit(
  mind: Mind,
  payload: CommandPayload,
  at = T0,
  org: Id<'organisation'> | null = ORG,
  wallets = RICH,
): Decision {
  const decision = decide(mind, commandOf(payload, org), wallets, at);
  mind.applyAll(decision.changes);
  return decision;
}

/** Lets time run to an instant and answers every event on the way as `kind +seconds`, with its data. */
export function eventsTo(mind: Mind, at: number, wallets = RICH) {
  const seen: { what: string; data: Extract<Change, { kind: 'event' }>['data'] }[] = [];
  for (let due = nextDue(mind); due && due.at <= at; due = nextDue(mind)) {
    const changes = decideDue(mind, due, wallets);
    mind.applyAll(changes);
    for (const change of changes) {
      if (change.kind !== 'event') continue;
      seen.push({ what: `${change.event} +${(instant(change.at) - T0) / 1_000}`, data: change.data });
    }
  }
  return seen;
}

/** The code of a refusal; undefined when it was accepted. */
export const refusalOf = ({ answer }: Decision): string | undefined => (answer.ok ? undefined : answer.refusal.code);

/** A live reservation by its id. */
export const bookedOf = (mind: Mind, id: string): Booked | undefined => mind.book.reservations.get(id as Booked['id']);
