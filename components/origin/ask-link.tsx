import { Waypoints } from 'lucide-react';
import Link from 'next/link';
import { getTranslations } from '#lib/i18n/server.ts';

/** "Where from?" beside an amount: leads to its explanation. `what` says whose, to those who do not see the row. */
export async function AskLink({ href, what }: { href: string; what: string }) {
  const t = await getTranslations('origin');
  return (
    <Link
      href={href}
      className="inline-flex items-center gap-1 rounded-sm text-xs font-normal whitespace-nowrap text-accent-ink underline-offset-3 hover:underline"
    >
      <Waypoints aria-hidden className="size-3.5 shrink-0" />
      {t('ask')}
      <span className="sr-only"> {what}</span>
    </Link>
  );
}
