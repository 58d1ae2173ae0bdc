import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { expect, type Page } from '@playwright/test';
import { readBooks } from './api.ts';

/** A bank reference that no line has. */
export function freshReference(): string {
  return `E2E${randomBytes(6).toString('hex').toUpperCase()}`;
}

/** Announces a transfer as the owner of an organisation; answers the payment and the code to write on it. */
export function announce(ownerEmail: string, yuan: string): { readonly paymentId: string; readonly code: string } {
  const script = path.resolve('e2e/support/announce-transfer.ts');
  const args = ['--conditions=react-server', script, ownerEmail, yuan];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}

/** What an organisation's wallet holds, in 1e-8 yuan. */
export function walletOf(slug: string): bigint {
  const { balances } = readBooks(slug) as { balances: readonly [string, string][] | null };
  return BigInt(balances?.find(([account]) => account.startsWith('wallet:'))?.[1] ?? '0');
}

export type Receipt = {
  readonly reference: string;
  readonly yuan: string;
  readonly payer: string;
  readonly remark: string;
};

/** Records a line of the bank statement through the form, received at the business time of the page. */
export async function recordReceipt(page: Page, { reference, yuan, payer, remark }: Receipt): Promise<void> {
  await page.goto('/finance/transfers');
  await page.getByRole('button', { name: 'Record one' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Bank reference').fill(reference);
  await dialog.getByLabel('Amount').fill(yuan);
  await dialog.getByLabel('Payer').fill(payer);
  await dialog.getByLabel('Remark').fill(remark);
  await dialog.getByRole('button', { name: 'Record into suspense' }).click();
  await expect(dialog).toBeHidden();
}
