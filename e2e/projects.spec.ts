import { expect, type Page, test } from '@playwright/test';
import { freshKey } from './support/api.ts';
import { passSeconds } from './support/clock.ts';
import { LOOKS, lookAt } from './support/looks.ts';
import { askQuote, confirmQuote, newBuyer, openBooking } from './support/market.ts';
import { createStaff, signIn } from './support/people.ts';

test.use({ locale: 'en-GB' });

/** Fills the dialog of a project that stands open, and saves it. */
async function saveProject(page: Page, fields: { name?: string; quota?: string; limit?: string; state?: string }) {
  const dialog = page.getByRole('dialog');
  if (fields.name !== undefined) await dialog.getByLabel('Name').fill(fields.name);
  if (fields.quota !== undefined) await dialog.getByLabel(/Card quota/).fill(fields.quota);
  if (fields.limit !== undefined) await dialog.getByLabel(/Monthly spending limit/).fill(fields.limit);
  if (fields.state !== undefined) await dialog.getByLabel('State').selectOption({ label: fields.state });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
}

test('a booking for a project keeps to its quota and limit, and is found under it', async ({ browser }) => {
  const buyer = await newBuyer(browser, '100000');
  const { page, slug, api } = buyer;
  const base = `/console/${slug}`;
  const row = page.getByRole('row', { name: /vision/ });

  await test.step('a project has a quota and a limit', async () => {
    await page.goto(`${base}/projects`);
    await page.getByRole('button', { name: 'New project' }).click();
    await saveProject(page, { name: 'vision', quota: '8', limit: '1000' });
    await expect(row).toContainText('8');
  });

  await test.step('it is chosen on the booking page, which remembers it, and goes along to the quote', async () => {
    await openBooking(buyer, { cards: '8', hours: '2' });
    await page.getByLabel('Project').selectOption({ label: 'vision' });
    await expect(page).toHaveURL(/project=prj_/);
    await page.reload();
    await expect(page.getByLabel('Project').locator('option:checked')).toHaveText('vision');
    await askQuote(buyer);
    await expect(page.getByText('vision', { exact: true })).toBeVisible();
    await expect(page.getByText(/"projectId":"prj_/)).toBeVisible();
    await confirmQuote(buyer, 'first run');
    await expect(page.getByText('vision', { exact: true })).toBeVisible();
  });

  await test.step('beyond the quota it is refused, with the way on without the project', async () => {
    await page.goto(`${base}/projects`);
    const link = await page.getByRole('link', { name: 'vision' }).getAttribute('href');
    const id = new URL(link ?? '', 'http://kashi').searchParams.get('project') ?? '';
    await openBooking(buyer, { cards: '1', hours: '2', project: id });
    await askQuote(buyer);
    await page.getByRole('button', { name: /^Confirm reservation/ }).click();
    await expect(page.getByText(/exceeds the project’s quota: at most 8 cards, 8 in use/)).toBeVisible();
    await page.getByRole('link', { name: 'Without a project' }).click();
    await expect(page.getByLabel('Project').locator('option:checked')).toHaveText('No project');
    const { rows } = (await (await api.get('projects')).json()) as { rows: { id: string; cardsInUse: number }[] };
    expect(rows).toMatchObject([{ id, cardsInUse: 8 }]);
    const quote = await api.post('quotes', {
      skuId: await api.skuId('810E', 'by-hour'),
      cards: 1,
      durationSeconds: 60,
    });
    const { id: quoteId } = (await quote.json()) as { id: string };
    const refused = await api.post('reservations', { quoteId, name: 'over', projectId: id }, freshKey());
    expect(((await refused.json()) as { error: { code: string } }).error.code).toBe('projectQuotaExceeded');
    const none = await api.post('reservations', { quoteId, name: 'none' }, freshKey());
    expect(none.ok()).toBe(true);
  });

  await test.step('the list shows and filters it, the project its month', async () => {
    await page.goto(`${base}/reservations`);
    await expect(page.getByRole('row', { name: /first run/ })).toContainText('vision');
    await expect(page.getByRole('row', { name: /none/ })).toBeVisible();
    await page.getByLabel('Project').selectOption({ label: 'vision' });
    await page.getByRole('button', { name: 'Filter' }).click();
    await expect(page.getByRole('row', { name: /none/ })).toBeHidden();
    await expect(page.getByRole('row', { name: /first run/ })).toBeVisible();
    await passSeconds(7_800);
    await page.goto(`${base}/projects`);
    // Over by now: what was committed is charged to the unit, whatever the band of the hour.
    await expect(row).toContainText(/(¥\d[\d,.]*\.\d\d)\1/);
    await page.getByRole('button', { name: 'Change: vision' }).click();
    await saveProject(page, { state: 'Closed' });
    await expect(row).toContainText('Closed');
    await openBooking(buyer);
    await expect(page.getByLabel('Project')).toBeHidden();
  });

  const session = await page.context().storageState();
  await test.step('the pages are well made in both languages and looks', async () => {
    const pages = [`${base}/projects`, `${base}/reservations`, `${base}/book`];
    for (const look of LOOKS) await lookAt(browser, { look, session }, pages);
  });
});

test('operations sets the share of spares after seeing what it does', async ({ browser, page }) => {
  await signIn(page, createStaff(['ops']));
  await page.goto('/ops/maintenance');
  const pool = page.getByRole('row', { name: /Shaoguan/ }).first();
  await expect(pool).toContainText('as built');
  await pool.getByRole('link', { name: 'Change the share' }).click();
  await expect(page.getByText('This is how it is; there is nothing to change.')).toBeVisible();
  await page.getByLabel('Share of spares (%)').fill('60');
  await page.getByRole('button', { name: 'Show the effect' }).click();
  await expect(page.getByText(/A share lies between 0 and 50%/)).toBeVisible();
  await page.getByLabel('Share of spares (%)').fill('3');
  await page.getByRole('button', { name: 'Show the effect' }).click();
  await expect(page.getByText('What a share of 3% does')).toBeVisible();
  const address = page.url();
  await page.getByLabel('Reason').fill('more failures this week');
  await page.getByRole('button', { name: 'Set to 3%' }).click();
  await expect(page.getByRole('row', { name: /Shaoguan/ }).first()).toContainText('3%');
  await expect(page.getByRole('row', { name: /Shaoguan/ }).first()).not.toContainText('as built');
  const session = await page.context().storageState();
  for (const look of LOOKS) await lookAt(browser, { look, session }, ['/ops/maintenance', address, `${address}0`]);
});
