import type { Metadata } from 'next';
import { memberPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { listInvitations } from '#lib/identity/invitations.ts';
import { getOrganisation } from '#lib/identity/organisations.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { inviteAction } from './actions.ts';
import { grantableRoles } from './grantable-roles.ts';
import { InviteDialog } from './invite-dialog.tsx';
import { MembersTable } from './members-table.tsx';
import { PendingInvitations } from './pending-invitations.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('identity'))('members.title') };
}

export default async function MembersPage({ params }: { params: Promise<{ orgSlug: string }> }) {
  const { orgSlug } = await params;
  const ctx = await memberPage(orgSlug, 'member:read');
  const canManage = isPermitted(ctx.actor, 'member:manage');
  const { name } = await getOrganisation(ctx);
  const t = await getTranslations('identity');
  const invite = inviteAction.bind(null, orgSlug);
  return (
    <ClientMessages namespaces={['identity']}>
      <PageHeader
        title={t('members.title')}
        description={t('members.description', { organisation: name })}
        actions={canManage && <InviteDialog action={invite} initial={freshForm()} roles={grantableRoles(ctx.actor)} />}
      />
      <Panel isFlush>
        <MembersTable ctx={ctx} orgSlug={orgSlug} organisation={name} />
      </Panel>
      {canManage && <PendingInvitations orgSlug={orgSlug} invitations={await listInvitations(ctx)} />}
    </ClientMessages>
  );
}
