import type { JournalCharges, JournalExplanation, JournalRef, SeenLeg } from '#lib/billing/explain/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { InstantText } from '../format/instant-text.tsx';
import { LedgerLeg } from '../format/ledger-amount-text.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import { Badge } from '../ui/badge.tsx';
import { type Definition, DefinitionList } from '../ui/definition-list.tsx';
import { Panel } from '../ui/panel.tsx';
import { TextLink } from '../ui/text-link.tsx';
import { EquationList, HoldsAlert } from './equation-list.tsx';
import { JournalChargesPanel } from './journal-charges.tsx';
import { causeFacts } from './journal-cause.tsx';
import type { OriginPaths } from './origin-paths.ts';

async function LegsPanel({ legs, isWhole, paths }: JournalExplanation & { paths: OriginPaths }) {
  const [t, l] = [await getTranslations('origin'), await getTranslations('ledger')];
  const columns: Column<SeenLeg>[] = [
    {
      key: 'account',
      header: t('journal.account'),
      cell: ({ path, accountKind }) => (
        <>
          {paths.account ? (
            <TextLink href={paths.account(path)}>{l(`kind.${accountKind}`)}</TextLink>
          ) : (
            l(`kind.${accountKind}`)
          )}
          <code className="block text-xs wrap-anywhere text-ink-3 max-sm:hidden">{path}</code>
        </>
      ),
    },
    {
      key: 'debit',
      header: t('journal.debit'),
      align: 'end',
      cell: ({ debitUnits, asset }) => <LedgerLeg amount={debitUnits} asset={asset} />,
    },
    {
      key: 'credit',
      header: t('journal.credit'),
      align: 'end',
      cell: ({ creditUnits, asset }) => <LedgerLeg amount={creditUnits} asset={asset} />,
    },
  ];
  const unitOf = (asset: string): string =>
    asset === 'CNY/8' ? 'CNY' : `${asset.slice('CARDSEC:'.length)} · ${l('journal.seconds')}`;
  const byAsset = [...Map.groupBy(legs, ({ asset }) => asset)];
  return (
    <Panel title={t('journal.legs')} description={isWhole ? l('journal.legsLead') : t('journal.legsOwn')} isFlush>
      {byAsset.length === 0 && <p className="px-4 py-6 text-sm text-ink-2 sm:px-5">{t('journal.noLegs')}</p>}
      {byAsset.map(([asset, some]) => (
        <DataTable
          key={asset}
          label={`${t('journal.legs')} ${unitOf(asset)}`}
          columns={columns}
          rows={some}
          rowKey={({ leg }) => `${leg}`}
          empty={null}
        />
      ))}
    </Panel>
  );
}

async function JournalLink({ journal, paths }: { journal: JournalRef; paths: OriginPaths }) {
  const [t, l] = [await getTranslations('origin'), await getTranslations('ledger')];
  return (
    <>
      <TextLink href={paths.journal(journal.id)}>{t('charge.journalLink', { id: journal.id })}</TextLink>{' '}
      {l(`journalKind.${journal.kind}`)}
    </>
  );
}

async function RelatedPanel({ related, reverses, reversedBy, paths }: JournalExplanation & { paths: OriginPaths }) {
  const [t, l] = [await getTranslations('origin'), await getTranslations('ledger')];
  return (
    <Panel title={t('journal.related')} isFlush>
      <DefinitionList
        className="border-b border-line px-4 py-3 sm:px-5"
        items={[
          ...(reverses === null
            ? []
            : [{ term: t('journal.reverses'), value: <JournalLink journal={reverses} paths={paths} /> }]),
          {
            term: t('journal.reversedBy'),
            value: reversedBy === null ? t('journal.notReversed') : <JournalLink journal={reversedBy} paths={paths} />,
          },
        ]}
      />
      <DataTable
        label={t('journal.related')}
        rows={related}
        rowKey={({ id }) => id}
        empty={<p className="px-4 py-6 text-sm text-ink-2 sm:px-5">{t('journal.relatedNone')}</p>}
        columns={[
          {
            key: 'id',
            header: t('journal.id'),
            cell: ({ id }) => (
              <TextLink href={paths.journal(id)} className="num">
                {id}
              </TextLink>
            ),
          },
          { key: 'kind', header: t('journal.what'), cell: ({ kind }) => l(`journalKind.${kind}`) },
          { key: 'at', header: t('journal.effectiveAt'), cell: ({ effectiveAt }) => <InstantText at={effectiveAt} /> },
        ]}
      />
    </Panel>
  );
}

/** Where the hash chain has the journal; for staff, who see the whole of it. */
async function ChainPanel({ chain, isWhole }: JournalExplanation) {
  const t = await getTranslations('origin');
  if (!isWhole) return null;
  if (chain === null)
    return (
      <Panel title={t('journal.chain')}>
        <Badge tone="waiting">{t('journal.unsealed')}</Badge>
      </Panel>
    );
  const { block, position, journals, sealedAt, previousHash, hash, holds } = chain;
  const place = t('journal.block', { block, position: `${position}`, journals: `${journals}` });
  return (
    <Panel
      title={t('journal.chain')}
      actions={
        holds ? (
          <Badge tone="ok">{t('journal.chainHolds')}</Badge>
        ) : (
          <Badge tone="danger">{t('journal.chainBroken')}</Badge>
        )
      }
    >
      <DefinitionList
        items={[
          { term: t('journal.id'), value: place },
          { term: t('journal.sealedAt'), value: <InstantText at={sealedAt} hasSeconds /> },
          { term: t('journal.previousHash'), value: <code className="text-xs break-all">{previousHash}</code> },
          { term: t('journal.hash'), value: <code className="text-xs break-all">{hash}</code> },
        ]}
      />
    </Panel>
  );
}

async function factsOf({ journal, isContentIntact }: JournalExplanation): Promise<Definition[]> {
  const t = await getTranslations('origin');
  const { key, effectiveAt, postedAt, actor, actorName, contentHash } = journal;
  const content =
    isContentIntact === null
      ? []
      : [
          {
            term: t('journal.content'),
            value: isContentIntact ? (
              <Badge tone="ok">{t('journal.intact')}</Badge>
            ) : (
              <Badge tone="danger">{t('journal.altered')}</Badge>
            ),
          },
        ];
  return [
    { term: t('journal.key'), value: <code className="text-xs wrap-anywhere">{key}</code> },
    { term: t('journal.effectiveAt'), value: <InstantText at={effectiveAt} hasSeconds /> },
    { term: t('journal.postedAt'), value: <InstantText at={postedAt} hasSeconds /> },
    { term: t('journal.postedBy'), value: actorName ?? <code className="text-xs wrap-anywhere">{actor}</code> },
    { term: t('journal.contentHash'), value: <code className="text-xs break-all">{contentHash}</code> },
    ...content,
  ];
}

/** A journal: why it was posted, what stands behind its legs, the steps that tie them together, and its place. */
export async function JournalOrigin({
  explanation,
  charges,
  paths,
  page,
}: {
  explanation: JournalExplanation;
  charges: JournalCharges | null;
  paths: OriginPaths;
  page: number;
}) {
  const t = await getTranslations('origin');
  const { journal, equations } = explanation;
  const behind = await causeFacts(explanation, paths);
  return (
    <div className="grid gap-6">
      {equations.length > 0 && <HoldsAlert equations={equations} />}
      <Panel title={t('journal.why')}>
        <p className="max-w-[80ch]">{t(`journal.cause.${journal.kind}`)}</p>
        <h3 className="mt-5 mb-2 text-sm font-medium">{t('journal.behind')}</h3>
        {behind.length === 0 ? (
          <p className="text-sm text-ink-2">{t('journal.nothing')}</p>
        ) : (
          <DefinitionList items={behind} />
        )}
      </Panel>
      <LegsPanel {...explanation} paths={paths} />
      <JournalChargesPanel charges={charges} journalId={journal.id} paths={paths} page={page} />
      {equations.length > 0 && <EquationList equations={equations} />}
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <RelatedPanel {...explanation} paths={paths} />
        <Panel title={t('journal.facts')}>
          <DefinitionList items={await factsOf(explanation)} />
        </Panel>
      </div>
      <ChainPanel {...explanation} />
    </div>
  );
}
