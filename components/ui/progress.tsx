import { cn } from './cn.ts';

const TONES = { accent: 'bg-accent', ok: 'bg-ok', warn: 'bg-warn', danger: 'bg-danger' } as const;

/** How much of a whole is done or used. `value` and `max` are whole numbers of the same thing. */
export function Progress({
  label,
  value,
  max,
  tone = 'accent',
  className,
}: {
  label: string;
  value: number;
  max: number;
  tone?: keyof typeof TONES;
  className?: string | undefined;
}) {
  const share = max > 0 ? Math.min(Math.max(value / max, 0), 1) : 0;
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={value}
      className={cn('h-1.5 w-full overflow-hidden rounded-full bg-hover', className)}
    >
      <div className={cn('h-full rounded-full', TONES[tone])} style={{ width: `${share * 100}%` }} />
    </div>
  );
}
