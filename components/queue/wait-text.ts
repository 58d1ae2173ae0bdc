import { instant } from '#lib/core/instant.ts';
import { priceE10, units } from '#lib/core/money.ts';
import type { getTranslations } from '#lib/i18n/server.ts';
import type { Waiting } from '#lib/reservations/queue/types.ts';
import type { JobView } from '#lib/reservations/queue/view-types.ts';
import { formatInstant } from '../format/instant.ts';
import { formatPrice, formatUnits } from '../format/money.ts';

export type Texts = Awaited<ReturnType<typeof getTranslations<'queue'>>>;

const at = (epochMs: number | null): string => (epochMs === null ? 'none' : formatInstant(instant(epochMs)));
const money = (text: string): string => formatUnits(units(BigInt(text)));
const price = (text: string): string => formatPrice(priceE10(BigInt(text)));

/** Why a job waits, in one sentence with its numbers. */
function waitText(t: Texts, waiting: Waiting): string {
  switch (waiting.reason) {
    case 'firstInLine':
      return t('wait.firstInLine', { ...waiting, startAt: at(waiting.startAt) });
    case 'tooFewCards':
    case 'fragmented':
    case 'tooLongForGap':
    case 'wouldDelayFirst':
      return t(`wait.${waiting.reason}`, { ...waiting, earliestStartAt: at(waiting.earliestStartAt) });
    case 'priceAboveCap':
      return t('wait.priceAboveCap', { price: price(waiting.priceE10), cap: price(waiting.capE10) });
    case 'organisationLimit':
    case 'projectLimit': {
      const { neededUnits, limitUnits, committedUnits } = waiting;
      const amounts = { needed: money(neededUnits), limit: money(limitUnits), committed: money(committedUnits) };
      return t(`wait.${waiting.reason}`, amounts);
    }
    case 'funds':
      return t('wait.funds', { needed: money(waiting.neededUnits), available: money(waiting.availableUnits) });
    case 'organisationQuota':
    case 'projectQuota':
      return t(`wait.${waiting.reason}`, { ...waiting });
    case 'poolTooSmall':
      return t('wait.poolTooSmall', { ...waiting });
    case 'ourFault':
      return t('wait.ourFault', { retryAt: at(waiting.retryAt) });
    case 'notSold':
    case 'imageRetired':
    case 'projectClosed':
      return t(`wait.${waiting.reason}`);
  }
}

/** What is to be said of a job now, in one sentence, whatever its state. */
export function jobText(t: Texts, job: JobView): string {
  const { state, waiting, dismissal, leaveAt, endAt, endedAt, endReason } = job;
  switch (state) {
    case 'queued':
      return waiting ? waitText(t, waiting) : t('wait.notLooked');
    case 'started':
      return leaveAt === null ? t('said.started', { endAt: at(endAt) }) : t('said.leaving', { leaveAt: at(leaveAt) });
    case 'done':
      if (endReason !== 'term') return t('said.done', { endedAt: at(endedAt) });
      return t(leaveAt === null ? 'said.timeUp' : 'said.left', { endedAt: at(endedAt) });
    case 'refused':
      return t('said.deadlineMissed', { deadlineAt: at(dismissal?.deadlineAt ?? null) });
    case 'cancelled':
      return t('said.cancelled');
  }
}

/** When a job started or is expected to, in few words. */
export function startText(t: Texts, { startAt, waiting, state }: JobView): string {
  if (startAt !== null) return formatInstant(startAt);
  if (state !== 'queued') return '';
  if (waiting?.reason === 'firstInLine' && waiting.startAt !== null)
    return t('start.sure', { at: at(waiting.startAt) });
  if (waiting && 'earliestStartAt' in waiting && waiting.earliestStartAt !== null)
    return t('start.earliest', { at: at(waiting.earliestStartAt) });
  return t('start.unknown');
}
