import type { ChargeExplanation, EvidenceRow, Gap } from '#lib/billing/explain/types.ts';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { formatCount } from '../format/digits.ts';
import { formatInstant } from '../format/instant.ts';
import { InstantText } from '../format/instant-text.tsx';
import { Money } from '../format/money-text.tsx';
import { DataTable } from '../table/data-table.tsx';
import { type Definition, DefinitionList } from '../ui/definition-list.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Panel } from '../ui/panel.tsx';
import { Stat, StatRow } from '../ui/stat.tsx';
import { TextLink } from '../ui/text-link.tsx';
import { EquationList, HoldsAlert } from './equation-list.tsx';
import type { OriginPaths } from './origin-paths.ts';
import { PricePanel } from './price-panel.tsx';

async function EvidencePanel({ evidence }: { evidence: readonly EvidenceRow[] }) {
  const t = await getTranslations('origin');
  return (
    <Panel title={t('charge.evidence')} description={t('charge.evidenceLead')} isFlush>
      <DataTable
        label={t('charge.evidence')}
        rows={evidence}
        rowKey={({ id }) => id}
        empty={<EmptyState title={t('charge.noEvidence')} />}
        columns={[
          { key: 'id', header: t('charge.evidenceId'), cell: ({ id }) => <span className="num">{id}</span> },
          { key: 'from', header: t('charge.from'), cell: ({ startAt }) => <InstantText at={startAt} hasSeconds /> },
          {
            key: 'to',
            header: t('charge.to'),
            cell: ({ endAt }) => (endAt === null ? t('charge.goesOn') : <InstantText at={endAt} hasSeconds />),
          },
          {
            key: 'counted',
            header: t('charge.counted'),
            align: 'end',
            cell: ({ countedSeconds }) => `${formatCount(countedSeconds)} ${t('charge.seconds')}`,
          },
        ]}
      />
    </Panel>
  );
}

async function GapsPanel({ gaps }: { gaps: readonly Gap[] }) {
  const t = await getTranslations('origin');
  if (gaps.length === 0) return null;
  return (
    <Panel title={t('charge.gaps')} description={t('charge.gapsLead')} isFlush>
      <DataTable
        label={t('charge.gaps')}
        rows={gaps}
        rowKey={({ startAt }) => `${startAt}`}
        empty={null}
        columns={[
          { key: 'from', header: t('charge.from'), cell: ({ startAt }) => <InstantText at={startAt} hasSeconds /> },
          { key: 'to', header: t('charge.to'), cell: ({ endAt }) => <InstantText at={endAt} hasSeconds /> },
          { key: 'reason', header: t('charge.reason'), cell: ({ reason }) => t(`charge.reasons.${reason}`) },
          {
            key: 'length',
            header: t('charge.length'),
            align: 'end',
            cell: ({ startAt, endAt }) => `${formatCount((endAt - startAt) / 1_000)} ${t('charge.seconds')}`,
          },
        ]}
      />
    </Panel>
  );
}

async function factsOf(explanation: ChargeExplanation, paths: OriginPaths): Promise<Definition[]> {
  const t = await getTranslations('origin');
  const isChinese = (await requestLocale()) === 'zh-CN';
  const { charge, item, journalId, line } = explanation;
  const { reservationId, reservationName, place, slot, hourAt, revision, chargedAt, allocationId } = charge;
  return [
    {
      term: t('charge.reservation'),
      value: paths.reservation ? (
        <TextLink href={paths.reservation(reservationId)}>{reservationName}</TextLink>
      ) : (
        reservationName
      ),
    },
    { term: t('charge.item'), value: `${item.model} · ${isChinese ? item.siteName.zh : item.siteName.en}` },
    { term: t('charge.place'), value: `${place} · ${t('charge.slot', { slot: `${slot}` })}` },
    {
      term: t('charge.hour'),
      value: paths.hour ? (
        <TextLink href={paths.hour(reservationId, hourAt)}>{formatInstant(hourAt)}</TextLink>
      ) : (
        <InstantText at={hourAt} />
      ),
    },
    { term: t('charge.revision'), value: revision === 0 ? t('charge.firstRevision') : `${revision}` },
    { term: t('charge.chargedAt'), value: <InstantText at={chargedAt} hasSeconds /> },
    { term: t('charge.allocation'), value: <code className="text-xs wrap-anywhere">{allocationId}</code> },
    {
      term: t('charge.journal'),
      value:
        journalId === null ? (
          <code className="text-xs wrap-anywhere">{charge.journalKey}</code>
        ) : (
          <TextLink href={paths.journal(journalId)}>{t('charge.journalLink', { id: journalId })}</TextLink>
        ),
    },
    ...(line === 'notShown'
      ? []
      : [
          {
            term: t('charge.line'),
            value:
              line === 'notInvoiced' ? (
                t('charge.notInvoiced')
              ) : (
                <TextLink href={paths.line(line.invoiceId, line.line)}>
                  {t('charge.lineLink', { number: line.number, line: `${line.line}` })}
                </TextLink>
              ),
          },
        ]),
  ];
}

/** One card's hour: its proof, what was not charged and why, the price, and the steps to its amount. */
export async function ChargeOrigin({ explanation, paths }: { explanation: ChargeExplanation; paths: OriginPaths }) {
  const t = await getTranslations('origin');
  const { charge, equations, evidence, gaps, price } = explanation;
  const seconds = (count: number): string => `${formatCount(count)} ${t('charge.seconds')}`;
  return (
    <div className="grid gap-6">
      <HoldsAlert equations={equations} />
      <StatRow>
        <Stat label={t('charge.amount')} value={<Money units={charge.amountUnits} isExact />} />
        <Stat label={t('charge.used')} value={seconds(charge.usedSeconds)} />
        <Stat label={t('charge.unused')} value={seconds(charge.unusedSeconds)} />
        <Stat label={t('charge.down')} value={seconds(charge.downSeconds)} />
      </StatRow>
      <EvidencePanel evidence={evidence} />
      <GapsPanel gaps={gaps} />
      <EquationList equations={equations} />
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <PricePanel price={price} term={charge.term} />
        <Panel title={t('charge.facts')}>
          <DefinitionList items={await factsOf(explanation, paths)} />
        </Panel>
      </div>
    </div>
  );
}
