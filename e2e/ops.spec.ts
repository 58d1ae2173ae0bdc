import { type Browser, expect, type Page, test } from '@playwright/test';
import pg from 'pg';
import { Api, createApiKey, freshKey, payIn } from './support/api.ts';
import { passSeconds } from './support/clock.ts';
import { expectWellMade, LOOKS, lookAt, type Session } from './support/looks.ts';
import { createStaff, signIn, signUp } from './support/people.ts';

const SMALL_POOL = 'pol_fs-m890';

type Tenant = { readonly api: Api; readonly slug: string; readonly page: Page };

async function newTenant(browser: Browser): Promise<Tenant> {
  const page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  const { slug, email } = await signUp(page);
  payIn(email, '100000');
  return { slug, page, api: new Api(page.request, await createApiKey(page, slug)) };
}

async function staffPage(browser: Browser, roles: readonly string[]): Promise<Page> {
  const page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  await signIn(page, createStaff(roles));
  return page;
}

/** Books cards of the small pool under a name of their own; answers the name and the reservation's id. */
async function book(api: Api, cards: number): Promise<{ name: string; id: string }> {
  const name = freshKey();
  const skuId = await api.skuId('M890', 'by-hour');
  const id = await api.book({ skuId, cards, topology: 'same-server', durationSeconds: 7_200 }, name);
  return { name, id };
}

/** The cards of a running reservation, as the table of the map names them. */
async function cardsOf(ops: Page, name: string): Promise<string[]> {
  await ops.goto(`/ops/map?pool=${SMALL_POOL}&show=inUse&view=table`);
  const rows = ops.getByRole('row').filter({ hasText: name });
  await expect(rows.first()).toBeVisible();
  const links = await rows
    .getByRole('link', { name: /slot/ })
    .evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  return links.map((href) => href?.split('/').pop() ?? '');
}

const serverOf = (cardId = ''): string => `nod_${cardId.slice('crd_'.length).replace(/-c\d+$/, '')}`;

test.describe('the map', () => {
  test('draws 10,000 cards, is filtered while it is live, and a click opens a card', async ({ browser }) => {
    const ops = await staffPage(browser, ['ops']);
    await ops.setViewportSize({ width: 1440, height: 900 });
    await ops.goto('/ops/map');
    const map = ops.getByRole('application', { name: /10,000 cards/ });
    await expect(map).toBeVisible();
    const legend = ops.getByRole('navigation', { name: 'Filter by state' });
    await expect(ops.getByRole('status').filter({ hasText: 'Live' })).toBeVisible();
    // Each click turns the filter over, so the next one waits until the legend offers to turn it back.
    const free = legend.getByRole('link', { name: /^Free/ });
    for (let turn = 0; turn < 7; turn += 1) {
      await free.click();
      await expect(free).toHaveAttribute('href', turn % 2 === 0 ? /pool=[^&]+$/ : /show=free/);
    }
    await expect(ops).toHaveURL(/show=free/);
    const drawings = await ops.evaluate(() =>
      performance.getEntriesByName('kashi-card-map').map(({ duration }) => duration),
    );
    const median = drawings.sort((a, b) => a - b)[Math.floor(drawings.length / 2)];
    test.info().annotations.push({ type: 'drawing of all cards, median ms', description: `${median}` });
    expect(drawings.length).toBeGreaterThan(6);
    await map.click({ position: { x: 38, y: 7 } });
    await expect(ops).toHaveURL(/\/ops\/cards\/crd_sg-p01-s01-n1-c00$/);
    await expect(ops.getByRole('heading', { name: 'p01/s01/n1 slot 0', level: 1 })).toBeVisible();
  });

  test('is walked by keyboard, filtered by its legend, and has a table as its twin', async ({ browser }) => {
    const ops = await staffPage(browser, ['ops']);
    await ops.goto(`/ops/map?pool=${SMALL_POOL}`);
    const map = ops.getByRole('application');
    await map.focus();
    await map.press('ArrowRight');
    await map.press('ArrowRight');
    await expect(ops.getByRole('status').filter({ hasText: 'p01/s01/n1 slot 1' })).toBeVisible();
    await map.press('ArrowDown');
    await expect(ops.getByRole('status').filter({ hasText: 'p01/s01/n1 slot 5' })).toBeVisible();
    await map.press('Enter');
    await expect(ops.getByRole('heading', { name: 'p01/s01/n1 slot 5', level: 1 })).toBeVisible();
    await ops.goBack();
    await ops.getByRole('link', { name: /^Free/ }).click();
    await expect(ops).toHaveURL(/show=free/);
    await ops.getByRole('link', { name: 'Table' }).click();
    await expect(ops).toHaveURL(/show=free&view=table/);
    await expect(ops.getByRole('row').nth(1)).toContainText('Free');
  });
});

test('a cordoned server is avoided by the next reservation, keeps its running one, and comes back', async ({
  browser,
}) => {
  const [tenant, ops] = [await newTenant(browser), await staffPage(browser, ['ops'])];
  const first = await book(tenant.api, 1);
  const [card] = await cardsOf(ops, first.name);
  const server = serverOf(card);
  await ops.goto(`/ops/servers/${server}`);
  await ops.getByRole('link', { name: 'Cordon', exact: true }).click();
  await expect(ops.getByRole('row').filter({ hasText: first.name })).toContainText('In use, keeps its cards');
  await ops.getByRole('button', { name: 'Cordon: 8 cards' }).click();
  await expect(ops.getByText('Please fill this in')).toBeVisible();
  await ops.getByLabel('Reason').fill('Fan 3 is loud');
  await ops.getByRole('button', { name: 'Cordon: 8 cards' }).click();
  await expect(ops.getByText('Done.')).toBeVisible();
  const second = await book(tenant.api, 1);
  expect((await cardsOf(ops, second.name)).map(serverOf)).not.toContain(server);
  expect(await cardsOf(ops, first.name)).toEqual([card]);
  await ops.goto(`/ops/cards/${card}`);
  await expect(ops.getByRole('row').filter({ hasText: 'Fan 3 is loud' }).first()).toContainText('E2E Staff');
  await ops.goto(`/ops/act?do=uncordon&target=${server}`);
  await ops.getByRole('button', { name: 'Uncordon: 8 cards' }).click();
  await expect(ops.getByText('Done.')).toBeVisible();
  await ops.goto(`/ops/servers/${server}`);
  await expect(ops.getByText('takes nothing new')).toHaveCount(0);
});

test('more than a server is taken out by its count only', async ({ browser }) => {
  const ops = await staffPage(browser, ['ops']);
  await ops.goto('/ops/act?do=cordon&target=plc_fs-p02-s04');
  await ops.getByLabel('Reason').fill('Water below the floor');
  await ops.getByLabel('Number of cards').fill('23');
  await ops.getByRole('button', { name: 'Cordon: 32 cards' }).click();
  await expect(ops.getByRole('alert').filter({ hasText: 'type 32' })).toContainText('No card changed its state');
  expect((await ops.goto('/ops/act?do=cordon&target=plc_gd'))?.status()).toBe(200);
  await ops.getByLabel('Reason').fill('Everything');
  await ops.getByLabel('Number of cards').fill('10256');
  await ops.getByRole('button', { name: 'Cordon: 10,256 cards' }).click();
  await expect(ops.getByRole('alert').filter({ hasText: 'more than one pool' })).toBeVisible();
});

test('a card made to fail is faulty, its reservation gets another, and recovery brings it back', async ({
  browser,
}) => {
  const [tenant, ops] = [await newTenant(browser), await staffPage(browser, ['ops'])];
  const { name, id } = await book(tenant.api, 3);
  const before = await cardsOf(ops, name);
  const [victim = ''] = before;
  await ops.goto(`/ops/cards/${victim}`);
  await ops.getByLabel('Fault', { exact: true }).selectOption({ label: 'Card lost' });
  await ops.getByRole('button', { name: 'Inject fault' }).click();
  await expect(ops.getByRole('row').filter({ hasText: 'then cold reboot it' }).first()).toContainText('goes on');
  await expect(ops.locator('h1 + span')).toContainText('Faulty');
  await ops.goto('/ops/faults');
  await expect(ops.getByRole('row').filter({ has: ops.locator(`a[href="/ops/cards/${victim}"]`) })).toContainText(
    'Fatal',
  );
  await passSeconds(180);
  const after = await cardsOf(ops, name);
  expect(after).toHaveLength(3);
  expect(after).not.toContain(victim);
  expect(await (await tenant.api.get(`reservations/${id}`)).json()).toMatchObject({ state: 'active', missingCards: 0 });
  await ops.goto(`/ops/cards/${victim}`);
  await ops.getByRole('button', { name: 'Cold reboot' }).click();
  await ops.getByRole('dialog').getByRole('button', { name: 'Cold reboot' }).click();
  await expect(
    ops.getByRole('row').filter({ hasText: 'Cold reboot' }).filter({ hasText: 'Done' }).first(),
  ).toBeVisible();
  await passSeconds(900);
  await ops.reload();
  await expect(ops.locator('h1 + span')).not.toContainText('Faulty');
  await expect(ops.getByText('Healthy')).toBeVisible();
});

test('a server with a running booking is drained, refused to maintenance while it is held, then worked on', async ({
  browser,
}) => {
  const [tenant, ops] = [await newTenant(browser), await staffPage(browser, ['ops'])];
  const { name, id } = await book(tenant.api, 8);
  const [card = ''] = await cardsOf(ops, name);
  const server = serverOf(card);
  await ops.goto(`/ops/servers/${server}`);
  await ops.getByRole('link', { name: 'Drain', exact: true }).click();
  await expect(ops).toHaveURL(/\/ops\/act\?do=drain/);
  await expect(ops.getByRole('row').filter({ hasText: name })).toContainText('In use, keeps its cards');
  await ops.getByLabel('Reason').fill('New firmware tonight');
  await ops.getByRole('button', { name: 'Drain: 8 cards' }).click();
  await expect(ops.getByText('Done.')).toBeVisible();
  await ops.goto(`/ops/servers/${server}`);
  await expect(ops.getByRole('row').filter({ hasText: name }).first()).toContainText('Draining');
  const blocked = ops.getByRole('button', { name: 'Start maintenance' });
  await expect(blocked).toHaveAccessibleDescription(/8 cards are in use, or bound to a reservation/);
  await blocked.hover();
  await expect(ops.getByText(/8 cards are in use/).last()).toBeVisible();
  await ops.goto(`/ops/act?do=startMaintenance&target=${server}`);
  await expect(ops.getByRole('alert').filter({ hasText: '8 cards are in use' })).toBeVisible();
  await ops.getByLabel('Reason').fill('Too early');
  await ops.getByRole('button', { name: 'Start maintenance: 8 cards' }).click();
  await expect(ops.getByRole('alert').filter({ hasText: 'no reservation is touched' })).toBeVisible();
  expect((await tenant.api.post(`reservations/${id}/release`, {})).status()).toBe(200);
  await ops.goto(`/ops/servers/${server}`);
  await expect(ops.getByText('Drained, ready for maintenance')).toHaveCount(8);
  await ops.getByRole('link', { name: 'Start maintenance' }).click();
  await ops.getByLabel('Reason').fill('New firmware');
  await ops.getByRole('button', { name: 'Start maintenance: 8 cards' }).click();
  await expect(ops.getByText('Done.')).toBeVisible();
  const other = await book(tenant.api, 1);
  expect((await cardsOf(ops, other.name)).map(serverOf)).not.toContain(server);
  await ops.goto(`/ops/act?do=finishMaintenance&target=${server}`);
  await ops.getByRole('button', { name: 'Finish maintenance: 8 cards' }).click();
  await expect(ops.getByText('Done.')).toBeVisible();
  await ops.goto(`/ops/cards/${card}`);
  const history = ops.getByRole('region', { name: 'History' }).getByRole('row');
  await expect(history.nth(1)).toContainText('Finish maintenance');
  await expect(history.nth(3)).toContainText('New firmware tonight');
  await ops.goto(`/ops/servers/${server}`);
  await expect(ops.getByRole('link', { name: 'Drain', exact: true })).toBeVisible();
});

test('a fault case is taken, refused to be resolved while it lasts, handed over, and resolves by itself', async ({
  browser,
}) => {
  const [ops, colleague] = [await staffPage(browser, ['ops']), await staffPage(browser, ['ops'])];
  const server = 'nod_fs-p02-s03-n4';
  const rowOn = (page: Page) => page.getByRole('row').filter({ has: page.locator(`a[href="/ops/servers/${server}"]`) });
  await ops.goto(`/ops/servers/${server}`);
  await ops.getByLabel('Fault', { exact: true }).selectOption({ label: 'Driver not loaded' });
  await ops.getByRole('button', { name: 'Inject fault' }).click();
  await ops.goto('/ops/faults?tab=unowned');
  await expect(rowOn(ops)).toContainText('whole server, 8 cards');
  await expect(rowOn(ops)).toContainText('Restart the driver');
  // The colleague's page hears of nothing new, as on a bad line, so it still offers what somebody else has taken.
  await colleague.route(/\/api\/live\?/, (route) => route.abort());
  await colleague.goto('/ops/faults?tab=unowned');
  await rowOn(ops).getByRole('button', { name: 'Take' }).click();
  await expect(rowOn(ops)).toHaveCount(0);
  await rowOn(colleague).getByRole('button', { name: 'Take' }).click();
  await expect(
    colleague.getByRole('alert').filter({ hasText: 'works on this case' }).or(colleague.getByText('No cases')).first(),
  ).toBeVisible();
  await ops.goto('/ops/faults?tab=mine');
  await expect(rowOn(ops)).toContainText('E2E Staff');
  await rowOn(ops).getByRole('button', { name: 'Resolve' }).click();
  const dialog = ops.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('It looks fine to me');
  await dialog.getByRole('button', { name: 'Resolve' }).click();
  await expect(dialog.getByRole('alert')).toContainText('still report the fault');
  await ops.keyboard.press('Escape');
  await rowOn(ops).getByRole('link', { name: 'Driver not loaded' }).click();
  await ops.getByLabel('Remark').fill('Restarting the driver now');
  await ops.getByRole('button', { name: 'Add remark' }).click();
  await expect(ops.getByRole('listitem').filter({ hasText: 'Restarting the driver now' })).toContainText('E2E Staff');
  await ops.getByRole('button', { name: 'Restart driver' }).click();
  await ops.getByRole('dialog').getByRole('button', { name: 'Restart driver' }).click();
  await expect(ops.getByRole('dialog')).toHaveCount(0);
  await passSeconds(180);
  await ops.reload();
  await expect(ops.getByText('Healthy again, resolved by itself')).toBeVisible();
  await ops.goto('/ops/faults?tab=resolved');
  await expect(rowOn(ops).first()).toContainText('its device is healthy again');
});

test('things are found by uuid, serial, id and path', async ({ browser }) => {
  const ops = await staffPage(browser, ['ops']);
  await ops.goto('/ops/cards/crd_sg-p02-s03-n4-c07');
  const uuid = await ops.locator('dd code').first().textContent();
  for (const text of [uuid ?? '', 'crd_sg-p02-s03-n4-c07', 'p02/s03/n4']) {
    await ops.goto('/ops/inventory');
    await ops.getByRole('searchbox').or(ops.getByRole('textbox')).fill(text);
    await ops.getByRole('button', { name: 'Find' }).click();
    await expect(
      ops
        .getByRole('region', { name: 'Found' })
        .or(ops.locator('section', { hasText: 'Found' }))
        .getByRole('link')
        .first(),
    ).toContainText('p02/s03/n4');
  }
  expect((await ops.goto('/ops/cards/crd_nothing'))?.status()).toBe(404);
  expect((await ops.goto('/ops/servers/nod_nothing'))?.status()).toBe(404);
});

test.describe('the demo clock', () => {
  const HOUR_MS = 3_600_000;
  const timeOf = async (page: Page): Promise<number> =>
    Date.parse((await page.locator('header time').first().getAttribute('datetime')) ?? '');

  test('is moved from the bar, and the page follows when the engine has arrived', async ({ browser }) => {
    const finance = await staffPage(browser, ['finance']);
    await expect(finance).toHaveURL('/finance');
    const before = await timeOf(finance);
    await finance.getByRole('button', { name: /^Demo clock/ }).click();
    await finance.getByRole('menuitem', { name: 'Move on 1 hour' }).click();
    await expect.poll(() => timeOf(finance)).toBe(before + HOUR_MS);
  });

  test('runs and stops on its page, refuses to go back, and customers only read it', async ({ browser, page }) => {
    const ops = await staffPage(browser, ['ops']);
    await ops.goto('/ops/clock');
    await ops.getByLabel('Beijing time').fill('2020-01-01 12:00');
    await ops.getByRole('button', { name: 'Move to this time' }).click();
    await expect(ops.getByRole('alert').filter({ hasText: 'does not go back' })).toContainText('unchanged');
    await ops.getByRole('button', { name: '1 minute a second' }).click();
    await expect(ops.getByText('60 s a second').first()).toBeVisible();
    await ops.getByRole('button', { name: 'Stop' }).click();
    await expect(ops.getByText('Caught up')).toBeVisible();
    await signUp(page);
    await expect(page.locator('header time')).toBeVisible();
    await expect(page.getByRole('button', { name: /^Demo clock/ })).toHaveCount(0);
  });
});

test('a pool that does not move on says so where its engine is shown, and since when', async ({ browser }) => {
  const setTrouble = async (at: string): Promise<void> => {
    const client = new pg.Client({ connectionString: process.env['DATABASE_URL'] });
    await client.connect();
    await client.query(`UPDATE pool_lease SET troubled_since = ${at} WHERE pool_id = $1`, [SMALL_POOL]);
    await client.end();
  };
  const ops = await staffPage(browser, ['ops']);
  await setTrouble("kashi_now() - interval '1 minute'");
  try {
    await ops.goto('/ops');
    await expect(ops.getByText('Standing still')).toHaveCount(1);
    await expect(ops.getByRole('alert').filter({ hasText: 'has not moved on since' })).toContainText('nothing is lost');
    const session = await ops.context().storageState();
    for (const look of LOOKS)
      await lookAt(browser, { look, session }, async (page) => {
        await page.goto('/ops');
        await expect(page.getByRole('alert').filter({ hasText: 'M890' })).toHaveCount(1);
        await expectWellMade(page);
      });
  } finally {
    await setTrouble('NULL');
  }
  await ops.reload();
  await expect(ops.getByText('Leading')).toHaveCount(2);
  await expect(ops.getByText('Standing still')).toHaveCount(0);
});

test('the operations console is for operations', async ({ browser, page }) => {
  await signUp(page);
  const finance = await staffPage(browser, ['finance']);
  for (const path of [
    '/ops',
    '/ops/map',
    '/ops/cards/crd_sg-p01-s01-n1-c00',
    '/ops/act?do=cordon&target=plc_sg-p01',
    '/ops/clock',
  ]) {
    expect((await page.goto(path))?.status(), path).toBe(404);
    expect((await finance.goto(path))?.status(), path).toBe(403);
  }
  const auditor = await staffPage(browser, ['auditor']);
  expect((await auditor.goto('/ops/act?do=cordon&target=plc_sg-p01'))?.status()).toBe(403);
  await auditor.goto('/ops/cards/crd_sg-p01-s01-n1-c00');
  await expect(auditor.getByRole('button', { name: 'Inject fault' })).toHaveCount(0);
});

const PATHS = [
  '/ops',
  '/ops/map',
  '/ops/map?view=table&show=free',
  '/ops/inventory?at=plc_sg-p01',
  '/ops/inventory?q=nothing',
  '/ops/servers/nod_sg-p01-s01-n1',
  '/ops/cards/crd_sg-p01-s01-n1-c00',
  '/ops/act?do=drain&target=plc_sg-p01-s01',
  '/ops/reservations?tab=all',
  '/ops/faults?tab=open',
  '/ops/faults?tab=resolved',
  '/ops/clock',
];

test.describe('every page, in both languages and both looks', () => {
  // Twelve pages each, every one read by axe.
  test.describe.configure({ timeout: 180_000 });
  let session: Session | undefined;

  test.beforeAll(async ({ browser }) => {
    session = await (await staffPage(browser, ['ops'])).context().storageState();
  });

  for (const look of LOOKS)
    test(`${look.locale}, ${look.colorScheme}: accessible, quiet, never wider than the window`, async ({ browser }) => {
      await lookAt(browser, { look, session }, PATHS);
    });
});
