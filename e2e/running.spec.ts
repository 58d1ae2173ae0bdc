import { type APIRequestContext, expect, type Page, test } from '@playwright/test';
import { Api, createApiKey, freshKey, payIn, readAskedId, readBooks } from './support/api.ts';
import { expectAccessible } from './support/checks.ts';
import { passSeconds } from './support/clock.ts';
import { LOOKS, lookAt, type Session } from './support/looks.ts';
import { signUp } from './support/people.ts';
import { stall } from './support/processes.ts';

test.use({ locale: 'en-GB' });

const HOUR_MS = 3_600_000;
const LATER_MS = 48 * HOUR_MS;

/** A customer with money and a key; their pages are at `base`. */
async function openCustomer(page: Page, request: APIRequestContext, yuan = '20000') {
  const { slug, email } = await signUp(page);
  const api = new Api(request, await createApiKey(page, slug));
  payIn(email, yuan);
  return { slug, api, base: `/console/${slug}` };
}

/** Books by the hour, in cards of the large site. */
async function book(api: Api, wish: Record<string, unknown>, name: string): Promise<string> {
  return api.book({ skuId: await api.skuId('810E', 'by-hour'), ...wish }, name);
}

/** What the wallet holds, in 1e-8 yuan, as the postings say. */
function walletUnits(slug: string): bigint {
  const { balances } = readBooks(slug) as { balances: [string, string][] };
  return BigInt(balances.find(([path]) => path.startsWith('wallet:'))?.[1] ?? '0');
}

/** An amount as a page writes it, `¥1,234.5`, in 1e-8 yuan. */
function unitsOf(text: string): bigint {
  const [, whole = '', fraction = ''] = /¥([\d,]+)(?:\.(\d+))?/.exec(text) ?? [];
  return BigInt(whole.replaceAll(',', '') + fraction.padEnd(8, '0'));
}

/** The value beside a term of a list of terms, within the page's content. */
function figureOf(page: Page, term: string) {
  const exact = page.getByRole('term').filter({ hasText: new RegExp(`^${term}$`) });
  return page.locator('#content').locator('dl > div').filter({ has: exact }).last().getByRole('definition').first();
}

async function amountOf(page: Page, term: string): Promise<bigint> {
  return unitsOf((await figureOf(page, term).textContent()) ?? '');
}

const badge = (page: Page, state: string) => page.locator('#content header').first().getByText(state, { exact: true });

async function submitWorkload(page: Page, name: string, command: string, cards: number): Promise<void> {
  await page.getByRole('link', { name: 'Submit workload' }).click();
  await expect(page.getByRole('heading', { name: 'Submit a workload' })).toBeVisible();
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Command').fill(command);
  await page.getByLabel('Cards', { exact: true }).fill(`${cards}`);
  await page.getByRole('button', { name: 'Submit workload' }).click();
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
}

test('a reservation runs: its cards, what a workload gets, what they measure', async ({ page, request }) => {
  const { api, base } = await openCustomer(page, request);
  const id = await book(api, { cards: 8, topology: 'same-server', durationSeconds: 3 * 3_600 }, 'train');
  await page.goto(`${base}/reservations`);
  await page.getByRole('link', { name: 'train' }).click();
  await expect(page).toHaveURL(`${base}/reservations/${id}`);
  await expect(badge(page, 'Running')).toBeVisible();
  await expect(page.getByText('8 of 8 cards can be read')).toBeVisible();
  await expect(figureOf(page, 'Total power')).toHaveText(/^\d+ W$/);
  await expect(figureOf(page, 'Highest temperature')).toHaveText(/^\d+ °C$/);
  await expect(page.getByText('Reserved 8 cards')).toBeVisible();
  await expect(page.getByText('8 cards assigned')).toBeVisible();

  await page.getByRole('link', { name: 'Cards', exact: true }).click();
  const rows = page.getByRole('region', { name: 'Cards' }).getByRole('row');
  await expect(rows).toHaveCount(9);
  await expect(rows.filter({ hasText: 'Healthy' })).toHaveCount(8);
  await expect(rows.filter({ hasText: /\d+%.*\d+ \/ \d+ GiB.*\d+ W.*\d+ °C/ })).toHaveCount(8);

  await page.getByRole('link', { name: 'Access', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Device files' })).toContainText('/dev/alixpu_ctl');
  await expect(page.getByRole('region', { name: 'Environment' })).toContainText('HGGC_VISIBLE_DEVICES=');
  await expect(page.getByRole('region', { name: 'Container arguments' })).toContainText('--device /dev/alixpu');
});

test('a workload runs to its end, another is cancelled', async ({ page, request }) => {
  const { api, base } = await openCustomer(page, request);
  const id = await book(api, { cards: 4, durationSeconds: 2 * 3_600 }, 'work');
  await page.goto(`${base}/reservations/${id}?tab=workloads`);
  await submitWorkload(page, 'finetune', 'sleep 600', 3);
  await expect(badge(page, 'Running')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Where it runs' }).getByRole('row').last()).toContainText(/\d+/);

  await page.goto(`${base}/reservations/${id}?tab=workloads`);
  await submitWorkload(page, 'waits', 'python evaluate.py', 4);
  await expect(badge(page, 'Waiting')).toBeVisible();
  await page.getByRole('button', { name: 'Cancel workload' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel workload' }).click();
  await expect(badge(page, 'Cancelled')).toBeVisible();
  await expect(page.getByText('Cancelled by a member')).toBeVisible();

  await page.goto(`${base}/workloads`);
  await page.getByRole('link', { name: 'finetune' }).click();
  await expect(badge(page, 'Running')).toBeVisible();
  await passSeconds(700);
  await expect(badge(page, 'Succeeded')).toBeVisible();
  await expect(page.getByText('Ended by itself with code 0')).toBeVisible();
  await expect(figureOf(page, 'Ran for')).toHaveText('10 min');
  await page.goto(`${base}/workloads?state=cancelled`);
  await expect(page.getByRole('region', { name: 'Workloads' }).getByRole('row')).toHaveCount(2);
});

test('a workload that does not fit is refused in words, and what was typed stays', async ({ page, request }) => {
  const { api, base } = await openCustomer(page, request);
  const id = await book(api, { cards: 2, durationSeconds: 3_600 }, 'small');
  await page.goto(`${base}/workloads/new?reservation=${id}`);
  await page.getByRole('button', { name: 'Submit workload' }).click();
  await expect(page.getByText('Please fill this in')).toHaveCount(2);
  await page.getByLabel('Name').fill('too wide');
  await page.getByLabel('Command').fill('sleep 5');
  await page.getByLabel('Cards', { exact: true }).fill('3');
  await page.getByRole('button', { name: 'Submit workload' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'Choose 1 to 2 cards.' })).toContainText(
    'Nothing was changed.',
  );
  await expect(page.getByLabel('Command')).toHaveValue('sleep 5');
  await page.goto(`${base}/workloads`);
  await expect(page.getByText('No such workloads')).toBeVisible();
});

test('an extension holds more money, an early release returns the rest exactly', async ({ page, request }) => {
  const { api, base, slug } = await openCustomer(page, request);
  const id = await book(api, { cards: 7, durationSeconds: 3 * 3_600 }, 'longer');
  const before = walletUnits(slug);
  await page.goto(`${base}/reservations/${id}`);
  const held = await amountOf(page, 'Held in all');

  await page.getByRole('link', { name: 'Extend' }).click();
  await page.getByLabel('Hours to add').fill('0');
  await page.getByRole('button', { name: 'Show price' }).click();
  await expect(page.getByText('Enter whole hours')).toBeVisible();
  await page.getByLabel('Hours to add').fill('2');
  await page.getByRole('button', { name: 'Show price' }).click();
  const confirm = page.getByRole('button', { name: /^Extend · ¥/ });
  await expect(page).toHaveURL(/hours=2$/);
  const more = await amountOf(page, 'To be held');
  expect(unitsOf((await confirm.textContent()) ?? '')).toBe(more);
  await confirm.click();
  await expect(page).toHaveURL(`${base}/reservations/${id}`);
  await expect(page.getByText(/^Extended to/)).toBeVisible();
  expect(await amountOf(page, 'Held in all')).toBe(held + more);
  expect(walletUnits(slug)).toBe(before - more);

  await passSeconds(4_777);
  await page.goto(`${base}/reservations/${id}/release`);
  const charged = await amountOf(page, 'Charged up to now');
  const returned = await amountOf(page, 'Returned to the wallet');
  expect(charged + returned).toBe(held + more);
  await page.getByRole('button', { name: /^Release now/ }).click();
  await expect(page).toHaveURL(`${base}/reservations/${id}`);
  await expect(badge(page, 'Ended')).toBeVisible();
  await expect(page.getByText('Settled', { exact: true })).toBeVisible();
  expect(await amountOf(page, 'Charged')).toBe(charged);
  expect(await amountOf(page, 'Returned')).toBe(returned);
  expect(await amountOf(page, 'Still held')).toBe(0n);
  expect(walletUnits(slug)).toBe(before - more + returned);
  await expect(page.getByRole('link', { name: 'Extend' })).toHaveCount(0);
});

test('a term by the card says what share comes back, and that comes back at once', async ({ page, request }) => {
  const { api, base, slug } = await openCustomer(page, request);
  const id = await api.book({ skuId: await api.skuId('810E', 'by-card'), cards: 2, term: 'day' }, 'day');
  const before = walletUnits(slug);
  await page.goto(`${base}/reservations/${id}/release`);
  await expect(page.getByRole('alert').filter({ hasText: '50% of what is left of it returns' })).toBeVisible();
  await page.getByRole('button', { name: /^Release now · ¥[\d,.]+ back$/ }).click();
  await expect(badge(page, 'Ended')).toBeVisible();
  await expect(page.getByText('The term is not over')).toBeVisible();
  expect(walletUnits(slug)).toBeGreaterThan(before);
});

test('a reservation to come is cancelled and all of its money returns', async ({ page, request }) => {
  const { api, base, slug } = await openCustomer(page, request);
  const before = walletUnits(slug);
  const health = (await (await request.get('/api/health')).json()) as { now: string };
  const startAt = new Date(Math.ceil((Date.parse(health.now) + LATER_MS) / HOUR_MS) * HOUR_MS).toISOString();
  const id = await book(api, { cards: 16, topology: 'whole-servers', startAt, durationSeconds: 86_400 }, 'next');
  expect(walletUnits(slug)).toBeLessThan(before);
  await page.goto(`${base}/reservations?state=upcoming`);
  await page.getByRole('link', { name: 'next' }).click();
  await expect(badge(page, 'Confirmed')).toBeVisible();
  const held = await amountOf(page, 'Held in all');
  await page.getByRole('button', { name: 'Cancel reservation' }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Cancel it · ¥/ })
    .click();
  await expect(badge(page, 'Cancelled')).toBeVisible();
  await expect(page.getByText('Settled', { exact: true })).toBeVisible();
  expect(await amountOf(page, 'Returned')).toBe(held);
  expect(walletUnits(slug)).toBe(before);
  const again = await api.post(`reservations/${id}/cancel`, {});
  expect(again.status()).toBe(409);
});

test('a request has a page of its own: it says why it was refused, or waits for the answer and shows it', async ({
  page,
  request,
}) => {
  const { api, base } = await openCustomer(page, request, '100');
  const skuId = await api.skuId('810E', 'by-hour');
  const [poor, slow] = [`poor ${freshKey()}`, `slow ${freshKey()}`];
  const dear = await api.quote({ skuId, cards: 64, durationSeconds: 86_400 });
  expect((await api.post('reservations', { quoteId: dear, name: poor })).status()).toBe(409);
  await page.goto(`${base}/reservations/${readAskedId(poor)}`);
  await expect(page.getByRole('heading', { name: poor, level: 1 })).toBeVisible();
  await expect(badge(page, 'Refused')).toBeVisible();
  await expect(page.getByRole('alert').filter({ hasText: 'The wallet does not hold enough' })).toContainText('Top up');

  const cheap = await api.quote({ skuId, cards: 1, durationSeconds: 3_600 });
  const goOn = stall('engine');
  const answer = api.post('reservations', { quoteId: cheap, name: slow });
  try {
    await expect.poll(() => readAskedId(slow)).toMatch(/^rsv_/);
    await page.goto(`${base}/reservations/${readAskedId(slow)}`);
    await expect(badge(page, 'Waiting')).toBeVisible();
    await expect(page.getByText('Waiting for the answer')).toBeVisible();
    await expectAccessible(page);
  } finally {
    goOn();
  }
  await expect(badge(page, 'Running')).toBeVisible();
  await answer;
});

test('others’ reservations and workloads do not exist', async ({ page, request, browser }) => {
  const { api, base } = await openCustomer(page, request);
  const id = await book(api, { cards: 1, durationSeconds: 3_600 }, 'mine');
  await page.goto(`${base}/reservations/${id}?tab=workloads`);
  await submitWorkload(page, 'secret', 'sleep 60', 1);
  const workload = new URL(page.url()).pathname.split('/').pop() ?? '';
  const stranger = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  const { slug } = await signUp(stranger);
  const paths = ['', '/extend', '/release'].map((rest) => `/reservations/${id}${rest}`);
  for (const path of [...paths, `/workloads/${workload}`]) {
    expect((await stranger.goto(`/console/${slug}${path}`))?.status(), path).toBe(404);
    expect((await stranger.goto(`${base}${path}`))?.status(), path).toBe(404);
  }
  await stranger.goto(`/console/${slug}/workloads/new?reservation=${id}`);
  await expect(stranger.getByText('No reservation takes workloads')).toBeVisible();
});

test.describe('every page of running', () => {
  test.describe.configure({ mode: 'serial' });
  let paths: string[] = [];
  let session: Session | undefined;

  test.beforeAll(async ({ browser }) => {
    const context = await browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    const { api, base } = await openCustomer(page, context.request);
    const id = await book(api, { cards: 32, topology: 'whole-servers', durationSeconds: 7_200 }, 'looks');
    await page.goto(`${base}/reservations/${id}?tab=workloads`);
    await submitWorkload(page, 'look', 'sleep 900', 20);
    const own = `/reservations/${id}`;
    paths = [
      '/reservations',
      own,
      ...['cards', 'access', 'workloads'].map((tab) => `${own}?tab=${tab}`),
      `${own}/extend?hours=3`,
      `${own}/extend?hours=x`,
      `${own}/release`,
      '/workloads',
      `/workloads/new?reservation=${id}`,
      new URL(page.url()).pathname.slice(base.length),
    ].map((path) => `${base}${path}`);
    session = await context.storageState();
    await context.close();
  });

  for (const look of LOOKS)
    test(`${look.locale}, ${look.colorScheme}: accessible, quiet, never wider than the window`, async ({ browser }) => {
      await lookAt(browser, { look, session }, paths);
    });
});
