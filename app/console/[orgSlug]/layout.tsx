import type { ReactNode } from 'react';
import { memberPage } from '#app/_edge/access.ts';
import { ArrearsBanner } from '#app/_edge/arrears-banner.tsx';
import { ConsoleShell } from '#app/_edge/shell.tsx';
import { WalletSlot } from '#app/_edge/wallet-slot.tsx';

type Props = { params: Promise<{ orgSlug: string }>; children: ReactNode };

export default async function ConsoleLayout({ params, children }: Props) {
  const { orgSlug } = await params;
  const ctx = await memberPage(orgSlug, 'organisation:read');
  return (
    <ConsoleShell ctx={ctx} orgSlug={orgSlug} walletSlot={<WalletSlot ctx={ctx} orgSlug={orgSlug} />}>
      <ArrearsBanner ctx={ctx} orgSlug={orgSlug} />
      {children}
    </ConsoleShell>
  );
}
