import type { Metadata } from 'next';
import { memberPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { TextField } from '#components/form/fields.tsx';
import type { FormAction } from '#components/form/form-state.ts';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import type { Payment } from '#lib/payments/types.ts';
import { environment } from '#lib/platform/environment.ts';
import { announceAction, sandboxAction } from '../actions.ts';

type Props = { params: Promise<{ orgSlug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('wallet'))('topUp.title') };
}

async function AmountForm({
  action,
  submit,
  isQuiet = false,
}: {
  action: FormAction<Payment>;
  submit: string;
  isQuiet?: boolean;
}) {
  const t = await getTranslations('wallet');
  return (
    <ActionForm action={action} initial={freshForm()} className="mt-5 grid max-w-xs gap-4">
      <TextField
        name="amountYuan"
        label={t('topUp.amount')}
        hint={t('topUp.amountHint')}
        inputMode="decimal"
        autoComplete="off"
      />
      <SubmitButton variant={isQuiet ? 'secondary' : 'primary'} className="justify-self-start">
        {submit}
      </SubmitButton>
    </ActionForm>
  );
}

export default async function TopUpPage({ params }: Props) {
  const { orgSlug } = await params;
  await memberPage(orgSlug, 'payment:create');
  const t = await getTranslations('wallet');
  const base = `/console/${orgSlug}/wallet`;
  return (
    <>
      <PageHeader
        breadcrumbs={<Breadcrumbs label={t('title')} crumbs={[{ label: t('title'), href: base }]} />}
        title={t('topUp.title')}
        description={t('topUp.description')}
      />
      <div className="grid max-w-5xl items-start gap-6 lg:grid-cols-2">
        <Panel title={t('topUp.bankTitle')}>
          <p className="text-sm text-ink-2">{t('topUp.bankText')}</p>
          <AmountForm action={announceAction.bind(null, orgSlug)} submit={t('topUp.bankSubmit')} />
        </Panel>
        {environment().hasSandboxPayments && (
          <Panel
            title={t('topUp.sandboxTitle')}
            actions={<Badge tone="warn">{t('topUp.sandboxBadge')}</Badge>}
            className="border-dashed"
          >
            <p className="text-sm text-ink-2">{t('topUp.sandboxText')}</p>
            <AmountForm action={sandboxAction.bind(null, orgSlug)} submit={t('topUp.sandboxSubmit')} isQuiet />
          </Panel>
        )}
      </div>
    </>
  );
}
