import { FolderKanban } from 'lucide-react';
import type { Metadata } from 'next';
import { memberPage } from '#app/_edge/access.ts';
import { withQuery } from '#app/_edge/paging.ts';
import { formatUnits } from '#components/format/money.ts';
import { Count } from '#components/format/quantity-text.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { getProjectFigures } from '#lib/billing/project-figures.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { listProjects } from '#lib/reservations/projects.ts';
import type { ProjectView } from '#lib/reservations/project-types.ts';
import { ProjectDialog } from './project-dialog.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('queue'))('projects.title') };
}

export default async function ProjectsPage({ params }: { params: Promise<{ orgSlug: string }> }) {
  const { orgSlug } = await params;
  const ctx = await memberPage(orgSlug, 'project:read');
  const t = await getTranslations('queue');
  const canManage = isPermitted(ctx.actor, 'project:manage');
  const figuresOf = await getProjectFigures(ctx);
  const columns: Column<ProjectView>[] = [
    {
      key: 'name',
      header: t('projects.name'),
      cell: ({ id, name }) => (
        <TextLink href={withQuery(`/console/${orgSlug}/reservations`, { project: id })}>{name}</TextLink>
      ),
    },
    {
      key: 'cards',
      header: t('projects.cards'),
      align: 'end',
      cell: ({ id }) => <Count count={figuresOf(id).cards} />,
    },
    {
      key: 'quota',
      header: t('projects.quota'),
      align: 'end',
      cell: ({ cardQuota }) => (cardQuota === null ? t('projects.none') : <Count count={cardQuota} />),
    },
    {
      key: 'spent',
      header: t('projects.spent'),
      align: 'end',
      cell: ({ id }) => formatUnits(figuresOf(id).spentUnits),
    },
    {
      key: 'committed',
      header: t('projects.committed'),
      align: 'end',
      cell: ({ id }) => formatUnits(figuresOf(id).committedUnits),
    },
    {
      key: 'limit',
      header: t('projects.limit'),
      align: 'end',
      cell: ({ monthlySpendingLimitUnits: limit }) => (limit === null ? t('projects.none') : formatUnits(limit)),
    },
    {
      key: 'state',
      header: t('projects.state'),
      cell: ({ isClosed }) => (
        <Badge tone={isClosed ? 'neutral' : 'ok'}>{t(isClosed ? 'projects.closed' : 'projects.open')}</Badge>
      ),
    },
    ...(canManage
      ? [
          {
            key: 'actions',
            header: <span className="sr-only">{t('projects.actions')}</span>,
            align: 'end' as const,
            cell: (project: ProjectView) => <ProjectDialog orgSlug={orgSlug} project={project} />,
          },
        ]
      : []),
  ];
  return (
    <ClientMessages>
      <PageHeader
        title={t('projects.title')}
        description={t('projects.description')}
        actions={canManage && <ProjectDialog orgSlug={orgSlug} />}
      />
      <Panel isFlush>
        <DataTable
          label={t('projects.title')}
          columns={columns}
          rows={await listProjects(ctx)}
          rowKey={({ id }) => id}
          empty={<EmptyState Icon={FolderKanban} title={t('projects.empty.title')} text={t('projects.empty.text')} />}
        />
      </Panel>
    </ClientMessages>
  );
}
