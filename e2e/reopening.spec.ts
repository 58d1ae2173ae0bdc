import { expect, type Page, test } from '@playwright/test';
import { parse } from 'csv-parse/sync';
import { closeOldestMonth } from './support/finance.ts';
import { expectWellMade, LOOKS, lookAt } from './support/looks.ts';
import { issueCredit, newFinance, openInvoice, panelOf, proposeCredit } from './support/two-people.ts';

test.use({ locale: 'en-GB' });
test.describe.configure({ mode: 'serial' });

const REASON = 'the auditors want the correction in this month';
const WORDS = 'agreed with the auditors';

let month = '';
let [fang, ge]: (Page | undefined)[] = [];

const need = (page: Page | undefined): Page => {
  if (!page) throw new Error('nobody is signed in');
  return page;
};

test.beforeAll(async ({ browser }) => {
  month = closeOldestMonth();
  [fang, ge] = [await newFinance(browser), await newFinance(browser)];
});

/** Whether FOCUS says that the month is open or closed. */
async function focusStatus(page: Page): Promise<string | undefined> {
  const file = await page.request.get(`/finance/periods/${month}/exports/focus-1.4-billing-period`);
  const [row]: Record<string, string>[] = parse(await file.text(), { bom: true, columns: true });
  return row?.['BillingPeriodStatus'];
}

test('a closed month is reopened by two people, corrected and closed again', async () => {
  const [asks, agrees] = [need(fang), need(ge)];
  expect(await focusStatus(asks)).toBe('Closed');
  await asks.goto(`/finance/periods/${month}`);
  const panel = panelOf(asks, 'Reopening');
  await expect(panel).toContainText('A correction in the next open month is nearly always better');
  await panel.getByRole('button', { name: 'Ask to reopen' }).click();
  const dialog = asks.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('too short');
  await dialog.getByRole('button', { name: 'Send the request' }).click();
  await expect(dialog.getByLabel('Reason')).toHaveAttribute('aria-invalid', 'true');
  await dialog.getByLabel('Reason').fill(REASON);
  await dialog.getByRole('button', { name: 'Send the request' }).click();
  await expect(dialog).toBeHidden();
  await expect(panel.getByRole('button', { name: 'Withdraw' })).toBeVisible();
  await expect(panel.getByRole('button', { name: 'Agree' })).toHaveCount(0);
  expect(await focusStatus(asks)).toBe('Closed');

  await agrees.goto('/finance/approvals');
  const row = agrees.getByRole('row').filter({ hasText: REASON });
  await row.getByRole('button', { name: 'Agree' }).click();
  await agrees.getByRole('dialog').getByRole('button', { name: 'Agree' }).click();
  await expect(agrees.getByRole('dialog')).toBeHidden();
  await expect(row).toHaveCount(0);
  expect(await focusStatus(asks)).toBe('Open');

  const invoice = await openInvoice(asks, month);
  await proposeCredit(asks, '1.06', WORDS);
  await issueCredit(agrees, WORDS);
  await asks.reload();
  await expect(asks.getByText(`period ${month}`)).toBeVisible();

  await agrees.goto(`/finance/periods/${month}`);
  await expect(agrees.getByText('This month is reopened')).toBeVisible();
  const open = panelOf(agrees, 'Reopening');
  await expect(open).toContainText('1 credit note (¥1.06)');
  await open.getByRole('button', { name: 'Close again' }).click();
  await agrees.getByRole('dialog').getByRole('button', { name: 'Close again' }).click();
  await expect(open.getByText('Closed again')).toBeVisible();
  expect(await focusStatus(asks)).toBe('Closed');

  // What comes after it counts in the month that is open.
  await asks.goto(invoice);
  await proposeCredit(asks, '1.06', 'after the close');
  await issueCredit(agrees, 'after the close');
  await asks.reload();
  await expect(asks.getByText('Counts in')).toBeVisible();
  await expect(asks.getByText(`period ${month}`)).toHaveCount(0);
});

for (const look of LOOKS)
  test(`the period in ${look.locale}, ${look.colorScheme}: accessible, never wider than the window`, async ({
    browser,
  }) => {
    const session = await need(fang).context().storageState();
    await lookAt(browser, { look, session }, async (page) => {
      await page.goto(`/finance/periods/${month}`);
      await expectWellMade(page);
      await page.screenshot({ path: test.info().outputPath(`period-${look.locale}.png`), fullPage: true });
    });
  });
