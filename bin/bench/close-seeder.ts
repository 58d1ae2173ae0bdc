// Writes a month of charges when its parent says so, so that the process that closes it is as fresh as one that did not.
import { type ChargedMonth, seedChargedMonth } from '#lib/billing/testing-month.ts';
import { openDatabase } from '#lib/platform/db.ts';

export type SeedOrder = { readonly url: string; readonly wish: ChargedMonth };

process.once('message', async ({ url, wish }: SeedOrder) => {
  openDatabase(url, 5);
  await seedChargedMonth(url, wish);
  process.send?.('done', () => process.exit(0));
});
process.once('disconnect', () => process.exit(1));
