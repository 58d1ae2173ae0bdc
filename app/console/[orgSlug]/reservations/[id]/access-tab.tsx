import { ChevronRight, Plug } from 'lucide-react';
import { neighbours, sliceOf, withQuery } from '#app/_edge/paging.ts';
import { formatInstant } from '#components/format/instant.ts';
import { shortPath } from '#components/reservations/quantities.ts';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { PageSteps } from '#components/ui/page-steps.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { listGrants } from '#lib/devices/service.ts';
import type { ServerGrant } from '#lib/devices/view-types.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import type { PartProps } from './parts.ts';

const PAGE_SIZE = 8;

const byName = (environment: ServerGrant['environment']): [string, string][] =>
  Object.entries(environment).sort(([a], [b]) => (a < b ? -1 : 1));

/** The grant as arguments of a container, one a line. */
function containerArguments({ devices, environment }: ServerGrant): string {
  return [
    ...devices.map(
      ({ hostPath, containerPath, permissions }) => `--device ${hostPath}:${containerPath}:${permissions}`,
    ),
    ...byName(environment).map(([name, value]) => `--env ${name}=${value}`),
  ].join(' \\\n');
}

async function Grant({ grant, isOpen }: { grant: ServerGrant; isOpen: boolean }) {
  const t = await getTranslations('reservations');
  const environment = byName(grant.environment).map(([name, value]) => `${name}=${value}`);
  return (
    <details open={isOpen} className="group border-b border-line last:border-0">
      <summary className="flex flex-wrap items-baseline justify-between gap-x-4 px-4 py-3 text-sm hover:bg-hover/60 sm:px-5">
        <span className="num flex items-center gap-2 font-medium">
          <ChevronRight aria-hidden className="size-4 text-ink-3 transition-transform group-open:rotate-90" />
          {shortPath(grant.serverPath)}
        </span>
        <span className="num text-xs text-ink-3">
          {t('access.files', { count: grant.devices.length })} ·{' '}
          {t('access.granted', { at: formatInstant(grant.grantedAt, 'seconds') })}
        </span>
      </summary>
      <div className="grid items-start gap-4 px-4 pb-5 sm:px-5 lg:grid-cols-2">
        <CodeBlock className="lg:col-span-2" label={t('access.environment')} text={environment.join('\n')} isWrapped />
        <CodeBlock label={t('access.devices')} text={grant.devices.map((device) => device.containerPath).join('\n')} />
        <CodeBlock label={t('access.run')} text={containerArguments(grant)} />
      </div>
    </details>
  );
}

/** What workloads of a reservation are given, server by server. */
export async function AccessTab({ ctx, found, page, base }: PartProps) {
  const t = await getTranslations('reservations');
  const { rows, total } = await listGrants(ctx, { reservationId: found.reservation.id }, sliceOf(page, PAGE_SIZE));
  const steps = neighbours({ page, size: PAGE_SIZE, total }, (to) =>
    withQuery(base, { tab: 'access', page: to === 1 ? null : to }),
  );
  return (
    <>
      <Panel isFlush title={t('access.title')} description={t('access.description')}>
        {rows.length === 0 ? (
          <EmptyState Icon={Plug} title={t('access.empty')} text={t('access.emptyText')} />
        ) : (
          rows.map((grant, i) => <Grant key={grant.serverId} grant={grant} isOpen={i === 0} />)
        )}
      </Panel>
      <PageSteps label={t('pages')} {...steps} className="mt-4" />
    </>
  );
}
