import type { Metadata } from 'next';
import { memberPage, personPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { AccountSections } from '#app/account/account-sections.tsx';
import { ActionForm } from '#components/form/action-form.tsx';
import { TextField } from '#components/form/fields.tsx';
import { FormDone } from '#components/form/form-done.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { DateText } from '#components/format/instant-text.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { DefinitionList } from '#components/ui/definition-list.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { getOrganisation } from '#lib/identity/organisations.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import type { Organisation } from '#lib/identity/types.ts';
import { renameAction } from './actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('identity'))('settings.title') };
}

async function OrganisationPanel({ organisation, canChange }: { organisation: Organisation; canChange: boolean }) {
  const [t, c] = [await getTranslations('identity'), await getTranslations('common')];
  const { slug, name, createdAt } = organisation;
  return (
    <Panel
      title={t('settings.organisationTitle')}
      description={canChange ? t('settings.organisationLead') : t('settings.readOnly')}
    >
      <div className="grid max-w-md gap-5">
        {canChange && (
          <ActionForm action={renameAction.bind(null, slug)} initial={freshForm()} className="grid gap-4">
            <TextField
              name="name"
              label={t('field.organisationName')}
              defaultValue={name}
              autoComplete="organization"
            />
            <FormDone>{t('settings.saved')}</FormDone>
            <SubmitButton className="justify-self-start">{c('action.save')}</SubmitButton>
          </ActionForm>
        )}
        <DefinitionList
          items={[
            ...(canChange ? [] : [{ term: t('field.organisationName'), value: name }]),
            { term: t('settings.address'), value: <code>/console/{slug}</code> },
            { term: t('settings.founded'), value: <DateText at={createdAt} /> },
          ]}
        />
      </div>
    </Panel>
  );
}

export default async function SettingsPage({ params }: { params: Promise<{ orgSlug: string }> }) {
  const { orgSlug } = await params;
  const ctx = await memberPage(orgSlug, 'organisation:read');
  const t = await getTranslations('identity');
  return (
    <>
      <PageHeader title={t('settings.title')} />
      <div className="grid max-w-4xl gap-6">
        <OrganisationPanel
          organisation={await getOrganisation(ctx)}
          canChange={isPermitted(ctx.actor, 'organisation:change')}
        />
        <h2 className="mt-2 text-lg">{t('settings.accountTitle')}</h2>
        <AccountSections ctx={await personPage()} />
      </div>
    </>
  );
}
