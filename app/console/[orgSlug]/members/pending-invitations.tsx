import { freshForm } from '#app/_edge/fresh-form.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { InstantText } from '#components/format/instant-text.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import type { PendingInvitation } from '#lib/identity/types.ts';
import { revokeInvitationAction } from './actions.ts';

/** The invitations that nobody has answered yet. */
export async function PendingInvitations({
  orgSlug,
  invitations,
}: {
  orgSlug: string;
  invitations: PendingInvitation[];
}) {
  const [t, c] = [await getTranslations('identity'), await getTranslations('common')];
  const columns: Column<PendingInvitation>[] = [
    {
      key: 'email',
      header: t('members.pendingColumns.email'),
      cell: ({ email }) => <span className="wrap-anywhere">{email}</span>,
    },
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
