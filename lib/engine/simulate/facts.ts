import { type Canonical, canonicalJson } from '#lib/core/canonical.ts';
import type { Instant } from '#lib/core/instant.ts';
import { monthOf } from '#lib/core/period.ts';
import type { Answer } from '#lib/reservations/command-types.ts';
import type { Change } from '#lib/reservations/decision-types.ts';
import type { Mind } from '../mind.ts';
import type { Round } from '../batch.ts';
import { USE_REMEMBERED_MS } from '#lib/reservations/queue/job-book.ts';

const plain = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? `${each}` : each));

/** A value as text whose parts have one order, whatever order the database keeps them in. */
const sorted = (value: object): string => canonicalJson(JSON.parse(plain(value)) as Canonical);

/**
 * Everything that a mind decides from, as lines in one order: equal facts mean equal minds, however they came about.
 * The order in which a book or a plan was filled is no fact.
 */
export function factsOf(mind: Mind, now: Instant): string[] {
  const { book, state } = mind;
  const month = monthOf(now);
  const lines: string[] = [];
  // The database gives the parts of a JSON value back in another order than they were written in.
  for (const { lost, ...reservation } of book.reservations.values()) {
    const cards = lost.map(({ card, since, isUnbound, retryAt }) => `${card} ${since} ${isUnbound} ${retryAt}`);
    lines.push(`reservation ${plain(reservation)} lost ${cards.join(', ')}`);
  }
  for (const { id, reservationId, card, interval } of book.allBindings())
    lines.push(`book ${id} ${reservationId} ${card} ${interval.startAt} ${interval.endAt}`);
  for (const { id, promiseId, card, interval } of state.bindings())
    lines.push(`plan ${id} ${promiseId} ${card} ${interval.startAt} ${interval.endAt}`);
  for (const { id, cards, topology, interval, shares, isBound } of state.promises.values()) {
    // Where a bound promise once was planned to lie is no longer of any consequence.
    const lies = isBound ? 'bound' : shares.map((share) => `${share.cards} on ${share.server}`).join(', ');
    lines.push(`promise ${id} ${cards} ${topology} ${interval.startAt} ${interval.endAt} ${lies}`);
  }
  book.cards.forEach((card, ordinal) => {
    const { lifecycle, isOnSale, isSpare, health, takesNewWork, probationUntil } = card;
    const isUsable = state.isUsable[ordinal];
    const side = isSpare ? 'spare' : isOnSale ? 'sold' : 'withheld';
    lines.push(`card ${ordinal} ${side} ${lifecycle} ${health} ${takesNewWork} ${probationUntil} ${isUsable}`);
  });
  for (const { cards, ...window } of book.windows.values())
    lines.push(`window ${sorted(window)} ${[...cards].map(([card, own]) => `${card} ${own}`).join(', ')}`);
  for (const [card, until] of book.probations) lines.push(`probation ${card} ${until}`);
  for (const holderId of [...book.limits.keys(), ...book.projects.keys()])
    lines.push(`committed ${holderId} ${book.committedIn(holderId, month)}`);
  for (const job of [...book.queue.waiting.values(), ...book.queue.running.values()]) lines.push(`job ${sorted(job)}`);
  lines.push(`last job ${book.queue.lastSequence}`);
  for (const holderId of [...book.limits.keys(), ...book.projects.keys()])
    for (const [hourAt, used] of book.queue.usedBy(holderId))
      if (used > 0n && now - hourAt < USE_REMEMBERED_MS) lines.push(`used ${holderId} ${hourAt} ${used}`);
  lines.push(`usable ${state.serverUsable.join(',')}`);
  return lines.sort();
}

/** The first line that one has and the other lacks; null when both are equal. */
export function difference(a: readonly string[], b: readonly string[]): string | null {
  if (a.length === b.length && a.every((line, i) => line === b[i])) return null;
  const [inA, inB] = [new Set(a), new Set(b)];
  const onlyA = a.find((line) => !inB.has(line));
  const onlyB = b.find((line) => !inA.has(line));
  return `${onlyA ?? 'nothing'} ≠ ${onlyB ?? 'nothing'}`;
}

/** Changes name what they close in the order in which it was bound; that order is no part of the decision. */
function changeText(change: Change): string {
  return 'ids' in change ? plain({ ...change, ids: [...change.ids].sort() }) : plain(change);
}

/** A round's decision as lines: equal lines mean that the same was decided. */
export function decisionOf(round: Pick<Round, 'entries' | 'changes'>): string[] {
  const answers = round.entries.map(({ answer }: { answer: Answer }) => plain(answer));
  return [...answers, ...round.changes.map(changeText).sort()];
}
