import { expect, type Page, test } from '@playwright/test';
import { expectRefused } from './support/api.ts';
import { passSeconds } from './support/clock.ts';
import { expectWellMade, LOOKS, lookAt } from './support/looks.ts';
import { newBuyer } from './support/market.ts';
import { walletOf } from './support/receipts.ts';
import { newFinance, panelOf } from './support/two-people.ts';

test.use({ locale: 'en-GB' });

test('a month is refunded in full within its days, once for a product, and the page says so in both languages', async ({
  browser,
}) => {
  const { page, slug, api } = await newBuyer(browser, '1000000');
  const before = walletOf(slug);
  const skuId = await api.skuId('810E', 'by-card');
  const id = await api.book({ skuId, cards: 2, term: 'month' }, 'changed my mind');
  const second = await api.book({ skuId, cards: 1, term: 'month' }, 'second');
  const paid = walletOf(slug);
  await passSeconds(2.5 * 3_600);
  const session = await page.context().storageState();
  for (const look of LOOKS)
    await lookAt(browser, { look, session }, async (own) => {
      await own.goto(`/console/${slug}/reservations/${id}/refund`);
      await expectWellMade(own);
      const width = own.viewportSize()?.width ?? 0;
      await own.screenshot({ path: `test-results/refund-${look.locale}-${width}.png`, fullPage: true });
    });
  const preview = (await (await api.get(`reservations/${id}/refund`)).json()) as Record<string, unknown>;
  expect(preview).toMatchObject({ windowDays: 5, vouchers: [], walletUnits: preview['backUnits'] });
  await page.goto(`/console/${slug}/reservations/${id}`);
  await page.getByRole('link', { name: 'Full refund' }).click();
  await page.getByRole('button', { name: /^Refund in full · ¥[\d,.]+ back$/ }).click();
  await expect(page).toHaveURL(new RegExp(`/reservations/${id}$`));
  await expect(page.getByText(/^Refunded in full: the ¥/)).toBeVisible();
  await expect.poll(() => walletOf(slug)).toBe(paid + BigInt(`${preview['backUnits']}`));
  expect(before).toBeGreaterThan(paid);
  await page.goto(`/console/${slug}/notices`);
  await expect(page.getByText('Term refunded in full')).toBeVisible();
  await expectRefused(await api.post(`reservations/${second}/refund`, {}), 409, 'refundUsedBefore');
  await page.goto(`/console/${slug}/reservations/${second}/refund`);
  await expect(page.getByRole('alert').filter({ hasText: 'once for each product' })).toBeVisible();
});

/** The panel of the rule on the page of refunds. */
const rule = (page: Page) => panelOf(page, 'The rule for full refunds of terms');

test('finance changes the rule with two people', async ({ browser }) => {
  const [one, two] = [await newFinance(browser), await newFinance(browser)];
  await one.goto('/finance/refunds');
  await expect(rule(one)).toContainText('within 5 times 24 hours');
  await one.getByRole('button', { name: 'Change the rule' }).click();
  const dialog = one.getByRole('dialog');
  await dialog.getByLabel('Days').fill('7');
  await dialog.getByLabel('Reason').fill('Autumn offer');
  await dialog.getByRole('button', { name: 'Propose it' }).click();
  await expect(dialog).toBeHidden();
  await expect(rule(one)).toContainText('Autumn offer');
  await rule(one).getByRole('button', { name: 'Approve' }).click();
  await expect(one.getByRole('alert').filter({ hasText: 'does not approve it' })).toBeVisible();
  await two.goto('/finance/refunds');
  await rule(two).getByRole('button', { name: 'Approve' }).click();
  await expect(rule(two)).toContainText('within 7 times 24 hours');
});
