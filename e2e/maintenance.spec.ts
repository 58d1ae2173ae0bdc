import { type Browser, expect, type Page, test } from '@playwright/test';
import { Api, createApiKey, freshKey, payIn } from './support/api.ts';
import { passTo } from './support/clock.ts';
import { expectWellMade, LOOKS, lookAt, type Session } from './support/looks.ts';
import { createStaff, signIn, signUp } from './support/people.ts';

const SMALL_POOL = 'pol_fs-m890';
const HOUR_MS = 3_600_000;
const BEIJING_MS = 8 * HOUR_MS;

const beijing = (at: Date): string => new Date(at.getTime() + BEIJING_MS).toISOString().slice(0, 16).replace('T', ' ');
const after = (at: Date, hours: number): Date => new Date(at.getTime() + hours * HOUR_MS);

async function newPage(browser: Browser): Promise<Page> {
  return (await browser.newContext({ locale: 'en-GB' })).newPage();
}

/** A customer with a booking of 8 cards of the small pool for 12 hours, and where its cards are. */
async function newBooking(browser: Browser, ops: Page) {
  const page = await newPage(browser);
  const { slug, email, organisation } = await signUp(page);
  payIn(email, '100000');
  const api = new Api(page.request, await createApiKey(page, slug));
  const [name, skuId] = [freshKey(), await api.skuId('M890', 'by-hour')];
  const id = await api.book({ skuId, cards: 4, topology: 'same-supernode', durationSeconds: 12 * 3_600 }, name);
  const startAt = new Date(await api.hourAhead(2));
  await ops.goto(`/ops/map?pool=${SMALL_POOL}&show=inUse&view=table`);
  const link = ops.getByRole('row').filter({ hasText: name }).first().getByRole('link', { name: /slot/ });
  const card = (await link.getAttribute('href'))?.split('/').pop() ?? '';
  const [pod = '', supernode = ''] = card.slice('crd_fs-'.length).split('-');
  return { page, name, organisation, url: `/console/${slug}/reservations/${id}`, startAt, card, pod, supernode };
}

let session: Session;
let paths: string[] = [];

test.describe
  .serial('maintenance of a supernode', () => {
    test('is worked out, confirmed, told, carried out, and over by itself', async ({ browser }) => {
      test.setTimeout(180_000);
      const ops = await newPage(browser);
      await signIn(ops, createStaff(['ops']));
      const { page, name, organisation, url, startAt, card, pod, supernode } = await newBooking(browser, ops);
      await ops.goto('/ops/maintenance');
      await expect(ops.getByRole('row').filter({ hasText: 'M890' })).toContainText('2%');
      await ops.getByRole('link', { name: 'Plan maintenance' }).click();
      await ops.getByRole('textbox', { name: 'Supernode, server or card' }).fill(`${pod}/${supernode}`);
      await ops.getByRole('button', { name: 'Find' }).click();
      await ops.getByRole('link', { name: `gd/fs/${pod}/${supernode}`, exact: true }).click();
      await ops.getByLabel('Start (Beijing time)').fill(beijing(startAt));
      await ops.getByLabel('Hours').fill('2');
      await ops.getByRole('button', { name: 'Work out the effect' }).click();

      await expect(ops.getByRole('heading', { level: 1, name: 'Effect: 32 cards' })).toBeVisible();
      const hit = ops.getByRole('row').filter({ hasText: name });
      await expect(hit).toContainText(organisation);
      await expect(hit).toContainText('4 cannot move');
      await expect(ops.getByRole('definition').filter({ hasText: '4 cards without another' })).toBeVisible();
      paths = [new URL(ops.url()).pathname];
      await ops.getByLabel('Who runs on the cards').selectOption('move');
      await ops.getByLabel('Reason').fill('New fans');
      await ops.getByLabel('Number of cards').fill('31');
      await ops.getByRole('button', { name: 'Plan maintenance of 32 cards' }).click();
      await expect(ops.getByRole('alert').filter({ hasText: 'type 32' })).toBeVisible();
      await expect(ops.getByLabel('Who runs on the cards')).toHaveValue('move');
      await ops.getByLabel('Number of cards').fill('32');
      await ops.getByRole('button', { name: 'Plan maintenance of 32 cards' }).click();
      await expect(ops.getByRole('heading', { level: 1, name: 'Maintenance window' })).toBeVisible();
      await expect(ops.getByText('Planned', { exact: true })).toBeVisible();
      paths.push(new URL(ops.url()).pathname);

      await page.goto(url);
      await expect(page.getByRole('alert').filter({ hasText: beijing(startAt) })).toContainText('4 of these cards');

      await passTo(after(startAt, 0.1));
      await expect(ops.getByText('Running', { exact: true })).toBeVisible();
      await expect(ops.getByRole('row').filter({ hasText: 'still in use' })).toHaveCount(4);
      await expect(ops.getByRole('row').filter({ hasText: 'in maintenance' })).toHaveCount(28);
      await ops.goto(`/ops/cards/${card}`);
      await expect(ops.getByText('Draining').first()).toBeVisible();
      await passTo(after(startAt, 2.1));
      await ops.goto(paths[1] ?? '');
      await expect(ops.getByText('Done', { exact: true })).toBeVisible();
      await expect(ops.getByRole('row').filter({ hasText: 'back in service' })).toHaveCount(28);
      await expect(ops.getByRole('row').filter({ hasText: 'not maintained' })).toHaveCount(4);
      await ops.goto(`/ops/cards/${card}`);
      await expect(ops.getByRole('row').filter({ hasText: 'New fans' }).first()).toBeVisible();
      session = await ops.context().storageState();
    });

    test('a window that is planned is called off by keyboard', async ({ browser }) => {
      const ops = await (await browser.newContext({ locale: 'en-GB', storageState: session })).newPage();
      await ops.goto('/ops/maintenance/new?target=nod_fs-p02-s01-n2');
      await ops.getByLabel('Hours').fill('x');
      await ops.getByRole('button', { name: 'Work out the effect' }).press('Enter');
      await expect(ops.getByLabel('Hours')).toHaveAttribute('aria-invalid', 'true');
      await ops.getByLabel('Hours').fill('1');
      await ops.getByLabel('Start (Beijing time)').fill('2031-01-01 03:00');
      await ops.getByRole('button', { name: 'Work out the effect' }).press('Enter');
      await expect(ops.getByText('Nobody is on these cards')).toBeVisible();
      await ops.getByLabel('Reason').fill('Cables');
      await ops.getByRole('button', { name: 'Plan maintenance of 8 cards' }).press('Enter');
      await ops.getByRole('button', { name: 'Call it off' }).press('Enter');
      await ops.getByRole('dialog').getByRole('button', { name: 'Call it off' }).press('Enter');
      await expect(ops.getByText('Called off', { exact: true })).toBeVisible();
    });

    for (const look of LOOKS)
      test(`its pages are well made: ${look.locale}, ${look.colorScheme}`, async ({ browser }) => {
        await lookAt(browser, { look, session }, async (page) => {
          const all = ['/ops/maintenance', '/ops/maintenance?tab=over', '/ops/maintenance/new', ...paths];
          for (const path of [...all, '/ops/maintenance/new?target=plc_fs-p01-s01']) {
            await page.goto(path);
            await expectWellMade(page);
            const file = `${look.locale}-${path.replace(/\W+/g, '_').slice(0, 40)}-${page.viewportSize()?.width}.png`;
            await page.screenshot({ path: test.info().outputPath(file), fullPage: true });
          }
        });
      });
  });
