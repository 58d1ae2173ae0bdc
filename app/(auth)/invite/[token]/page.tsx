import type { Metadata } from 'next';
import Link from 'next/link';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { signOutAction } from '#app/_edge/session-actions.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { TextField } from '#components/form/fields.tsx';
import { RefusalAlert } from '#components/form/form-error.tsx';
import { refusalText } from '#components/form/refusal-text.ts';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { formatInstant } from '#components/format/instant.ts';
import { CentredCard } from '#components/layout/centred-card.tsx';
import { Button, buttonClass } from '#components/ui/button.tsx';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { findViewer, visitorCtx } from '#lib/identity/context.ts';
import { findInvitation } from '#lib/identity/invitations.ts';
import type { InvitationView } from '#lib/identity/types.ts';
import { acceptAction, signUpInvitedAction } from './actions.ts';

export const metadata: Metadata = { robots: 'noindex', referrer: 'no-referrer' };

/** What there is to do depends on who has the link open: a member to be, a stranger, or somebody else. */
async function Answer({ token, invitation }: { token: string; invitation: InvitationView }) {
  const t = await getTranslations('identity');
  const c = await getTranslations('common');
  const { email, hasAccount } = invitation;
  const viewer = await findViewer();
  if (viewer?.email === email) {
    return (
      <ActionForm action={acceptAction.bind(null, token)} initial={freshForm()} className="grid gap-4">
        <SubmitButton size="lg">{t('invite.accept')}</SubmitButton>
      </ActionForm>
    );
  }
  if (viewer !== null) {
    return (
      <form action={signOutAction} className="grid gap-4">
        <p>{t('invite.otherAccount', { current: viewer.email, email })}</p>
        <Button type="submit">{c('action.signOut')}</Button>
      </form>
    );
  }
  if (hasAccount) {
    return (
      <div className="grid gap-4">
        <p>{t('invite.signInLead', { email })}</p>
        <Link
          href={`/sign-in?${new URLSearchParams({ next: `/invite/${token}`, email })}`}
          className={buttonClass({ variant: 'primary', size: 'lg' })}
        >
          {c('action.signIn')}
        </Link>
      </div>
    );
  }
  return (
    <ActionForm action={signUpInvitedAction.bind(null, token)} initial={freshForm()} className="grid gap-4">
      <p className="text-sm text-ink-2">{t('invite.signUpLead', { email })}</p>
      <input type="hidden" autoComplete="username" value={email} />
      <TextField name="name" autoComplete="name" label={t('field.name')} />
      <TextField
        name="password"
        type="password"
        autoComplete="new-password"
        label={t('field.password')}
        hint={t('field.passwordHint')}
      />
      <SubmitButton size="lg">{t('invite.signUpSubmit')}</SubmitButton>
    </ActionForm>
  );
}

export default async function InvitePage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const found = await findInvitation(await visitorCtx(), { token });
  const t = await getTranslations('identity');
  if (!found.ok) {
    return (
      <CentredCard title={t('invite.brokenTitle')}>
        <RefusalAlert refusal={refusalText(await requestLocale(), found.refusal)} />
      </CentredCard>
    );
  }
  const c = await getTranslations('common');
  const { organisationName, role, expiresAt } = found.value;
  return (
    <CentredCard
      title={t('invite.title', { organisation: organisationName })}
      lead={t('invite.lead', { role: c(`role.${role}`), expires: formatInstant(expiresAt) })}
    >
      <Answer token={token} invitation={found.value} />
    </CentredCard>
  );
}
