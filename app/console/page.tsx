import { ChevronRight } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { redirect } from 'next/navigation';
import { personPage } from '#app/_edge/access.ts';
import { type Query, queryTexts } from '#app/_edge/paging.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { requestTheme } from '#app/_edge/preferences.ts';
import { setLocaleAction, signOutAction } from '#app/_edge/session-actions.ts';
import { staffConsolesOf } from '#app/_edge/shell.tsx';
import { ActionForm } from '#components/form/action-form.tsx';
import { TextField } from '#components/form/fields.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { CentredCard } from '#components/layout/centred-card.tsx';
import { PublicShell } from '#components/layout/public-shell.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { findViewer, staffCtx } from '#lib/identity/context.ts';
import { listMyOrganisations } from '#lib/identity/organisations.ts';
import type { OwnOrganisation } from '#lib/identity/types.ts';
import { createOrganisationAction } from './actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('identity'))('choose.title') };
}

async function OrganisationList({ organisations }: { organisations: readonly OwnOrganisation[] }) {
  const t = await getTranslations('common');
  return (
    <ul className="-mx-2 mb-6 grid gap-0.5 border-b border-line pb-6">
      {organisations.map(({ slug, name, role }) => (
        <li key={slug}>
          <Link href={`/console/${slug}`} className="flex items-center gap-3 rounded-md px-2 py-2 hover:bg-hover">
            <span className="min-w-0 flex-1 truncate font-medium">{name}</span>
            <Badge hasIcon={false}>{t(`role.${role}`)}</Badge>
            <ChevronRight aria-hidden className="size-4 text-ink-3" />
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** The door to the consoles: goes straight in where there is no choice, and founds organisations. */
export default async function ChoosePage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await personPage();
  if ((await findViewer())?.kind === 'staff') redirect(`/${staffConsolesOf(await staffCtx())[0] ?? 'account'}`);
  const organisations = await listMyOrganisations(ctx);
  const isNew = queryTexts(await searchParams)['new'] !== undefined;
  const [only] = organisations;
  if (only && organisations.length === 1 && !isNew) redirect(`/console/${only.slug}`);
  const [t, c] = [await getTranslations('identity'), await getTranslations('common')];
  const isEmpty = organisations.length === 0;
  return (
    <PublicShell
      theme={await requestTheme()}
      setLocale={setLocaleAction}
      actions={
        <form action={signOutAction}>
          <Button type="submit" variant="ghost">
            {c('action.signOut')}
          </Button>
        </form>
      }
    >
      <CentredCard
        title={isEmpty ? t('choose.emptyTitle') : t('choose.title')}
        lead={isEmpty ? t('choose.emptyText') : undefined}
      >
        {!isEmpty && <OrganisationList organisations={organisations} />}
        <h2 className="text-base">{t('choose.createTitle')}</h2>
        <p className="mb-4 text-sm text-ink-2">{t('choose.createLead')}</p>
        <ActionForm action={createOrganisationAction} initial={freshForm()} className="grid gap-4">
          <TextField name="name" label={t('field.organisationName')} autoComplete="organization" />
          <SubmitButton>{t('choose.createSubmit')}</SubmitButton>
        </ActionForm>
      </CentredCard>
    </PublicShell>
  );
}
