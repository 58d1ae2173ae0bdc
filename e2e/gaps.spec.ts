import { expect, type Page, test } from '@playwright/test';
import { whileAltered } from './support/altering.ts';
import { LOOKS, lookAt, type Session } from './support/looks.ts';
import { createStaff, signIn } from './support/people.ts';
import { newFinance } from './support/two-people.ts';
import pg from 'pg';

test.use({ locale: 'en-GB' });
test.describe.configure({ mode: 'serial' });

let finance: Page | undefined;
const need = (page: Page | undefined): Page => {
  if (!page) throw new Error('nobody is signed in');
  return page;
};

test.beforeAll(async ({ browser }) => {
  finance = await newFinance(browser);
});

/** An allocation that is over for good, with the month in which it ended. */
async function endedAllocation(): Promise<{ id: string; month: string }> {
  const client = new pg.Client({ connectionString: process.env['DATABASE_URL'] });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string; month: string }>(`
      SELECT a.id, shanghai_month(a.end_at) AS month FROM allocation a JOIN reservation r ON r.id = a.reservation_id
      WHERE r.settled_at IS NOT NULL AND a.end_at > a.start_at AND shanghai_month(a.end_at + interval '3 hours') = shanghai_month(a.end_at)
        AND NOT EXISTS (SELECT FROM allocation o WHERE o.card_id = a.card_id AND o.start_at >= a.end_at AND o.start_at < a.end_at + interval '3 hours')
      ORDER BY a.end_at DESC LIMIT 1`);
    const [row] = rows;
    if (!row) throw new Error('nothing has ended');
    return row;
  } finally {
    await client.end();
  }
}

test('hours that nobody charged are found, and can be charged or waived', async () => {
  const page = need(finance);
  const { id, month } = await endedAllocation();
  await whileAltered(
    { table: 'allocation', set: `end_at = end_at + interval '2 hours'`, where: `id = '${id}'` },
    async () => {
      await page.goto(`/finance/periods/${month}/gaps`);
      const row = page.getByRole('row').filter({ hasText: id }).first();
      await expect(row).toBeVisible();
      await row.getByRole('button', { name: 'Propose a waiver' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Reason').fill('no');
      await dialog.getByRole('button', { name: 'Send for approval' }).click();
      await expect(dialog.getByLabel('Reason')).toHaveAttribute('aria-invalid', 'true');
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await expect(dialog).toBeHidden();
      await row.getByRole('button', { name: 'Charge' }).click();
      await expect(page.getByRole('dialog')).toContainText('The amount follows from the evidence');
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
      await expect(page.getByRole('dialog')).toBeHidden();
    },
  );
  await page.reload();
  await expect(page.getByRole('row').filter({ hasText: id })).toHaveCount(0);
});

test('a provider’s statement is imported once and held against what was settled', async () => {
  const page = need(finance);
  const heading = 'id,Type,Source,Amount,Fee,Net,Currency,Created (UTC),client_reference_id';
  const rows = `txn_e2e_1,charge,ch_1,12.00,0.10,11.90,cny,2026-01-05 06:00,pay_06unknown\ntxn_e2e_2,payout,po_1,-11.90,0.00,-11.90,cny,2026-01-06 06:00,`;
  const choose = async () => {
    await page.goto('/finance/settlements');
    const file = { name: 'january.csv', mimeType: 'text/csv', buffer: Buffer.from(`${heading}\n${rows}\n`) };
    await page.getByLabel('File', { exact: true }).setInputFiles(file);
    await page.getByRole('button', { name: 'Import' }).click();
  };
  await choose();
  await expect(page).toHaveURL(/\/finance\/settlements\/stf_/);
  await expect(page.getByRole('row').filter({ hasText: 'txn_e2e_1' })).toContainText('Missing here');
  await expect(page.getByRole('row').filter({ hasText: 'txn_e2e_2' })).toContainText('Noted');
  await choose();
  await expect(page.getByText('This file was imported before.')).toBeVisible();
});

for (const look of LOOKS)
  test(`the pages of hours left out and of settlements look right: ${look.locale}`, async ({ browser }) => {
    const page = need(finance);
    const month = (await endedAllocation()).month;
    const session: Session = await page.context().storageState();
    await page.goto('/finance/settlements');
    const statement = (await page.getByRole('link', { name: 'january.csv' }).getAttribute('href')) ?? '';
    await lookAt(browser, { look, session }, [
      `/finance/periods/${month}/gaps`,
      '/finance/approvals',
      '/finance/arrears',
      '/finance/settlements',
      statement,
    ]);
    const ops = await (await browser.newContext({ locale: 'en-GB' })).newPage();
    await signIn(ops, createStaff(['ops']));
    await expect(ops).toHaveURL('/ops');
    await lookAt(browser, { look, session: await ops.context().storageState() }, ['/ops/late-evidence']);
  });
