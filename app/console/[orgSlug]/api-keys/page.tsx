import { KeyRound } from 'lucide-react';
import type { Metadata } from 'next';
import { memberPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { DateText, InstantText } from '#components/format/instant-text.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { Badge, type Tone } from '#components/ui/badge.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { listApiKeys } from '#lib/identity/api-keys.ts';
import type { ApiKeyView } from '#lib/identity/types.ts';
import { createKeyAction, revokeKeyAction } from './actions.ts';
import { CreateKeyDialog, RevokeKeyDialog } from './key-dialogs.tsx';

const TONES = { live: 'ok', expired: 'waiting', revoked: 'neutral' } as const satisfies Record<
  ApiKeyView['state'],
  Tone
>;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('identity'))('apiKeys.title') };
}

async function KeysTable({ orgSlug, keys }: { orgSlug: string; keys: readonly ApiKeyView[] }) {
  const [t, c] = [await getTranslations('identity'), await getTranslations('common')];
  const columns: Column<ApiKeyView>[] = [
    {
      key: 'name',
      header: t('apiKeys.columns.name'),
      cell: ({ name }) => <span className="font-medium">{name}</span>,
    },
    {
      key: 'key',
      header: t('apiKeys.columns.key'),
      cell: ({ prefix }) => <code className="text-xs whitespace-nowrap text-ink-2">{prefix}…</code>,
    },
    { key: 'role', header: t('apiKeys.columns.role'), cell: ({ role }) => c(`role.${role}`) },
    {
      key: 'created',
      header: t('apiKeys.columns.created'),
      isWideOnly: true,
      cell: ({ createdAt }) => <DateText at={createdAt} />,
    },
    {
      key: 'expires',
      header: t('apiKeys.columns.expires'),
      isWideOnly: true,
      cell: ({ expiresAt }) => (expiresAt === null ? c('state.never') : <InstantText at={expiresAt} />),
    },
    {
      key: 'state',
      header: t('apiKeys.columns.state'),
      cell: ({ state }) => <Badge tone={TONES[state]}>{t(`apiKeys.state.${state}`)}</Badge>,
    },
    {
      key: 'actions',
      header: <span className="sr-only">{t('apiKeys.columns.actions')}</span>,
      align: 'end',
      cell: ({ id, name, state }) =>
        state === 'live' && (
          <RevokeKeyDialog id={id} name={name} action={revokeKeyAction.bind(null, orgSlug)} initial={freshForm()} />
        ),
    },
  ];
  return (
    <DataTable
      label={t('apiKeys.title')}
      columns={columns}
      rows={keys}
      rowKey={({ id }) => id}
      empty={<EmptyState Icon={KeyRound} title={t('apiKeys.emptyTitle')} text={t('apiKeys.emptyText')} />}
    />
  );
}

export default async function ApiKeysPage({ params }: { params: Promise<{ orgSlug: string }> }) {
  const { orgSlug } = await params;
  const ctx = await memberPage(orgSlug, 'apiKey:manage');
  const t = await getTranslations('identity');
  return (
    <ClientMessages namespaces={['identity']}>
      <PageHeader
        title={t('apiKeys.title')}
        description={t('apiKeys.description')}
        actions={<CreateKeyDialog action={createKeyAction.bind(null, orgSlug)} initial={freshForm()} />}
      />
      <Panel isFlush>
        <KeysTable orgSlug={orgSlug} keys={await listApiKeys(ctx)} />
      </Panel>
    </ClientMessages>
  );
}
