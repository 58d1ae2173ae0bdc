import type { ReactNode } from 'react';
import type { Instant } from '#lib/core/instant.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import type { IncidentView } from '#lib/inventory/incident-types.ts';
import { InstantText } from '../format/instant-text.tsx';
import { Duration } from '../format/quantity-text.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import { TextLink } from '../ui/text-link.tsx';
import { FaultName, SeverityBadge } from './badges.tsx';
import { Hits, IncidentPlace, NextStepText, OwnerBadge } from './incident-facts.tsx';

const SECOND_MS = 1_000;

/** The fault queue: what is wrong where since when, whose work it hits, who works on it, and what to do next. */
export async function IncidentsTable({
  incidents,
  now,
  empty,
  acts,
}: {
  incidents: readonly IncidentView[];
  now: Instant;
  empty: ReactNode;
  /** What can be done about one in place. */
  acts?: (incident: IncidentView) => ReactNode;
}) {
  const [t, o] = [await getTranslations('faults'), await getTranslations('ops')];
  const columns: Column<IncidentView>[] = [
    { key: 'severity', header: t('severity'), cell: ({ severity }) => <SeverityBadge severity={severity} /> },
    {
      key: 'fault',
      header: t('fault'),
      className: 'min-w-32',
      cell: (incident) => (
        <span className="grid gap-0.5">
          <TextLink href={`/ops/faults/${incident.id}`} prefetch={false}>
            <FaultName fault={incident} />
          </TextLink>
          {incident.reopened > 0 && (
            <span className="text-xs text-warn">{t('reopened', { count: incident.reopened })}</span>
          )}
        </span>
      ),
    },
    { key: 'place', header: t('place'), cell: (incident) => <IncidentPlace incident={incident} /> },
    { key: 'hits', header: t('hits'), cell: ({ hits }) => <Hits hits={hits} /> },
    {
      key: 'next',
      header: t('next'),
      isWideOnly: true,
      className: 'min-w-56 max-w-sm',
      cell: (incident) => <NextStepText incident={incident} />,
    },
    { key: 'owner', header: t('owner'), cell: (incident) => <OwnerBadge incident={incident} /> },
    {
      key: 'age',
      header: t('age'),
      align: 'end',
      cell: ({ firstSeenAt, resolvedAt }) =>
        resolvedAt === null ? (
          <Duration seconds={Math.max(0, Math.floor((now - firstSeenAt) / SECOND_MS))} />
        ) : (
          <InstantText at={resolvedAt} />
        ),
    },
    ...(acts
      ? [
          {
            key: 'acts',
            header: <span className="sr-only">{o('table.actions')}</span>,
            align: 'end' as const,
            cell: acts,
          },
        ]
      : []),
  ];
  return <DataTable label={t('title')} columns={columns} rows={incidents} rowKey={({ id }) => id} empty={empty} />;
}
