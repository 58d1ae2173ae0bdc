import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

/** What a list says when it has nothing: a sentence and, where there is one, the act that fills it. */
export function EmptyState({
  Icon,
  title,
  text,
  action,
}: {
  Icon?: LucideIcon;
  title: ReactNode;
  text?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center gap-1 px-6 py-12 text-center">
      {Icon && <Icon aria-hidden className="mb-2 size-6 text-ink-3" strokeWidth={1.5} />}
      <p className="font-medium">{title}</p>
      {text !== undefined && <p className="max-w-[44ch] text-sm text-ink-2">{text}</p>}
      {action !== undefined && <div className="mt-4">{action}</div>}
    </div>
  );
}
