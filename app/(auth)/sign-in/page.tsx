import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { type Query, queryTexts } from '#app/_edge/paging.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { TextField } from '#components/form/fields.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { CentredCard } from '#components/layout/centred-card.tsx';
import { Alert } from '#components/ui/alert.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { findViewer } from '#lib/identity/context.ts';
import { safePath } from '#lib/identity/safe-path.ts';
import { signInAction } from './actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('identity'))('signIn.title') };
}

export default async function SignInPage({ searchParams }: { searchParams: Promise<Query> }) {
  const { next, email, opened } = queryTexts(await searchParams);
  const target = safePath(next);
  if ((await findViewer()) !== null) redirect(target ?? '/console');
  const [t, c] = [await getTranslations('identity'), await getTranslations('common')];
  return (
    <CentredCard
      title={t('signIn.title')}
      footer={
        <>
          {t('signIn.noAccount')} <TextLink href="/sign-up">{c('action.signUp')}</TextLink>
        </>
      }
    >
      <ActionForm action={signInAction.bind(null, target)} initial={freshForm()} className="grid gap-4">
        {opened !== undefined && <Alert kind="ok">{t('signIn.afterSignUp')}</Alert>}
        <TextField name="email" type="email" autoComplete="username" label={t('field.email')} defaultValue={email} />
        <TextField name="password" type="password" autoComplete="current-password" label={t('field.password')} />
        <SubmitButton size="lg">{t('signIn.submit')}</SubmitButton>
      </ActionForm>
    </CentredCard>
  );
}
