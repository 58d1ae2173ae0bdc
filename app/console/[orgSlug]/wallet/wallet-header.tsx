import { Plus } from 'lucide-react';
import Link from 'next/link';
import { formatFen, formatUnitsExact } from '#components/format/money.ts';
import { Money } from '#components/format/money-text.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { Alert } from '#components/ui/alert.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { TabLinks } from '#components/ui/tabs.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { TenantCtx } from '#lib/core/context.ts';
import { fen } from '#lib/core/money.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { getSpendingWallet } from '#lib/billing/spending.ts';
import { listOpenPayments } from '#lib/payments/top-ups.ts';

/** Transfers that were announced and have not arrived, with the way to their details. */
async function WaitingTransfers({ ctx, base }: { ctx: TenantCtx; base: string }) {
  const t = await getTranslations('wallet');
  const open = await listOpenPayments(ctx);
  const [newest] = open;
  if (newest === undefined) return null;
  const amount = formatFen(fen(open.reduce((sum, { amountFen }) => sum + amountFen, 0n)));
  return (
    <Alert className="mb-6">
      {t('waiting', { count: open.length, amount })}{' '}
      <TextLink href={open.length === 1 ? `${base}/payments/${newest.id}` : `${base}/payments`}>
        {t('waitingLink')}
      </TextLink>
    </Alert>
  );
}

/** What every page of the wallet begins with: the balance, what waits, and the two lists. */
export async function WalletHeader({
  ctx,
  base,
  chosen,
}: {
  ctx: TenantCtx;
  base: string;
  chosen: 'statement' | 'payments' | 'vouchers' | 'refunds';
}) {
  const t = await getTranslations('wallet');
  const wallet = await getSpendingWallet(ctx);
  const canPay = isPermitted(ctx.actor, 'payment:create');
  return (
    <>
      <PageHeader
        title={t('title')}
        description={canPay ? t('description') : `${t('description')} ${t('readOnly')}`}
        badge={<LiveRefresh topics={['reservations', 'usage', 'clock-stepped']} at={ctx.now} />}
        actions={
          canPay && (
            <Link href={`${base}/top-up`} className={buttonClass({ variant: 'primary' })}>
              <Plus aria-hidden />
              {t('topUp.action')}
            </Link>
          )
        }
      />
      <StatRow className="mb-6">
        <Stat
          label={t('spendable')}
          value={<Money units={wallet.spendableUnits} />}
          note={t('spendableNote', { amount: formatUnitsExact(wallet.spendableUnits) })}
        />
        <Stat label={t('held')} value={<Money units={wallet.heldUnits} />} note={t('heldNote')} />
        <Stat label={t('committed')} value={<Money units={wallet.committedUnits} />} note={t('committedNote')} />
        <Stat
          label={t('burn')}
          value={<Money units={wallet.burnUnitsPerHour} />}
          note={wallet.burnUnitsPerHour > 0n ? t('burnNote') : t('burnNone')}
        />
      </StatRow>
      <WaitingTransfers ctx={ctx} base={base} />
      <div className="mb-4">
        <TabLinks
          label={t('tabs.label')}
          links={[
            { href: base, label: t('tabs.statement'), isChosen: chosen === 'statement' },
            { href: `${base}/payments`, label: t('tabs.payments'), isChosen: chosen === 'payments' },
            { href: `${base}/vouchers`, label: t('tabs.vouchers'), isChosen: chosen === 'vouchers' },
            { href: `${base}/refunds`, label: t('tabs.refunds'), isChosen: chosen === 'refunds' },
          ]}
        />
      </div>
    </>
  );
}
