import 'server-only';
import { Wallet } from 'lucide-react';
import Link from 'next/link';
import { formatUnits } from '#components/format/money.ts';
import type { Ctx } from '#lib/core/context.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { getWallet } from '#lib/ledger/wallet.ts';

/** What an organisation may spend, in the bar of its console, on the way to its wallet. */
export async function WalletSlot({ ctx, orgSlug }: { ctx: Ctx; orgSlug: string }) {
  if (!isPermitted(ctx.actor, 'wallet:read')) return null;
  const t = await getTranslations('overview');
  const { spendableUnits } = await getWallet(ctx);
  const amount = formatUnits(spendableUnits);
  return (
    <Link
      href={`/console/${orgSlug}/wallet`}
      prefetch={false}
      aria-label={t('walletLink', { amount })}
      className="num flex h-8 min-w-0 items-center gap-1.5 rounded-md px-2 text-sm text-ink-2 hover:bg-hover hover:text-ink pointer-coarse:h-11"
    >
      <Wallet aria-hidden className="size-4 shrink-0 max-sm:hidden" />
      <span className="truncate">{amount}</span>
    </Link>
  );
}
