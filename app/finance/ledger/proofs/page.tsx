import type { Metadata } from 'next';
import { staffPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { LedgerHeader } from '#components/ledger/ledger-header.tsx';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { proveAction } from './actions.ts';
import { ProofResults } from './proof-results.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('ledger'))('proof.title') };
}

export default async function ProofsPage() {
  await staffPage('ledger:prove');
  return (
    <ClientMessages namespaces={['ledger']}>
      <LedgerHeader current="proofs" />
      <ActionForm action={proveAction} initial={freshForm()} className="grid gap-4">
        <ProofResults />
      </ActionForm>
    </ClientMessages>
  );
}
