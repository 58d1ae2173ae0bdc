import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { TextField } from '#components/form/fields.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { CentredCard } from '#components/layout/centred-card.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { findViewer } from '#lib/identity/context.ts';
import { signUpAction } from './actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('identity'))('signUp.title') };
}

export default async function SignUpPage() {
  if ((await findViewer()) !== null) redirect('/console');
  const [t, c] = [await getTranslations('identity'), await getTranslations('common')];
  return (
    <CentredCard
      title={t('signUp.title')}
      lead={t('signUp.lead')}
      footer={
        <>
          {t('signUp.haveAccount')} <TextLink href="/sign-in">{c('action.signIn')}</TextLink>
        </>
      }
    >
      <ActionForm action={signUpAction} initial={freshForm()} className="grid gap-4">
        <TextField
          name="organisationName"
          autoComplete="organization"
          label={t('field.organisationName')}
          hint={t('field.organisationHint')}
        />
        <TextField name="name" autoComplete="name" label={t('field.name')} />
        <TextField name="email" type="email" autoComplete="username" label={t('field.email')} />
        <TextField
          name="password"
          type="password"
          autoComplete="new-password"
          label={t('field.password')}
          hint={t('field.passwordHint')}
        />
        <SubmitButton size="lg">{t('signUp.submit')}</SubmitButton>
      </ActionForm>
    </CentredCard>
  );
}
