import type { Metadata } from 'next';
import { memberPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { DateText, InstantText } from '#components/format/instant-text.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { CUSTOMER_ROLES, type CustomerRole } from '#lib/core/context.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { listInvitations } from '#lib/identity/invitations.ts';
import { listMembers } from '#lib/identity/members.ts';
import { getOrganisation } from '#lib/identity/organisations.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import type { Member, PendingInvitation } from '#lib/identity/types.ts';
import { changeRoleAction, inviteAction, leaveAction, removeMemberAction, revokeInvitationAction } from './actions.ts';
import { InviteDialog } from './invite-dialog.tsx';
import { LeaveDialog, MemberActions } from './member-actions.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('identity'))('members.title') };
}

async function PendingInvitations({ orgSlug, invitations }: { orgSlug: string; invitations: PendingInvitation[] }) {
  const [t, c] = [await getTranslations('identity'), await getTranslations('common')];
  const columns: Column<PendingInvitation>[] = [
    { key: 'email', header: t('members.pendingColumns.email'), cell: ({ email }) => email },
    { key: 'role', header: t('members.pendingColumns.role'), cell: ({ role }) => c(`role.${role}`) },
    {
      key: 'expires',
      header: t('members.pendingColumns.expires'),
      isWideOnly: true,
      cell: ({ expiresAt }) => <InstantText at={expiresAt} />,
    },
    {
      key: 'actions',
      header: <span className="sr-only">{t('members.pendingColumns.actions')}</span>,
      align: 'end',
      cell: ({ id }) => (
        <ActionForm action={revokeInvitationAction.bind(null, orgSlug)} initial={freshForm()}>
          <input type="hidden" name="id" value={id} />
          <SubmitButton size="sm" variant="ghost">
            {t('members.revokeInvitation')}
          </SubmitButton>
        </ActionForm>
      ),
    },
  ];
  return (
    <Panel title={t('members.pendingTitle')} isFlush className="mt-6">
      <DataTable
        label={t('members.pendingTitle')}
        columns={columns}
        rows={invitations}
        rowKey={({ id }) => id}
        empty={<EmptyState title={t('members.pendingEmpty')} />}
      />
    </Panel>
  );
}

export default async function MembersPage({ params }: { params: Promise<{ orgSlug: string }> }) {
  const { orgSlug } = await params;
  const ctx = await memberPage(orgSlug, 'member:read');
  const { actor } = ctx;
  const ownId = actor.kind === 'customer' ? actor.userId : null;
  const ownRole: CustomerRole = actor.kind === 'customer' ? actor.role : 'member';
  const canManage = isPermitted(actor, 'member:manage');
  const roles = CUSTOMER_ROLES.filter((role) => role !== 'owner' || ownRole === 'owner');
  const [members, organisation] = [await listMembers(ctx), await getOrganisation(ctx)];
  const [t, c] = [await getTranslations('identity'), await getTranslations('common')];

  const actionsOf = (member: Member) => {
    if (member.userId === ownId) {
      const { name } = organisation;
      return <LeaveDialog organisation={name} action={leaveAction.bind(null, orgSlug)} initial={freshForm()} />;
    }
    if (!canManage || (member.role === 'owner' && ownRole !== 'owner')) return null;
    const { userId, name, role } = member;
    return (
      <MemberActions
        member={{ userId, name, role }}
        roles={roles}
        initial={freshForm()}
        changeRole={changeRoleAction.bind(null, orgSlug)}
        remove={removeMemberAction.bind(null, orgSlug)}
      />
    );
  };
  const columns: Column<Member>[] = [
    {
      key: 'member',
      header: t('members.columns.member'),
      cell: ({ name, email, userId }) => (
        <>
          <span className="font-medium">{name}</span>
          {userId === ownId && <span className="ml-2 text-xs text-ink-3">{t('members.you')}</span>}
          <span className="block text-xs text-ink-2">{email}</span>
        </>
      ),
    },
    {
      key: 'role',
      header: t('members.columns.role'),
      cell: ({ role }) => <Badge hasIcon={false}>{c(`role.${role}`)}</Badge>,
    },
    {
      key: 'joined',
      header: t('members.columns.joined'),
      isWideOnly: true,
      cell: ({ joinedAt }) => <DateText at={joinedAt} />,
    },
    {
      key: 'actions',
      header: <span className="sr-only">{t('members.columns.actions')}</span>,
      align: 'end',
      cell: actionsOf,
    },
  ];
  return (
    <ClientMessages namespaces={['identity']}>
      <PageHeader
        title={t('members.title')}
        description={t('members.description', { organisation: organisation.name })}
        actions={
          canManage && <InviteDialog action={inviteAction.bind(null, orgSlug)} initial={freshForm()} roles={roles} />
        }
      />
      <Panel isFlush>
        <DataTable
          label={t('members.title')}
          columns={columns}
          rows={members}
          rowKey={({ userId }) => userId}
          empty={null}
        />
      </Panel>
      {canManage && <PendingInvitations orgSlug={orgSlug} invitations={await listInvitations(ctx)} />}
    </ClientMessages>
  );
}
