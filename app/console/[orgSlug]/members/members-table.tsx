import { freshForm } from '#app/_edge/fresh-form.ts';
import { DateText } from '#components/format/instant-text.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { Badge } from '#components/ui/badge.tsx';
import type { TenantCtx } from '#lib/core/context.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { listMembers } from '#lib/identity/members.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import type { Member } from '#lib/identity/types.ts';
import { changeRoleAction, leaveAction, removeMemberAction } from './actions.ts';
import { grantableRoles, isOwner } from './grantable-roles.ts';
import { LeaveDialog, MemberActions } from './member-actions.tsx';

/** The members of the organisation, with what the reader may do about each. */
export async function MembersTable({
  ctx,
  orgSlug,
  organisation,
}: {
  ctx: TenantCtx;
  orgSlug: string;
  organisation: string;
}) {
  const { actor } = ctx;
  const ownId = actor.kind === 'customer' ? actor.userId : null;
  const canManage = isPermitted(actor, 'member:manage');
  const [t, c] = [await getTranslations('identity'), await getTranslations('common')];
  const actionsOf = (member: Member) => {
    if (member.userId === ownId) {
      return <LeaveDialog organisation={organisation} action={leaveAction.bind(null, orgSlug)} initial={freshForm()} />;
    }
    if (!canManage || (member.role === 'owner' && !isOwner(actor))) return null;
    const { userId, name, role } = member;
    return (
      <MemberActions
        member={{ userId, name, role }}
        roles={grantableRoles(actor)}
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
          <span className="block text-xs wrap-anywhere text-ink-2">{email}</span>
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
  const members = await listMembers(ctx);
  return (
    <DataTable
      label={t('members.title')}
      columns={columns}
      rows={members}
      rowKey={({ userId }) => userId}
      empty={null}
    />
  );
}
