import { instant } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import type { Messages } from '#lib/i18n/messages.ts';
import type { getTranslations } from '#lib/i18n/server.ts';
import { formatInstant } from '../format/instant.ts';
import { formatUnits } from '../format/money.ts';

type Texts = Awaited<ReturnType<typeof getTranslations<'changes'>>>;
type Kind = keyof Messages['changes']['event'];
type Data = Readonly<Record<string, string | number | null>>;

/** The kinds of event that this file words; the others have theirs beside the page. */
export function isChangeEvent(kind: string): kind is Kind {
  return Object.hasOwn(KINDS, kind);
}

const KINDS = {
  endsSoon: true,
  extensionBlockedAhead: true,
  autoExtendSet: true,
  autoExtendOff: true,
  autoExtended: true,
  autoExtendFailed: true,
  refunded: true,
  shrunk: true,
  transferOffered: true,
  transferWithdrawn: true,
  transferredOut: true,
  transferredIn: true,
} as const satisfies Record<Kind, true>;

/** Why a reservation did not extend itself, in words. */
export function failureText(t: Texts, failure: string): string {
  return t.has(`reason.${failure}` as 'reason.other') ? t(`reason.${failure}` as 'reason.other') : t('reason.other');
}

/** What a change did to a reservation, in a sentence. */
export function changeEventText(t: Texts, kind: Kind, data: Data): string {
  const number = (name: string): number => (typeof data[name] === 'number' ? data[name] : 0);
  const at = (name: string): string => (typeof data[name] === 'number' ? formatInstant(instant(data[name])) : 'none');
  const amountUnits = formatUnits(units(BigInt(data['amountUnits'] ?? 0)));
  switch (kind) {
    case 'endsSoon':
      return t('event.endsSoon', { leftMinutes: Math.round(number('leftSeconds') / 60), endAt: at('endAt') });
    case 'extensionBlockedAhead': {
      const isFree = number('untilAt') > number('endAt') ? 'yes' : 'no';
      return t('event.extensionBlockedAhead', { isFree, untilAt: at('untilAt') });
    }
    case 'autoExtendSet': {
      const step = t('autoExtend.hours', { count: number('stepSeconds') / 3_600 });
      return t('event.autoExtendSet', { step, untilAt: at('untilAt') });
    }
    case 'autoExtended':
      return t('event.autoExtended', { endAt: at('endAt'), amountUnits });
    case 'autoExtendFailed': {
      const reason = failureText(t, `${data['reason']}`);
      return t('event.autoExtendFailed', { reason, endAt: at('endAt') });
    }
    case 'shrunk':
      return t('event.shrunk', { cards: number('cards'), left: number('left'), amountUnits });
    case 'refunded':
      return t('event.refunded', { amountUnits });
    case 'transferOffered':
      return t('event.transferOffered', { to: `${data['to'] ?? ''}` });
    case 'transferredOut':
      return t('event.transferredOut', { amountUnits });
    case 'transferredIn':
      return t('event.transferredIn', { cards: number('cards'), amountUnits });
    case 'transferWithdrawn':
      return t('event.transferWithdrawn');
    case 'autoExtendOff':
      return t('event.autoExtendOff');
  }
}
