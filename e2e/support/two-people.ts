import { type Browser, expect, type Page } from '@playwright/test';
import { createStaff, signIn } from './people.ts';

/** A finance person of one's own, signed in, in English. */
export async function newFinance(browser: Browser): Promise<Page> {
  const page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  await signIn(page, createStaff(['finance']));
  await expect(page).toHaveURL('/finance');
  return page;
}

/** The part of a page under a heading. */
export const panelOf = (page: Page, title: string) =>
  page.locator('section').filter({ has: page.getByRole('heading', { name: title, exact: true, level: 2 }) });

/** Opens an invoice of the demo's customer Xingtu of a month; answers its address. */
export async function openInvoice(page: Page, month: string): Promise<string> {
  await page.goto(`/finance/invoices?month=${month}`);
  await page.getByRole('row').filter({ hasText: '星图智能' }).getByRole('link').click();
  await expect(page.getByRole('link', { name: 'Download PDF' })).toBeVisible();
  return new URL(page.url()).pathname;
}

/** Proposes a credit note of so many yuan off the first line of the invoice on the page; ends on the note's page. */
export async function proposeCredit(page: Page, yuan: string, words: string): Promise<void> {
  await page.getByRole('link', { name: 'Propose a credit note' }).click();
  await page.getByLabel('Reason').selectOption({ label: 'Product unsatisfactory' });
  await page.getByLabel('In words').fill(words);
  await page.getByLabel(/^Line 1:/).fill(yuan);
  await page.getByRole('button', { name: 'Send for approval' }).click();
  await expect(page).toHaveURL(/\/credit-notes\/crn_/);
}

/** Issues the note with these words among those that wait. */
export async function issueCredit(page: Page, words: string): Promise<void> {
  await page.goto('/finance/approvals');
  const row = page.getByRole('row').filter({ hasText: words });
  await row.getByRole('button', { name: /^Issue/ }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Issue/ })
    .click();
  // What lies behind an open dialog is in nobody's tree: the dialog goes first, when it is done.
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(row).toHaveCount(0);
}
