import { freshForm } from '#app/_edge/fresh-form.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { SelectField, TextField } from '#components/form/fields.tsx';
import { FormDone } from '#components/form/form-done.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { InstantText } from '#components/format/instant-text.tsx';
import { deviceName } from '#components/identity/device-name.ts';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { LOCALES } from '#lib/i18n/locale.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { findViewer } from '#lib/identity/context.ts';
import { readSessionSecret } from '#lib/identity/session-cookie.ts';
import { listSessions } from '#lib/identity/sign-in.ts';
import type { SessionView } from '#lib/identity/types.ts';
import { passwordAction, profileAction, revokeSessionAction } from './actions.ts';
import { PasswordDone } from './password-done.tsx';

async function Profile() {
  const [t, c] = [await getTranslations('identity'), await getTranslations('common')];
  const { name, email, locale } = present(await findViewer(), 'the person of the page');
  const languages = LOCALES.map((value) => ({ value, label: c(`language.${value}`) }));
  return (
    <Panel title={t('settings.profileTitle')} description={t('settings.profileLead')}>
      <ActionForm action={profileAction} initial={freshForm()} className="grid max-w-md gap-4">
        <TextField name="name" label={t('field.name')} defaultValue={name} autoComplete="name" />
        <TextField name="email" label={t('field.email')} defaultValue={email} readOnly autoComplete="username" />
        <SelectField name="locale" label={t('field.language')} options={languages} defaultValue={locale} />
        <FormDone>{t('settings.saved')}</FormDone>
        <SubmitButton className="justify-self-start">{c('action.save')}</SubmitButton>
      </ActionForm>
    </Panel>
  );
}

async function Password() {
  const t = await getTranslations('identity');
  return (
    <Panel title={t('settings.passwordTitle')} description={t('settings.passwordLead')}>
      <ActionForm action={passwordAction} initial={freshForm()} className="grid max-w-md gap-4">
        <TextField
          name="currentPassword"
          type="password"
          label={t('settings.currentPassword')}
          autoComplete="current-password"
        />
        <TextField
          name="newPassword"
          type="password"
          label={t('settings.newPassword')}
          hint={t('field.passwordHint')}
          autoComplete="new-password"
        />
        <PasswordDone />
        <SubmitButton className="justify-self-start">{t('settings.passwordSubmit')}</SubmitButton>
      </ActionForm>
    </Panel>
  );
}

async function Sessions({ ctx }: { ctx: Ctx }) {
  const t = await getTranslations('identity');
  const sessions = await listSessions(ctx, { secret: (await readSessionSecret()) ?? '' });
  const columns: Column<SessionView>[] = [
    {
      key: 'device',
      header: t('settings.sessionColumns.device'),
      cell: ({ userAgent, isThisOne }) => (
        <span className="flex flex-wrap items-center gap-x-2">
          {deviceName(userAgent) ?? t('settings.unknownDevice')}
          {isThisOne && <Badge tone="ok">{t('settings.thisSession')}</Badge>}
        </span>
      ),
    },
    {
      key: 'since',
      header: t('settings.sessionColumns.since'),
      cell: ({ createdAt }) => <InstantText at={createdAt} />,
    },
    {
      key: 'until',
      header: t('settings.sessionColumns.until'),
      isWideOnly: true,
      cell: ({ expiresAt }) => <InstantText at={expiresAt} />,
    },
    {
      key: 'actions',
      header: <span className="sr-only">{t('settings.sessionColumns.actions')}</span>,
      align: 'end',
      cell: ({ id, isThisOne }) =>
        !isThisOne && (
          <ActionForm action={revokeSessionAction} initial={freshForm()}>
            <input type="hidden" name="id" value={id} />
            <SubmitButton size="sm" variant="ghost">
              {t('settings.revokeSession')}
            </SubmitButton>
          </ActionForm>
        ),
    },
  ];
  return (
    <Panel title={t('settings.sessionsTitle')} description={t('settings.sessionsLead')} isFlush>
      <DataTable
        label={t('settings.sessionsTitle')}
        columns={columns}
        rows={sessions}
        rowKey={({ id }) => id}
        empty={null}
      />
    </Panel>
  );
}

/** What everybody looks after of their own account, customers and staff alike. `ctx` is `personPage()`'s. */
export async function AccountSections({ ctx }: { ctx: Ctx }) {
  return (
    <ClientMessages namespaces={['identity']}>
      <Profile />
      <Password />
      <Sessions ctx={ctx} />
    </ClientMessages>
  );
}
