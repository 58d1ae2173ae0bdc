'use client';

import { usePathname, useRouter } from 'next/navigation';
import { useEffect, useRef, useState, useTransition } from 'react';
import { useTranslations } from 'use-intl/react';
import type { Instant } from '#lib/core/instant.ts';
import { formatInstant } from '../format/instant.ts';
import { Badge } from '../ui/badge.tsx';
import { type Life, openLive } from './live-connection.ts';

/** The organisation of a console's address; null on the operator's pages. */
function organisationOf(path: string): string | null {
  return /^\/console\/([^/]+)/.exec(path)?.[1] ?? null;
}

/**
 * Keeps the page around it up to date: renders it again when one of `topics` is announced (`reservation:rsv_…`,
 * `reservations` for all of the organisation's, `usage`, `availability:pol_…`, `devices`, `clock-stepped`), and every
 * `everySeconds` where it shows measurements. Says so when it cannot; `at` is the business time of what is shown.
 */
export function LiveRefresh({
  topics,
  everySeconds,
  at,
}: {
  topics: readonly string[];
  everySeconds?: number;
  at?: Instant;
}) {
  const t = useTranslations('common.live');
  const router = useRouter();
  const org = organisationOf(usePathname());
  const [life, setLife] = useState<Life>('opening');
  const [isPending, startTransition] = useTransition();
  const isBusy = useRef(false);
  isBusy.current = isPending;
  const query = new URLSearchParams([
    ...(org === null ? [] : [['org', org]]),
    ...topics.map((topic) => ['topic', topic]),
  ]).toString();
  useEffect(
    () =>
      openLive({
        url: `/api/live?${query}`,
        everySeconds: everySeconds ?? null,
        onLife: setLife,
        // Two rendering at once would race each other; the connection asks again after a moment.
        refresh: () => {
          if (isBusy.current) return false;
          startTransition(() => router.refresh());
          return true;
        },
      }),
    [query, everySeconds, router],
  );
  return (
    <span role="status">
      {life === 'live' && <Badge tone="active">{t('on')}</Badge>}
      {life === 'stale' && (
        <Badge tone="warn">
          {at === undefined ? t('stale') : t('staleSince', { at: formatInstant(at, 'seconds') })}
        </Badge>
      )}
    </span>
  );
}
