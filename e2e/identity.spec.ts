import { expect, type Locator, test } from '@playwright/test';
import { watchConsole } from './support/checks.ts';
import { LOOKS, lookAt, type Session } from './support/looks.ts';
import { createStaff, freshEmail, PASSWORD, signIn, signUp } from './support/people.ts';

test.use({ locale: 'en-GB' });

async function textOf(locator: Locator): Promise<string> {
  return (await locator.textContent()) ?? '';
}

test.describe('an account', () => {
  test('opens with an organisation, signs out, and comes back to the page it asked for', async ({ page }) => {
    const complaints = watchConsole(page);
    const { slug, email } = await signUp(page);
    await page.getByRole('button', { name: /^Account:/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await expect(page).toHaveURL('/');
    await page.goto(`/console/${slug}/members`);
    await expect(page).toHaveURL(/\/sign-in\?next=/);
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(page.getByRole('heading', { name: 'Members', level: 1 })).toBeVisible();
    await expect(page).toHaveURL(`/console/${slug}/members`);
    expect(complaints).toEqual([]);
  });

  test('is refused in words, keeps what was typed, and never sends a password back', async ({ page }) => {
    await page.goto('/sign-up');
    await page.getByRole('button', { name: 'Open account' }).click();
    await expect(page.getByText('Please fill this in')).toHaveCount(4);
    await expect(page.getByLabel('Organisation')).toBeFocused();
    await page.getByLabel('Organisation').fill('Moban');
    await page.getByLabel('Name', { exact: true }).fill('Lin');
    await page.getByLabel('E-mail').fill('lin@moban');
    await page.getByLabel('Password').fill('password1234');
    await page.getByRole('button', { name: 'Open account' }).click();
    await expect(page.getByText('Please enter a whole address')).toBeVisible();
    await page.getByLabel('E-mail').fill(freshEmail());
    await page.getByLabel('Password').fill('password1234');
    await page.getByRole('button', { name: 'Open account' }).click();
    await expect(page.getByRole('alert').filter({ hasText: 'among the first to be guessed' })).toContainText(
      'Nothing was changed.',
    );
    await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Lin');
    await expect(page.getByLabel('Password')).toHaveValue('');
  });

  test('pauses after eight wrong passwords and says until when', async ({ page, browser }) => {
    const { email } = await signUp(page);
    const other = await (await browser.newContext({ locale: 'en-GB' })).newPage();
    await other.goto('/sign-in');
    await other.getByLabel('E-mail').fill(email);
    for (let attempt = 1; attempt <= 8; attempt += 1) {
      await other.getByLabel('Password').fill(`wrong password ${attempt}`);
      await other.getByRole('button', { name: 'Sign in', exact: true }).click();
      await expect(other.getByLabel('Password')).toHaveValue('');
    }
    await expect(other.getByRole('alert').filter({ hasText: /paused until \d{4}-\d\d-\d\d \d\d:\d\d/ })).toBeVisible();
    await page.reload();
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  });

  test('speaks the language of its profile on a new device, and of the device where one was chosen', async ({
    page,
    browser,
  }) => {
    const { email, slug } = await signUp(page);
    await page.goto(`/console/${slug}/settings`);
    await page.getByLabel('Language').selectOption('zh-CN');
    await page.getByRole('button', { name: 'Save' }).nth(1).click();
    await expect(page.getByRole('heading', { name: '设置', level: 1 })).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
    const device = await (await browser.newContext({ locale: 'en-GB' })).newPage();
    await signIn(device, email);
    await expect(device.locator('html')).toHaveAttribute('lang', 'zh-CN');
    await device.getByRole('button', { name: 'English' }).click();
    await expect(device.locator('html')).toHaveAttribute('lang', 'en');
  });

  test('works without JavaScript', async ({ browser }) => {
    const page = await (await browser.newContext({ locale: 'en-GB', javaScriptEnabled: false })).newPage();
    const { slug } = await signUp(page);
    await page.goto(`/console/${slug}/settings`);
    await page.getByRole('textbox', { name: 'Organisation' }).fill('Renamed');
    await page.getByRole('button', { name: 'Save' }).first().click();
    await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible();
    await page.goto(`/console/${slug}`);
    await expect(page.getByRole('heading', { name: 'Renamed' })).toBeVisible();
  });
});

test.describe('a session', () => {
  test('that is signed out from another device ends at its next request', async ({ page, browser }) => {
    const { email, slug } = await signUp(page);
    const device = await (await browser.newContext({ locale: 'en-GB' })).newPage();
    await signIn(device, email);
    await page.goto(`/console/${slug}/settings`);
    const row = page.getByRole('row').filter({ has: page.getByRole('button', { name: 'Sign it out' }) });
    await expect(row).toHaveCount(1);
    await row.getByRole('button', { name: 'Sign it out' }).click();
    await expect(row).toHaveCount(0);
    await device.goto(`/console/${slug}/members`);
    await expect(device).toHaveURL(/\/sign-in/);
  });

  test('is known by an HttpOnly cookie that scripts cannot read', async ({ page, context }) => {
    await signUp(page);
    const cookie = (await context.cookies()).find(({ name }) => name.endsWith('kashi-session'));
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
    expect(await page.evaluate(() => document.cookie)).not.toContain('kashi-session');
  });
});

test.describe('members', () => {
  test('join by a link that is shown once, and see what their role opens', async ({ page, browser }) => {
    const { slug, organisation } = await signUp(page);
    await page.goto(`/console/${slug}/members`);
    await page.getByRole('button', { name: 'Invite member' }).click();
    const email = freshEmail();
    await page.getByLabel('E-mail').fill(email);
    await page.getByRole('radio', { name: /^Member/ }).check();
    await page.getByRole('button', { name: 'Create invitation link' }).click();
    const link = await textOf(page.getByRole('dialog').locator('code'));
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
    await expect(page.getByRole('cell', { name: email })).toBeVisible();

    const guest = await (await browser.newContext({ locale: 'en-GB' })).newPage();
    await guest.goto(new URL(link).pathname);
    await expect(guest.getByRole('heading', { name: `Join ${organisation}` })).toBeVisible();
    await guest.getByLabel('Name').fill('Chen Yu');
    await guest.getByLabel('Password').fill(PASSWORD);
    await guest.getByRole('button', { name: 'Open account and join' }).click();
    await expect(guest).toHaveURL(`/console/${slug}`);
    await expect(guest.getByRole('link', { name: 'API keys' })).toHaveCount(0);
    const answer = await guest.goto(`/console/${slug}/api-keys`);
    expect(answer?.status()).toBe(403);
    await expect(guest.getByRole('heading', { name: 'Your role does not open this page' })).toBeVisible();

    await page.reload();
    await page.getByRole('button', { name: 'Change role of Chen Yu' }).click();
    await page.getByRole('radio', { name: /^Admin/ }).check();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('row', { name: /Chen Yu/ })).toContainText('Admin');
    await guest.goto(`/console/${slug}/api-keys`);
    await expect(guest.getByRole('heading', { name: 'API keys', level: 1 })).toBeVisible();

    await page.getByRole('button', { name: 'Remove: Chen Yu' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await expect(page.getByRole('dialog')).toBeHidden();
    await expect(page.getByRole('row', { name: /Chen Yu/ })).toHaveCount(0);
    expect((await guest.goto(`/console/${slug}`))?.status()).toBe(404);
  });

  test('the last owner cannot leave, and reads why', async ({ page }) => {
    const { slug } = await signUp(page);
    await page.goto(`/console/${slug}/members`);
    await page.getByRole('button', { name: 'Leave organisation' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Leave organisation' }).click();
    await expect(page.getByRole('dialog').getByRole('alert')).toContainText('keeps at least one owner');
  });
});

test('an API key is shown once and revoked for good', async ({ page }) => {
  const { slug } = await signUp(page);
  await page.goto(`/console/${slug}/api-keys`);
  await page.getByRole('button', { name: 'New key' }).click();
  await page.getByLabel('Purpose').fill('pipeline');
  await page.getByRole('button', { name: 'Create key' }).click();
  const secret = await textOf(page.getByRole('dialog').locator('code'));
  expect(secret).toMatch(/^kashi_[0-9a-z]{52}$/);
  await page.getByRole('button', { name: 'Saved, close' }).click();
  await page.reload();
  expect(await page.content()).not.toContain(secret);
  await page.getByRole('button', { name: 'Revoke: pipeline' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(page.getByRole('row', { name: /pipeline/ })).toContainText('Revoked');
});

test.describe('what is not yours', () => {
  test('is not there: another organisation, the operator’s consoles', async ({ page, browser }) => {
    const { slug } = await signUp(page);
    const stranger = await (await browser.newContext({ locale: 'en-GB' })).newPage();
    await signUp(stranger);
    for (const path of [
      `/console/${slug}`,
      `/console/${slug}/members`,
      `/console/${slug}/settings`,
      '/ops',
      '/finance',
    ]) {
      expect((await stranger.goto(path))?.status(), path).toBe(404);
      await expect(stranger.getByRole('heading', { name: 'There is no such page' })).toBeVisible();
    }
  });

  test('is not read by a visitor, whatever headers the request brings', async ({ page, playwright, baseURL }) => {
    const { slug, email, organisation } = await signUp(page);
    const visitor = await playwright.request.newContext({ ...(baseURL !== undefined && { baseURL }) });
    const disguises: Record<string, string>[] = [
      {},
      { rsc: '1' },
      { rsc: '1', 'next-router-prefetch': '1' },
      { rsc: '1', 'next-router-prefetch': '1', 'next-router-segment-prefetch': '/_tree' },
      { 'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy' },
      { 'x-forwarded-host': 'kashi.example', 'x-kashi-path': '/ops' },
      { authorization: 'Bearer kashi_0000', cookie: 'kashi-session=made-up' },
    ];
    for (const headers of disguises) {
      for (const path of [`/console/${slug}/members`, `/console/${slug}/settings`, `/console/${slug}/api-keys`]) {
        const text = await (await visitor.get(path, { headers })).text();
        expect([text.includes(email), text.includes(organisation)], JSON.stringify(headers)).toEqual([false, false]);
      }
    }
    expect((await visitor.get(`/console/${slug}/members`)).url()).toContain('/sign-in');
  });

  test('does not change from another site', async ({ request }) => {
    const form = { email: 'a@b.example', password: 'x', csrfToken: 'x' };
    for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, {}]) {
      expect((await request.post('/api/auth/callback/credentials', { form, headers })).status()).toBe(403);
      expect((await request.post('/api/auth/signout', { form, headers })).status()).toBe(403);
    }
  });

  test('staff have their own consoles and no customer’s', async ({ page, browser }) => {
    const { slug } = await signUp(page);
    const staff = await (await browser.newContext({ locale: 'en-GB' })).newPage();
    await signIn(staff, createStaff(['ops']));
    await expect(staff).toHaveURL('/ops');
    expect((await staff.goto(`/console/${slug}`))?.status()).toBe(404);
    await staff.goto('/account');
    await expect(staff.getByRole('heading', { name: 'Account', level: 1 })).toBeVisible();
    await expect(staff.getByRole('link', { name: 'Ledger' })).toHaveCount(0);
  });
});

test('every page carries the security headers, and every script its nonce', async ({ request }) => {
  const nonces = new Set<string>();
  for (const path of ['/', '/sign-in', '/nope', '/console']) {
    const answer = await request.get(path);
    const policy = answer.headers()['content-security-policy'] ?? '';
    const nonce = /'nonce-([0-9a-z]+)'/.exec(policy)?.[1] ?? '';
    nonces.add(nonce);
    for (const rule of ["'strict-dynamic'", "frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'"]) {
      expect(policy, path).toContain(rule);
    }
    expect(policy.match(/https?:/g), path).toBeNull();
    expect(answer.headers(), path).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
    });
    const scripts = (await answer.text()).match(/<script[^>]*>/g) ?? [];
    expect(
      scripts.filter((tag) => !tag.includes(`nonce="${nonce}"`)),
      path,
    ).toEqual([]);
  }
  expect(nonces.size).toBe(4);
});

test('health answers with the business time', async ({ request }) => {
  const answer = await request.get('/api/health');
  expect(await answer.json()).toMatchObject({ status: 'ok', now: expect.stringMatching(/^\d{4}-.*Z$/) });
});

test.describe('every page, in both languages and both looks', () => {
  test.describe.configure({ mode: 'serial' });
  let address = { slug: '', invitation: '' };
  let session: Session | undefined;

  test.beforeAll(async ({ browser }) => {
    const context = await browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    const { slug } = await signUp(page);
    await page.goto(`/console/${slug}/members`);
    await page.getByRole('button', { name: 'Invite member' }).click();
    await page.getByLabel('E-mail').fill(freshEmail());
    await page.getByRole('button', { name: 'Create invitation link' }).click();
    const link = await textOf(page.getByRole('dialog').locator('code'));
    address = { slug, invitation: new URL(link).pathname };
    session = await context.storageState();
    await context.close();
  });

  for (const look of LOOKS)
    test(`${look.locale}, ${look.colorScheme}: accessible, quiet, never wider than the window`, async ({ browser }) => {
      const { slug, invitation } = address;
      const own = ['', '/members', '/api-keys', '/settings'].map((path) => `/console/${slug}${path}`);
      await lookAt(browser, { look, session: undefined }, ['/', '/sign-in', '/sign-up', invitation, '/nope']);
      await lookAt(browser, { look, session }, [...own, '/console?new=1']);
    });
});
