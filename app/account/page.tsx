import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { personPage, staffPage } from '#app/_edge/access.ts';
import { StaffShell, staffConsolesOf } from '#app/_edge/shell.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { findViewer } from '#lib/identity/context.ts';
import { AccountSections } from './account-sections.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('identity'))('settings.accountTitle') };
}

/** The account of staff. Customers have theirs among the settings of an organisation. */
export default async function AccountPage() {
  const ctx = await personPage();
  if ((await findViewer())?.kind !== 'staff') redirect('/console');
  const staff = await staffPage('account:manageOwn');
  const t = await getTranslations('identity');
  return (
    <StaffShell ctx={staff} console={staffConsolesOf(staff)[0] ?? 'ops'}>
      <PageHeader title={t('settings.accountTitle')} />
      <div className="grid max-w-4xl gap-6">
        <AccountSections ctx={ctx} />
      </div>
    </StaffShell>
  );
}
