'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl/react';
import { cn } from '../ui/cn.ts';

const TICK_MS = 500;
const MINUTE_SECONDS = 60;
/** From here on it is shown as urgent. */
const URGENT_SECONDS = 60;

/**
 * How long a quote is still valid, on the server's time: what was left when the page was made, less what has passed
 * since, at the pace of business time. When nothing is left the page is asked for again, and the server decides.
 */
export function Countdown({ leftMs, ratePerSecond }: { leftMs: number; ratePerSecond: number }) {
  const t = useTranslations('booking.quote');
  const router = useRouter();
  const [left, setLeft] = useState(leftMs);
  useEffect(() => {
    if (ratePerSecond === 0) return undefined;
    const startedMs = performance.now();
    const timer = setInterval(() => {
      const now = leftMs - (performance.now() - startedMs) * ratePerSecond;
      setLeft(now);
      if (now > 0) return;
      clearInterval(timer);
      router.refresh();
    }, TICK_MS);
    return () => clearInterval(timer);
  }, [leftMs, ratePerSecond, router]);
  if (ratePerSecond === 0) return <span>{t('standing')}</span>;
  const seconds = Math.max(0, Math.floor(left / 1_000));
  return (
    <span role="timer" className={cn('num', seconds < URGENT_SECONDS && 'font-medium text-warn')}>
      {t('left', {
        minutes: Math.floor(seconds / MINUTE_SECONDS),
        seconds: `${seconds % MINUTE_SECONDS}`.padStart(2, '0'),
      })}
    </span>
  );
}
