import { type APIRequestContext, expect, type Page, test } from '@playwright/test';
import { Api, createApiKey, freshKey, payIn } from './support/api.ts';
import { passSeconds } from './support/clock.ts';
import { LOOKS, lookAt } from './support/looks.ts';
import { createStaff, signIn, signUp } from './support/people.ts';

test.use({ locale: 'en-GB' });

/** A customer with a key; money is paid in by the test. */
async function openCustomer(page: Page, request: APIRequestContext) {
  const { slug, email } = await signUp(page);
  return { slug, email, api: new Api(request, await createApiKey(page, slug)), base: `/console/${slug}` };
}

const status = (page: Page) => page.locator('#content').getByRole('status');

test('a queued job waits for money, starts after the top-up, gives the rest back, and stays in its organisation', async ({
  page,
  request,
  browser,
}) => {
  const { email, api, base } = await openCustomer(page, request);

  await test.step('the form shows tiers, price and wallet before anything is asked', async () => {
    await page.goto(`${base}/queue`);
    await expect(page.getByText('No queued jobs')).toBeVisible();
    await page.getByRole('link', { name: 'Submit a job' }).first().click();
    await expect(page.getByRole('heading', { name: 'Submit a job to the queue' })).toBeVisible();
    await page.getByLabel('Cards', { exact: true }).fill('16');
    await expect(page).toHaveURL(/cards=16/);
    await page.getByRole('radio', { name: /Flex/ }).check();
    await expect(page).toHaveURL(/tier=flex/);
    await expect(page.getByText(/The wallet lacks/)).toBeVisible();
  });

  await test.step('without money it waits, and says so with numbers', async () => {
    await page.getByLabel('Name').fill('night run');
    await page.getByLabel('Command').fill('sleep 600');
    await page.getByRole('button', { name: 'Submit to the queue' }).click();
    await expect(page.getByRole('heading', { name: 'night run', level: 1 })).toBeVisible();
    await expect(async () => {
      await page.reload();
      await expect(status(page).getByText(/Too little money: the start holds ¥[\d.,]+/)).toBeVisible({
        timeout: 1_000,
      });
    }).toPass();
  });

  await test.step('the same through the API, where a repeated key is the same job', async () => {
    const { rows } = (await (await api.get('jobs')).json()) as {
      rows: { id: string; explanation: { reason: string } }[];
    };
    expect(rows.map(({ explanation }) => explanation.reason)).toEqual(['funds']);
    const key = freshKey();
    const body = {
      skuId: await api.skuId('810E', 'by-hour'),
      name: 'api job',
      cards: 1,
      walltimeSeconds: 3_600,
      priceCapE10PerCardHour: '1',
      imageId: 'img_ppu-base-1-5',
      command: 'sleep 60',
    };
    const [first, again] = [await api.post('jobs', body, key), await api.post('jobs', body, key)];
    expect(await again.json()).toEqual(await first.json());
    const { jobId } = (await first.json()) as { jobId: string };
    const late = await api.post('jobs', { ...body, deadlineAt: '2020-01-01T00:00:00Z' });
    expect(late.status()).toBe(422);
    expect(((await late.json()) as { error: { code: string } }).error.code).toBe('deadlineTooSoon');
    const secret = await request.delete(`/api/v1/jobs/${jobId}`);
    expect(secret.status()).toBe(401);
  });

  await test.step('money starts it; it ends with its command, and only what it used is charged', async () => {
    payIn(email, '5000');
    await expect(async () => {
      await page.reload();
      await expect(page.locator('#content header').first().getByText('Running', { exact: true })).toBeVisible({
        timeout: 1_000,
      });
    }).toPass();
    await passSeconds(900);
    await page.reload();
    await expect(status(page).getByText(/It ended at .*; only what it used was charged/)).toBeVisible();
    await page.getByRole('link', { name: 'Open' }).first().click();
    await expect(page.getByText('The job is over: cards released')).toBeVisible();
  });

  await test.step('of the flex tier it has its cards by the hour, and its reservation says so', async () => {
    const body = {
      skuId: await api.skuId('810E', 'by-hour'),
      name: 'by the hour',
      tier: 'flex',
      cards: 1,
      walltimeSeconds: 28_800,
      imageId: 'img_ppu-base-1-5',
      command: 'sleep 28000',
    };
    const { jobId } = (await (await api.post('jobs', body, freshKey())).json()) as { jobId: string };
    await expect(async () => {
      await page.goto(`${base}/queue/${jobId}`);
      await expect(status(page).getByText(/It runs until .* at the latest/)).toBeVisible({ timeout: 1_000 });
    }).toPass();
    await page.goto(`${base}/reservations/${jobId.replace('job_', 'rsv_')}`);
    await expect(page.getByText(/A flex job has its cards by the hour/)).toBeVisible();
    const look = { session: await page.context().storageState() };
    for (const each of LOOKS) await lookAt(browser, { look: each, ...look }, [new URL(page.url()).pathname]);
  });

  await test.step('what still waits is cancelled from the list', async () => {
    await page.goto(`${base}/queue?state=queued`);
    await expect(page.getByText(/above your cap/)).toBeVisible();
    await page.getByRole('button', { name: 'Cancel: api job' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel', exact: true }).click();
    await expect(page.getByText('No queued jobs')).toBeVisible();
  });

  const session = await page.context().storageState();
  await test.step('projects have quotas that count', async () => {
    await page.goto(`${base}/projects`);
    await page.getByRole('button', { name: 'New project' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('vision');
    await page
      .getByRole('dialog')
      .getByLabel(/Card quota/)
      .fill('8');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('cell', { name: 'vision', exact: true })).toBeVisible();
    await page.goto(`${base}/queue/new?cards=16`);
    await page.getByLabel('Name').fill('too wide');
    await page.getByLabel('Command').fill('sleep 60');
    await page.getByLabel(/Project/).selectOption({ label: 'vision' });
    await page.getByRole('button', { name: 'Submit to the queue' }).click();
    await expect(page.getByText(/This is more than the quota of 8 cards/)).toBeVisible();
  });

  await test.step('the pages are well made in both languages and looks', async () => {
    const job = ((await (await api.get('jobs')).json()) as { rows: { id: string }[] }).rows[0]?.id ?? '';
    const pages = [`${base}/queue`, `${base}/queue/${job}`, `${base}/queue/new?cards=8&tier=flex`, `${base}/projects`];
    for (const look of LOOKS) await lookAt(browser, { look, session }, pages);
  });

  await test.step('staff see every queue at a glance', async () => {
    const context = await browser.newContext({ locale: 'en-GB' });
    const staff = await context.newPage();
    await signIn(staff, createStaff(['ops']));
    await staff.goto('/ops/queue');
    await expect(staff.getByText('First in line').first()).toBeVisible();
    const staffSession = await context.storageState();
    await context.close();
    for (const look of LOOKS) await lookAt(browser, { look, session: staffSession }, ['/ops/queue']);
  });

  await test.step('nobody else sees it', async () => {
    const { rows } = (await (await api.get('jobs')).json()) as { rows: { id: string }[] };
    const context = await browser.newContext({ locale: 'en-GB' });
    const stranger = await context.newPage();
    const other = await openCustomer(stranger, request);
    expect((await other.api.get(`jobs/${rows[0]?.id}`)).status()).toBe(404);
    await stranger.goto(`/console/${other.slug}/queue/${rows[0]?.id}`);
    await expect(stranger.getByRole('heading', { level: 1 })).not.toHaveText('night run');
    await context.close();
  });
});
