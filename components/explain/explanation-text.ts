import { instant } from '#lib/core/instant.ts';
import type { Locale } from '#lib/i18n/locale.ts';
import { messagesOf } from '#lib/i18n/messages.ts';
import type { RefusalCode } from '#lib/i18n/messages/refusals.ts';
import { reasonTranslator, translator } from '#lib/i18n/translator.ts';
import type { Blocker, Explanation } from '#lib/reservations/explanation.ts';
import { refusalText } from '../form/refusal-text.ts';
import { formatInstant } from '../format/instant.ts';

/** A reason as a person reads it: what happened, what is safe, what to do. */
export type ReasonText = { readonly what: string; readonly safe: string; readonly todo: string };

const UNKNOWN = 'none';
const shownAt = (at: number | null): string => (at === null ? UNKNOWN : formatInstant(instant(at)));

/** Every number that a reason's sentences may ask for; what does not concern it is 0 or `none`. */
function valuesOf({ needed, numbers, free, blocked, earliestStartAt }: Explanation): Record<string, string | number> {
  const own = Object.entries(numbers).map(([name, value]): [string, string | number] => [
    name,
    name.endsWith('At') ? shownAt(typeof value === 'number' ? value : null) : (value ?? UNKNOWN),
  ]);
  return {
    needed,
    freeCards: free?.cards ?? 0,
    largestOnServer: free?.largestOnServer ?? 0,
    largestOnSupernode: free?.largestOnSupernode ?? 0,
    idleServers: free?.idleServers ?? 0,
    idleSupernodes: free?.idleSupernodes ?? 0,
    maintenanceCards: blocked.maintenance.cards,
    repairCards: blocked.repair.cards,
    earliestStartAt: shownAt(earliestStartAt),
    missing: 0,
    freeElsewhere: 0,
    nextTryAt: UNKNOWN,
    bindAt: UNKNOWN,
    isBound: 'no',
    replans: 0,
    replannedAt: UNKNOWN,
    ...Object.fromEntries(own),
  };
}

/** The sentences of the one reason. A refusal that has sentences of its own, with its own numbers, speaks for itself. */
export function reasonText(locale: Locale, explanation: Explanation): ReasonText {
  const { token, numbers } = explanation;
  const { code, ...rest } = numbers;
  const isRefusal = typeof code === 'string' && Object.hasOwn(messagesOf(locale).refusals, code);
  if (isRefusal) return refusalText(locale, { code: code as RefusalCode, ...rest });
  const t = reasonTranslator(locale);
  const values = valuesOf(explanation);
  return { what: t(`${token}.what`, values), safe: t(`${token}.safe`, values), todo: t(`${token}.todo`, values) };
}

/** The numbers behind a reason, a sentence each: what is free, what is in the way, when it would work. */
export function factsOf(
  locale: Locale,
  { token, free, blocked, earliestStartAt }: Explanation,
  blockers: readonly Blocker[],
): string[] {
  const t = translator(locale, 'explain');
  const facts: string[] = [];
  if (free) facts.push(t('fact.free', free));
  const named = blockers.filter(({ kind }) => kind === 'reservation').map(({ id }) => id);
  if (blocked.reservation.count > 0) {
    facts.push(t('fact.reservation', blocked.reservation));
    if (named.length > 0) facts.push(t('fact.own', { names: named.join(', ') }));
  }
  if (free && blocked.maintenance.cards > 0) facts.push(t('fact.maintenance', { cards: blocked.maintenance.cards }));
  if (free && blocked.repair.cards > 0) facts.push(t('fact.repair', { cards: blocked.repair.cards }));
  if (free && earliestStartAt === null) facts.push(t('fact.noEarliest'));
  // The sentence of plain shortage names the earliest start itself.
  else if (earliestStartAt !== null && free && token !== 'capacityExhausted')
    facts.push(t('fact.earliest', { at: shownAt(earliestStartAt) }));
  const lost = blockers.filter(({ kind }) => kind === 'repair').map(({ id }) => id);
  if (!free && lost.length > 0) facts.push(t('fact.lostCard', { names: lost.join(', ') }));
  return facts;
}
