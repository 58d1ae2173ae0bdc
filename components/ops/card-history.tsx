import { getTranslations } from '#lib/i18n/server.ts';
import type { AllocationRow, FaultView, OutageView, TransitionView } from '#lib/inventory/view-types.ts';
import { InstantText } from '../format/instant-text.tsx';
import { Count } from '../format/quantity-text.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import { Badge } from '../ui/badge.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { TextLink } from '../ui/text-link.tsx';
import { FaultName, LIFECYCLE_TONES, SeverityBadge } from './badges.tsx';
import { REASONS } from './known-words.ts';
import { nextStep } from './next-step.ts';

const STATE_TONES = { past: 'neutral', running: 'active', next: 'waiting' } as const;

/** Who had a card, has it and will have it. */
export async function AllocationsTable({ allocations }: { allocations: readonly AllocationRow[] }) {
  const t = await getTranslations('ops');
  const columns: Column<AllocationRow>[] = [
    {
      key: 'reservation',
      header: t('card.reservation'),
      cell: ({ reservationId, name }) => (
        <TextLink href={`/ops/reservations?tab=all&q=${reservationId}`} prefetch={false}>
          {name}
        </TextLink>
      ),
    },
    { key: 'organisation', header: t('card.organisation'), cell: ({ organisationName }) => organisationName },
    {
      key: 'state',
      header: t('server.state'),
      cell: ({ state }) => <Badge tone={STATE_TONES[state]}>{t(`card.state.${state}`)}</Badge>,
    },
    {
      key: 'from',
      header: t('card.from'),
      align: 'end',
      cell: ({ startAt }) => <InstantText at={startAt} hasSeconds />,
    },
    {
      key: 'to',
      header: t('card.to'),
      align: 'end',
      cell: ({ endAt }) => (endAt === null ? t('until.open') : <InstantText at={endAt} hasSeconds />),
    },
  ];
  return (
    <DataTable
      label={t('card.allocations')}
      columns={columns}
      rows={allocations}
      rowKey={({ id }) => id}
      empty={<EmptyState title={t('card.allocationsNone')} />}
    />
  );
}

/** When a card took no new work and why. */
export async function OutagesTable({ outages }: { outages: readonly OutageView[] }) {
  const [t, h] = [await getTranslations('ops'), await getTranslations('hardware')];
  const reasonText = (text: string): string => {
    const known = REASONS.find((reason) => reason === text);
    return known ? h(`reason.${known}`) : text;
  };
  const columns: Column<OutageView>[] = [
    {
      key: 'kind',
      header: t('card.kind'),
      cell: ({ kind }) => <Badge tone={kind === 'down' ? 'danger' : 'warn'}>{t(`card.outageKind.${kind}`)}</Badge>,
    },
    {
      key: 'reason',
      header: t('card.reason'),
      cell: ({ reason }) => reasonText(reason),
    },
    {
      key: 'by',
      header: t('card.by'),
      isWideOnly: true,
      cell: ({ actor }) => (actor === 'system:engine' ? t('home.engine') : actor),
    },
    {
      key: 'from',
      header: t('card.from'),
      align: 'end',
      cell: ({ startAt }) => <InstantText at={startAt} hasSeconds />,
    },
    {
      key: 'to',
      header: t('card.to'),
      align: 'end',
      cell: ({ endAt }) => (endAt === null ? t('card.ongoing') : <InstantText at={endAt} hasSeconds />),
    },
  ];
  return (
    <DataTable
      label={t('card.outages')}
      columns={columns}
      rows={outages}
      rowKey={({ kind, startAt, reason }) => `${kind}-${startAt}-${reason}`}
      empty={<EmptyState title={t('card.outagesNone')} />}
    />
  );
}

/** What people did with a card, newest first. */
export async function TransitionsTable({ transitions }: { transitions: readonly TransitionView[] }) {
  const [t, l] = [await getTranslations('ops'), await getTranslations('lifecycle')];
  const columns: Column<TransitionView>[] = [
    { key: 'act', header: l('act'), cell: ({ act }) => l(`names.${act}`) },
    {
      key: 'became',
      header: l('became'),
      cell: ({ to }) => <Badge tone={LIFECYCLE_TONES[to]}>{l(`state.${to}`)}</Badge>,
    },
    { key: 'reason', header: t('card.reason'), cell: ({ reason }) => reason },
    { key: 'by', header: t('card.by'), cell: ({ actor }) => actor },
    { key: 'at', header: t('device.askedAt'), align: 'end', cell: ({ at }) => <InstantText at={at} hasSeconds /> },
  ];
  return (
    <DataTable
      label={l('transitions')}
      columns={columns}
      rows={transitions}
      rowKey={({ at, act, to }) => `${at}-${act}-${to}`}
      empty={<EmptyState title={l('transitionsNone')} />}
    />
  );
}

/** The fault cases of one card. */
export async function CardFaults({ faults }: { faults: readonly FaultView[] }) {
  const [t, f] = [await getTranslations('ops'), await getTranslations('faults')];
  const columns: Column<FaultView>[] = [
    {
      key: 'fault',
      header: f('fault'),
      cell: (fault) => (
        <TextLink href={`/ops/faults/${fault.incidentId}`} prefetch={false}>
          <FaultName fault={fault} />
        </TextLink>
      ),
    },
    { key: 'severity', header: f('severity'), cell: ({ severity }) => <SeverityBadge severity={severity} /> },
    {
      key: 'next',
      header: f('next'),
      isWideOnly: true,
      cell: (fault) => (fault.resolvedAt === null ? f(`steps.${nextStep(fault).steps}`) : '–'),
    },
    {
      key: 'count',
      header: f('count'),
      align: 'end',
      isWideOnly: true,
      cell: ({ count }) => <Count count={count} />,
    },
    {
      key: 'first',
      header: f('first'),
      align: 'end',
      cell: ({ firstSeenAt }) => <InstantText at={firstSeenAt} hasSeconds />,
    },
    {
      key: 'resolved',
      header: f('resolved'),
      align: 'end',
      cell: ({ resolvedAt }) => (resolvedAt === null ? t('card.ongoing') : <InstantText at={resolvedAt} hasSeconds />),
    },
  ];
  return (
    <DataTable
      label={t('card.faults')}
      columns={columns}
      rows={faults}
      rowKey={({ id }) => id}
      empty={<EmptyState title={t('card.faultsNone')} />}
    />
  );
}
