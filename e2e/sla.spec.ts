import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { Api, createApiKey, payIn } from './support/api.ts';
import { passSeconds, passTo } from './support/clock.ts';
import { LOOKS, lookAt } from './support/looks.ts';
import { createStaff, signIn, signUp } from './support/people.ts';
import { newFinance, panelOf } from './support/two-people.ts';

test.use({ locale: 'en-GB' });

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BEIJING_MS = 8 * HOUR_MS;

type State = Awaited<ReturnType<BrowserContext['storageState']>>;

/** When the Shanghai month of an instant is over. */
function monthEnd(now: number): number {
  const beijing = new Date(now + BEIJING_MS);
  return Date.UTC(beijing.getUTCFullYear(), beijing.getUTCMonth() + 1) - BEIJING_MS;
}

/** The card of a reservation of one in the small pool is lost. */
async function loseItsCard(ops: Page, name: string): Promise<void> {
  await ops.goto('/ops/map?pool=pol_fs-m890&show=inUse&view=table');
  await ops.getByRole('row').filter({ hasText: name }).getByRole('link', { name: /slot/ }).click();
  await ops.getByLabel('Fault', { exact: true }).selectOption({ label: 'Card lost' });
  await ops.getByRole('button', { name: 'Inject fault' }).click();
  await expect(ops.locator('h1 + span')).toContainText('Faulty');
}

test('what is promised is published to everybody, in both languages, on pages and in the API', async ({
  browser,
  request,
  page,
}) => {
  const customer = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  const { slug } = await signUp(customer);
  const api = new Api(request, await createApiKey(customer, slug));
  const answer = (await (await api.get('sla')).json()) as { policies: { tiers: unknown[] }[] };
  expect(answer.policies.at(-1)?.tiers).toContainEqual({ belowPpm: 999_000, creditBps: 1_000 });
  await page.goto('/');
  await page.getByRole('link', { name: 'See the whole table' }).click();
  await expect(page.getByRole('row').filter({ hasText: '99.9%' })).toContainText('10%');
  await expect(page.getByText('what was credited is never taken back')).toBeVisible();
  for (const look of LOOKS) await lookAt(browser, { look, session: undefined }, ['/sla', '/']);
});

test('a table is proposed by one, approved by another, and read by everybody', async ({ browser, page }) => {
  const one = await newFinance(browser);
  await one.goto('/finance/sla');
  await one.getByRole('button', { name: 'Propose a table' }).click();
  const dialog = one.getByRole('dialog');
  await dialog.getByLabel('Table', { exact: true }).fill('99 10\n99.5 20');
  await dialog.getByLabel('Reason').fill('a better promise');
  await dialog.getByRole('button', { name: 'Propose', exact: true }).click();
  await expect(dialog.getByText('These lines are no table.')).toBeVisible();
  await dialog.getByLabel('Table', { exact: true }).fill('99.95 15\n99 30');
  await dialog.getByRole('button', { name: 'Propose', exact: true }).click();
  await expect(dialog).toHaveCount(0);
  const published = panelOf(one, 'Published');
  await expect(published.getByText('Waits for approval')).toBeVisible();
  await published.getByRole('button', { name: 'Approve' }).click();
  await expect(published.getByText('Whoever proposes a table cannot approve it.')).toBeVisible();

  const two = await newFinance(browser);
  await two.goto('/finance/sla');
  const state: State = await two.context().storageState();
  for (const look of LOOKS) await lookAt(browser, { look, session: state }, ['/finance/sla']);
  await panelOf(two, 'Published').getByRole('button', { name: 'Approve' }).click();
  await expect(panelOf(two, 'Published').getByText('Waits for approval')).toHaveCount(0);
  await page.goto('/sla');
  await expect(page.getByRole('row').filter({ hasText: '99.95%' })).toContainText('15%');
});

test('a card that fails is credited at the end of the month, without a claim', async ({ page, browser, request }) => {
  test.setTimeout(480_000);
  const { email, slug } = await signUp(page);
  payIn(email, '100000');
  const api = new Api(request, await createApiKey(page, slug));
  const name = `sla-${slug}`;
  const id = await api.book({ skuId: await api.skuId('M890', 'by-hour'), cards: 1, durationSeconds: 2 * 3_600 }, name);
  let now = (await passSeconds(600)).getTime();
  const reservation = `/console/${slug}/reservations/${id}`;
  const ops = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  await signIn(ops, createStaff(['ops']));
  await loseItsCard(ops, name);
  now = (await passSeconds(3 * 3_600)).getTime();
  await page.goto(reservation);
  const panel = page.locator('section').filter({ hasText: 'Of the time charged so far' });
  await expect(panel).toContainText('7,200 card-seconds');
  await expect(panel).toContainText('By itself, once the month is charged');

  for (const end = monthEnd(now) + HOUR_MS; now < end; now = Math.min(now + 3 * DAY_MS, end))
    await passTo(new Date(Math.min(now + 3 * DAY_MS, end)));
  await page.goto(`/console/${slug}/notices`);
  const told = page.getByRole('main').getByRole('listitem').first();
  await expect(told).toContainText('Credited for broken availability');
  await page.goto(reservation);
  await expect(panel).toContainText('credited');
  await expect(panel).not.toContainText('By itself, once the month is charged');
  await page.goto(`/console/${slug}/wallet`);
  await expect(page.getByText('Credit for a broken service promise').first()).toBeVisible();
  const month = new Date(monthEnd(now - 2 * HOUR_MS) - DAY_MS).toISOString().slice(0, 7);
  await page.goto(`/console/${slug}/usage?month=${month}`);
  await expect(page.getByRole('heading', { name: 'Availability and credits' })).toBeVisible();
  const state: State = await page.context().storageState();
  for (const look of LOOKS)
    await lookAt(browser, { look, session: state }, [
      reservation,
      `/console/${slug}/usage?month=${month}`,
      `/console/${slug}/notices`,
      `/console/${slug}/book`,
    ]);
  const finance = await newFinance(browser);
  await finance.goto('/finance/sla');
  await expect(finance.getByRole('row').filter({ hasText: month }).first()).toBeVisible();
});
