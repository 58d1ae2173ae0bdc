import Link from 'next/link';
import { memberPage } from '#app/_edge/access.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import type { TenantCtx } from '#lib/core/context.ts';
import { endOf } from '#lib/core/interval.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { getOrganisation } from '#lib/identity/organisations.ts';
import { isPermitted, type Permission } from '#lib/identity/permissions.ts';
import { getSpendingWallet } from '#lib/billing/spending.ts';
import { getMonthSpend } from '#lib/ledger/wallet.ts';
import { listLatestEvents } from '#lib/reservations/overview.ts';
import { listReservations } from '#lib/reservations/service.ts';
import { LatestEvents, LiveReservations } from './activity.tsx';
import { FirstSteps } from './first-steps.tsx';
import { MoneyRow } from './money-row.tsx';

const RUNNING_MAX = 8;
const UPCOMING_MAX = 8;
const EVENTS_MAX = 8;

const ACTIONS = [
  { key: 'wallet', permission: 'wallet:read', path: 'wallet' },
  { key: 'workloads', permission: 'workload:read', path: 'workloads' },
  { key: 'book', permission: 'quote:create', path: 'book' },
] as const satisfies readonly { key: string; permission: Permission; path: string }[];

async function QuickActions({ ctx, base }: { ctx: TenantCtx; base: string }) {
  const t = await getTranslations('overview');
  const actions = ACTIONS.filter(({ permission }) => isPermitted(ctx.actor, permission));
  return (
    <>
      {actions.map(({ key, path }) => (
        <Link
          key={key}
          href={`${base}/${path}`}
          prefetch={false}
          className={buttonClass({ variant: key === 'book' ? 'primary' : 'secondary' })}
        >
          {t(`actions.${key}`)}
        </Link>
      ))}
    </>
  );
}

/** Running ones by their end, then those to come by their start. */
async function liveReservations(ctx: TenantCtx) {
  const running = await listReservations(ctx, { states: ['active'] }, { skip: 0, take: RUNNING_MAX });
  const upcoming = await listReservations(ctx, { states: ['confirmed'] }, { skip: 0, take: UPCOMING_MAX });
  return [
    ...running.rows.sort((a, b) => endOf(a.interval) - endOf(b.interval)),
    ...upcoming.rows.sort((a, b) => a.interval.startAt - b.interval.startAt),
  ];
}

export default async function OverviewPage({ params }: { params: Promise<{ orgSlug: string }> }) {
  const { orgSlug } = await params;
  const ctx = await memberPage(orgSlug, 'organisation:read');
  const base = `/console/${orgSlug}`;
  const [organisation, wallet, spendUnits, rows, events] = await Promise.all([
    getOrganisation(ctx),
    getSpendingWallet(ctx),
    getMonthSpend(ctx),
    liveReservations(ctx),
    listLatestEvents(ctx, EVENTS_MAX),
  ]);
  const isNew = events.length === 0 && wallet.spendableUnits + wallet.heldUnits + wallet.committedUnits === 0n;
  const isLive = <LiveRefresh topics={['reservations', 'usage', 'clock-stepped']} at={ctx.now} />;
  return (
    <ClientMessages>
      <PageHeader
        title={organisation.name}
        badge={!isNew && isLive}
        actions={!isNew && <QuickActions ctx={ctx} base={base} />}
      />
      {isNew ? (
        <FirstSteps orgSlug={orgSlug} actor={ctx.actor} />
      ) : (
        <div className="grid gap-6">
          <MoneyRow wallet={wallet} spendUnits={spendUnits} now={ctx.now} />
          <div className="grid items-start gap-6 xl:grid-cols-[minmax(0,1fr)_23rem]">
            <LiveReservations base={base} rows={rows} />
            <LatestEvents base={base} events={events} />
          </div>
        </div>
      )}
    </ClientMessages>
  );
}
