import { Circle, CircleAlert, CircleCheck, CircleDot, CircleX, type LucideIcon } from 'lucide-react';
import { InstantText } from '#components/format/instant-text.tsx';
import { LedgerAmount } from '#components/format/ledger-amount-text.tsx';
import { Count } from '#components/format/quantity-text.tsx';
import { cn } from '#components/ui/cn.ts';
import type { CheckFigure, CheckStatus, CloseCheckName } from '#lib/billing/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';

export type ItemStatus = CheckStatus | 'next';

const LOOKS = {
  holds: { Icon: CircleCheck, look: 'text-ok' },
  blocks: { Icon: CircleX, look: 'text-danger' },
  notice: { Icon: CircleAlert, look: 'text-warn' },
  next: { Icon: CircleDot, look: 'text-accent-ink' },
  waits: { Icon: Circle, look: 'text-ink-3' },
} as const satisfies Record<ItemStatus, { Icon: LucideIcon; look: string }>;

function FigureValue({ figure }: { figure: CheckFigure }) {
  if (figure.kind === 'at') return <InstantText at={figure.value} />;
  if (figure.kind === 'count') return <Count count={figure.value} />;
  return <LedgerAmount amount={figure.value} asset="CNY/8" />;
}

/** One check of a close: its state in shape, colour and words, what it says, and the figures behind it. */
export async function CheckItem({
  name,
  status,
  note,
  figures,
}: {
  name: CloseCheckName | 'invoiced' | 'closed';
  status: ItemStatus;
  note: string;
  figures: readonly CheckFigure[];
}) {
  const t = await getTranslations('closing');
  const { Icon, look } = LOOKS[status];
  return (
    <li className="flex gap-3" aria-current={status === 'next' || status === 'blocks' ? 'step' : undefined}>
      <Icon aria-hidden className={cn('mt-0.5 size-4.5 shrink-0', look)} />
      <div className="min-w-0 text-sm">
        <p className={cn('leading-5.5', status === 'waits' ? 'text-ink-2' : 'font-medium')}>
          {t(`check.${name}`)}
          <span className="ml-2 text-xs font-normal text-ink-3">{t(`status.${status}`)}</span>
        </p>
        <p className="text-ink-2">{note}</p>
        {figures.length > 0 && (
          <dl className="mt-0.5 flex flex-wrap gap-x-4 text-xs text-ink-2">
            {figures.map((figure) => (
              <div key={figure.name} className="flex gap-1.5">
                <dt>{t(`figure.${figure.name}`)}</dt>
                <dd className="text-ink">
                  <FigureValue figure={figure} />
                </dd>
              </div>
            ))}
          </dl>
        )}
      </div>
    </li>
  );
}
