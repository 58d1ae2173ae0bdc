import type { ReactNode } from 'react';
import { Progress } from '../ui/progress.tsx';

/** A measured value; what the device does not tell is a dash that says so, never a zero. */
export function Reading({ value, unknown }: { value: ReactNode | null; unknown: string }) {
  if (value !== null) return <span className="num whitespace-nowrap">{value}</span>;
  return (
    <span className="text-ink-3">
      <span aria-hidden>—</span>
      <span className="sr-only">{unknown}</span>
    </span>
  );
}

/** A measured share of a whole as a small bar beside its figure. */
export function ReadingBar({
  label,
  value,
  max,
  text,
  unknown,
}: {
  label: string;
  value: number | null;
  max: number | null;
  text: string;
  unknown: string;
}) {
  if (value === null || max === null) return <Reading value={null} unknown={unknown} />;
  return (
    <span className="flex items-center justify-end gap-2">
      <Progress label={label} value={Math.round(value)} max={Math.round(max)} className="w-14 max-md:hidden" />
      <span className="num min-w-10 text-right whitespace-nowrap">{text}</span>
    </span>
  );
}
