import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { staffPage } from '#app/_edge/access.ts';
import { InstantText } from '#components/format/instant-text.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { SOURCE_NAMES, type SourceName, sourceHref } from '#components/ledger/journal-source.ts';
import { LegsTable } from '#components/ledger/legs-table.tsx';
import { AskLink } from '#components/origin/ask-link.tsx';
import { FINANCE_PATHS } from '#components/origin/origin-paths.ts';
import { Badge } from '#components/ui/badge.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { DefinitionList } from '#components/ui/definition-list.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { parseInstant } from '#lib/core/instant.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { findJournal } from '#lib/ledger/books.ts';
import type { JournalDetail } from '#lib/ledger/view-types.ts';
import { ReversalPanel } from './reversal-panel.tsx';

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await getTranslations('ledger'))('journal.titleOf', { id: (await params).id }) };
}

function SourceValue({ name, text }: { name: SourceName; text: string }) {
  const href = sourceHref(name, text);
  const hourAt = name === 'hour' ? parseInstant(text) : null;
  if (hourAt !== null) return <InstantText at={hourAt} />;
  const code = <code className="text-xs wrap-anywhere">{text}</code>;
  return href === null ? code : <TextLink href={href}>{code}</TextLink>;
}

async function SourceList({ source }: { source: JournalDetail['source'] }) {
  const t = await getTranslations('ledger');
  const items = SOURCE_NAMES.filter((name) => source[name] !== undefined).map((name) => ({
    term: t(`journal.sourceName.${name}`),
    value: <SourceValue name={name} text={`${source[name]}`} />,
  }));
  return <DefinitionList items={items} />;
}

async function Facts({ journal }: { journal: JournalDetail }) {
  const t = await getTranslations('ledger');
  const { key, organisationName, effectiveAt, postedAt, actor, actorName, contentHash } = journal;
  return (
    <DefinitionList
      items={[
        { term: t('journal.key'), value: <code className="text-xs wrap-anywhere">{key}</code> },
        { term: t('journal.organisation'), value: organisationName ?? t('account.noOwner') },
        { term: t('journal.effectiveAt'), value: <InstantText at={effectiveAt} hasSeconds /> },
        { term: t('journal.postedAt'), value: <InstantText at={postedAt} hasSeconds /> },
        { term: t('journal.postedBy'), value: actorName ?? <code className="text-xs">{actor}</code> },
        { term: t('journal.contentHash'), value: <code className="text-xs wrap-anywhere">{contentHash}</code> },
      ]}
    />
  );
}

export default async function JournalPage({ params }: Props) {
  const ctx = await staffPage('ledger:read');
  const journal = await findJournal(ctx, (await params).id);
  if (!journal) notFound();
  const [t, o] = [await getTranslations('ledger'), await getTranslations('origin')];
  const byAsset = [...Map.groupBy(journal.legs, ({ asset }) => asset)];
  return (
    <>
      <PageHeader
        title={t('journal.titleOf', { id: journal.id })}
        description={t(`journalKind.${journal.kind}`)}
        badge={
          journal.sealedIn === null ? (
            <Badge tone="waiting">{t('journal.unsealed')}</Badge>
          ) : (
            <Badge tone="ok">{t('journal.sealedIn', { block: journal.sealedIn })}</Badge>
          )
        }
        actions={<AskLink href={FINANCE_PATHS.journal(journal.id)} what={o('askJournal', { id: journal.id })} />}
        breadcrumbs={
          <Breadcrumbs
            label={t('title')}
            crumbs={[
              { label: t('title'), href: '/finance/ledger' },
              { label: t('journal.listTitle'), href: '/finance/ledger/journals' },
            ]}
          />
        }
      />
      <div className="grid gap-6 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <Panel title={t('journal.legs')} description={t('journal.legsLead')} isFlush className="lg:col-span-2">
          {byAsset.map(([asset, legs]) => (
            <LegsTable key={asset} asset={asset} legs={legs} />
          ))}
        </Panel>
        <Panel title={t('journal.facts')}>
          <Facts journal={journal} />
        </Panel>
        <Panel title={t('journal.source')}>
          <SourceList source={journal.source} />
        </Panel>
        {journal.kind !== 'reversal' && <ReversalPanel ctx={ctx} journal={journal} />}
      </div>
    </>
  );
}
