import { formatInstant } from '#components/format/instant.ts';
import { formatPercent } from '#components/format/percent.ts';
import { formatUnits } from '#components/format/money.ts';
import { instant } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import type { NoticeData } from '#lib/notices/types.ts';

/** Where an amount went: into the wallet, off what is owed on account, or both. */
function whereTo({ owedUnits, amountUnits }: NoticeData): 'wallet' | 'owed' | 'both' {
  if (owedUnits === undefined) return 'wallet';
  return owedUnits === amountUnits ? 'owed' : 'both';
}

/** What a notice's text names: instants in Beijing time, money in yuan. What a kind does not have is empty. */
export function noticeValues(data: NoticeData) {
  const at = (name: string): string => {
    const value = data[name];
    return typeof value === 'number' ? formatInstant(instant(value)) : '';
  };
  const money = (name: string): string => {
    const value = data[name];
    return typeof value === 'string' ? formatUnits(units(BigInt(value))) : '';
  };
  const percent = (name: string, scale: number): string => {
    const value = data[name];
    return typeof value === 'number' ? formatPercent(value, scale) : '';
  };
  return {
    runsOutAt: at('runsOutAt'),
    stopAt: at('stopAt'),
    releaseAt: at('releaseAt'),
    owed: money('owedUnits'),
    spendable: money('spendableUnits'),
    amount: money('amountUnits'),
    charged: money('chargedUnits'),
    where: whereTo(data),
    to: `${data['to'] ?? ''}`,
    reason: `${data['reason'] ?? ''}`,
    reference: `${data['reference'] ?? ''}`,
    reservation: `${data['name'] ?? ''}`,
    month: `${data['month'] ?? ''}`,
    availability: percent('availabilityPpm', 6),
    share: percent('creditBps', 4),
  };
}
