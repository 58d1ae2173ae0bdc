import type { Metadata } from 'next';
import { memberPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { ConfirmDialog } from '#components/form/confirm-dialog.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { listTitles } from '#lib/fapiao/titles.ts';
import type { Title } from '#lib/fapiao/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { defaultTitleAction, removeTitleAction } from '../actions.ts';
import { TitleDialog } from './title-dialog.tsx';

type Props = { params: Promise<{ orgSlug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('fapiao'))('titles.title') };
}

async function TitleActs({ orgSlug, title }: { orgSlug: string; title: Title }) {
  const t = await getTranslations('fapiao');
  const { id, name, isDefault } = title;
  return (
    <span className="flex flex-wrap justify-end gap-1">
      {!isDefault && (
        <ActionForm action={defaultTitleAction.bind(null, orgSlug)} initial={freshForm()}>
          <input type="hidden" name="titleId" value={id} />
          <SubmitButton size="sm" variant="ghost">
            {t('titles.makeDefault')}
            <span className="sr-only">: {name}</span>
          </SubmitButton>
        </ActionForm>
      )}
      <TitleDialog orgSlug={orgSlug} title={title} />
      <ConfirmDialog
        trigger={
          <Button size="sm" variant="ghost" aria-label={t('titles.removeOf', { name })}>
            {t('titles.remove')}
          </Button>
        }
        title={t('titles.removeOf', { name })}
        text={t('titles.removeText')}
        confirm={t('titles.remove')}
        fields={{ titleId: id }}
        action={removeTitleAction.bind(null, orgSlug)}
        initial={freshForm()}
      />
    </span>
  );
}

export default async function TitlesPage({ params }: Props) {
  const { orgSlug } = await params;
  const ctx = await memberPage(orgSlug, 'fapiao:request');
  const t = await getTranslations('fapiao');
  const columns: Column<Title>[] = [
    {
      key: 'name',
      header: t('titles.name'),
      cell: ({ name, isDefault }) => (
        <span className="wrap-anywhere">
          {name} {isDefault && <Badge tone="active">{t('titles.default')}</Badge>}
        </span>
      ),
    },
    { key: 'type', header: t('titles.type'), cell: ({ fapiaoType }) => t(`type.${fapiaoType}`) },
    {
      key: 'taxId',
      header: t('titles.taxId'),
      cell: ({ taxId }) => <span className="num">{taxId ?? t('titles.noTaxId')}</span>,
    },
    {
      key: 'actions',
      header: <span className="sr-only">{t('titles.actions')}</span>,
      align: 'end',
      cell: (title) => <TitleActs orgSlug={orgSlug} title={title} />,
    },
  ];
  return (
    <>
      <PageHeader
        title={t('titles.title')}
        description={t('titles.lead')}
        breadcrumbs={
          <Breadcrumbs label={t('title')} crumbs={[{ label: t('title'), href: `/console/${orgSlug}/fapiao` }]} />
        }
        actions={<TitleDialog orgSlug={orgSlug} />}
      />
      <Panel isFlush>
        <DataTable
          label={t('titles.title')}
          columns={columns}
          rows={await listTitles(ctx)}
          rowKey={({ id }) => id}
          empty={<EmptyState title={t('titles.emptyTitle')} text={t('titles.emptyText')} />}
        />
      </Panel>
    </>
  );
}
