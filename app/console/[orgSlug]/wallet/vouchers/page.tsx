import { Ticket } from 'lucide-react';
import type { Metadata } from 'next';
import { memberPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { DataTable } from '#components/table/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { scopeNames } from '#components/vouchers/scope-text.ts';
import { ownColumns } from '#components/vouchers/voucher-columns.tsx';
import { listSkus } from '#lib/catalog/service.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { listVouchers } from '#lib/vouchers/own.ts';
import { WalletHeader } from '../wallet-header.tsx';
import { redeemAction } from './actions.ts';
import { RedeemDialog } from './redeem-dialog.tsx';

type Props = { params: Promise<{ orgSlug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('vouchers'))('own.title') };
}

export default async function VouchersPage({ params }: Props) {
  const { orgSlug } = await params;
  const ctx = await memberPage(orgSlug, 'voucher:read');
  const t = await getTranslations('vouchers');
  const [vouchers, skus] = await Promise.all([listVouchers(ctx), listSkus(ctx)]);
  const names = scopeNames(skus, await requestLocale());
  const canRedeem = isPermitted(ctx.actor, 'voucher:redeem');
  return (
    <ClientMessages namespaces={['vouchers']}>
      <WalletHeader ctx={ctx} base={`/console/${orgSlug}/wallet`} chosen="vouchers" />
      <div className="mb-3 flex flex-wrap items-start justify-between gap-4">
        <p className="max-w-prose text-sm text-ink-2">
          {canRedeem ? t('own.lead') : `${t('own.lead')} ${t('own.ask')}`}
        </p>
        {canRedeem && <RedeemDialog action={redeemAction.bind(null, orgSlug)} initial={freshForm()} />}
      </div>
      <Panel isFlush>
        <DataTable
          label={t('own.title')}
          columns={await ownColumns(names)}
          rows={vouchers}
          rowKey={({ grantId }) => grantId}
          empty={<EmptyState Icon={Ticket} title={t('own.empty')} text={t('own.emptyText')} />}
        />
      </Panel>
    </ClientMessages>
  );
}
