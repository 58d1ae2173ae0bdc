import { CalendarPlus, ChevronRight, type LucideIcon, Users, Wallet } from 'lucide-react';
import Link from 'next/link';
import type { Actor } from '#lib/core/context.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted, type Permission } from '#lib/identity/permissions.ts';

type Step = { key: 'wallet' | 'book' | 'members'; path: string; Icon: LucideIcon; permission: Permission };

/** What a new organisation does first; each only for whom it is open. */
const STEPS: readonly Step[] = [
  { key: 'wallet', path: 'wallet', Icon: Wallet, permission: 'payment:create' },
  { key: 'book', path: 'book', Icon: CalendarPlus, permission: 'quote:create' },
  { key: 'members', path: 'members', Icon: Users, permission: 'member:manage' },
];

/** Where an organisation begins that has neither money nor reservations. */
export async function FirstSteps({ orgSlug, actor }: { orgSlug: string; actor: Actor }) {
  const t = await getTranslations('identity');
  const steps = STEPS.filter(({ permission }) => isPermitted(actor, permission));
  if (steps.length === 0) return null;
  return (
    <section aria-label={t('start.description')}>
      <h2 className="mb-2 text-sm text-ink-2">{t('start.description')}</h2>
      <ul className="grid gap-3 md:grid-cols-3">
        {steps.map(({ key, path, Icon }) => (
          <li key={key}>
            <Link
              href={`/console/${orgSlug}/${path}`}
              prefetch={false}
              className="group flex h-full gap-3 rounded-lg border border-line bg-surface p-4 transition-colors hover:border-line-strong"
            >
              <Icon aria-hidden className="mt-0.5 size-5 shrink-0 text-accent-ink" strokeWidth={1.75} />
              <span className="min-w-0 flex-1">
                <span className="flex items-center justify-between gap-2 font-medium">
                  {t(`start.steps.${key}.title`)}
                  <ChevronRight aria-hidden className="size-4 text-ink-3 group-hover:text-ink" />
                </span>
                <span className="mt-1 block text-sm text-ink-2">{t(`start.steps.${key}.text`)}</span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
