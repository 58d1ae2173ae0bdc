import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { Api, createApiKey, payIn } from './support/api.ts';
import { passSeconds } from './support/clock.ts';
import { LOOKS, lookAt } from './support/looks.ts';
import { createStaff, signIn, signUp } from './support/people.ts';

test.use({ locale: 'en-GB' });

const HOUR_SECONDS = 3_600;

type State = Awaited<ReturnType<BrowserContext['storageState']>>;

/** A customer who runs a card with an open end and has money for two hours of it, and no more. */
async function poorCustomer(page: Page) {
  const customer = await signUp(page);
  const api = new Api(page.request, await createApiKey(page, customer.slug));
  const wish = { skuId: await api.skuId('810E', 'by-hour'), cards: 1, topology: 'any', startAt: null };
  const response = await api.post('quotes', { ...wish, durationSeconds: null, term: null, imageId: null });
  const { totalUnits } = (await response.json()) as { totalUnits: string };
  const hourFen = (BigInt(totalUnits) + 999_999n) / 1_000_000n;
  const yuan = (fen: bigint): string => `${fen / 100n}.${`${fen % 100n}`.padStart(2, '0')}`;
  payIn(customer.email, yuan(hourFen * 2n));
  await api.book({ ...wish, durationSeconds: null, term: null, imageId: null }, 'arrears');
  return { ...customer, api, yuan, hourFen };
}

test('money that runs out is told of, lent for the grace, stopped, and unfrozen by paying; finance sees all of it', async ({
  page,
  browser,
}) => {
  test.setTimeout(240_000);
  const { slug, email, organisation, yuan, hourFen } = await poorCustomer(page);
  await passSeconds(60);
  await page.goto(`/console/${slug}/wallet`);
  const banner = page.getByRole('alert').filter({ hasText: 'Top up' });
  await expect(banner).toContainText('At this rate the money lasts until');
  await expect(page.getByText('2 h: you go on and are charged as before')).toBeVisible();

  await passSeconds(2 * HOUR_SECONDS);
  await page.goto(`/console/${slug}/wallet`);
  await expect(banner).toContainText('Grace lasts until');
  const state: State = await page.context().storageState();
  for (const look of LOOKS)
    await lookAt(browser, { look, session: state }, [
      `/console/${slug}/wallet`,
      `/console/${slug}/notices`,
      `/console/${slug}/wallet/refunds`,
    ]);

  const staff = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  await signIn(staff, createStaff(['finance']));
  await staff.goto('/finance/arrears?state=grace');
  await expect(staff.getByRole('row').filter({ hasText: organisation })).toContainText('In grace');
  const staffState: State = await staff.context().storageState();
  for (const look of LOOKS)
    await lookAt(browser, { look, session: staffState }, ['/finance/arrears', '/finance/refunds']);

  await passSeconds(3 * HOUR_SECONDS);
  await page.goto(`/console/${slug}/wallet`);
  await expect(banner).toContainText('Paying unfreezes and starts nothing by itself');
  payIn(email, yuan(hourFen * 10n));
  await passSeconds(60);
  await page.goto(`/console/${slug}/notices`);
  await expect(page.getByRole('main').getByRole('listitem').first()).toContainText('What was owed is paid');
  await expect(banner).toHaveCount(0);
  await page.getByRole('button', { name: 'Mark all as read' }).click();
  await expect(page.getByText('unread')).toHaveCount(0);
});

test('unspent money is asked back and paid by finance', async ({ page, browser }) => {
  const { email, slug, organisation } = await signUp(page);
  payIn(email, '500.00');
  await page.goto(`/console/${slug}/wallet/refunds`);
  await expect(page.getByText('¥500.00').first()).toBeVisible();
  await page.getByLabel('Amount (yuan)').fill('600');
  await page.getByLabel('Bank', { exact: true }).fill('Bank of Examples');
  await page.getByLabel('Account number').fill('6222 0000 1234');
  await page.getByLabel('Reason').fill('The project is over');
  await page.getByRole('button', { name: 'Ask for the refund' }).click();
  await expect(page.getByText('At most ¥500.00 can go back this way.')).toBeVisible();
  await page.getByLabel('Amount (yuan)').fill('200');
  await page.getByRole('button', { name: 'Ask for the refund' }).click();
  await expect(page.getByRole('row').filter({ hasText: '¥200.00' })).toContainText('Waits for approval');

  const finance = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  await signIn(finance, createStaff(['finance']));
  await finance.goto('/finance/refunds');
  const row = finance.getByRole('row').filter({ hasText: organisation });
  await row.getByRole('button', { name: 'Approve' }).click();
  await row.getByRole('button', { name: 'Record the payment' }).click();
  const dialog = finance.getByRole('dialog');
  await dialog.getByLabel('Bank reference').fill(`OUT-${slug}`);
  await dialog.getByRole('button', { name: 'Record the payment' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(row).toHaveCount(0);
  await page.goto(`/console/${slug}/wallet/refunds`);
  await expect(page.getByRole('row').filter({ hasText: '¥200.00' })).toContainText('Paid');
  await page.goto(`/console/${slug}/notices`);
  await expect(page.getByRole('main').getByRole('listitem').first()).toContainText(`bank reference OUT-${slug}`);
});
