import { expect, test } from '@playwright/test';
import { expectRefused } from './support/api.ts';
import { passSeconds } from './support/clock.ts';
import { expectWellMade, LOOKS, lookAt } from './support/looks.ts';
import { type Buyer, newBuyer, readReservation } from './support/market.ts';

test.use({ locale: 'en-GB' });

test.describe('a running reservation', () => {
  let buyer: Buyer;
  let id: string;

  test.beforeAll(async ({ browser }) => {
    buyer = await newBuyer(browser, '100000');
    const skuId = await buyer.api.skuId('810E', 'by-hour');
    id = await buyer.api.book({ skuId, cards: 8, durationSeconds: 3 * 3_600 }, 'changed');
  });

  test('gives back the cards that are ticked, and what was held for them returns', async () => {
    const { page, slug } = buyer;
    await page.goto(`/console/${slug}/reservations/${id}`);
    await page.getByRole('link', { name: 'Give cards back' }).click();
    await page.getByLabel('Cards to give back').fill('2');
    await page.getByRole('button', { name: 'Show what returns' }).click();
    await expect(page).toHaveURL(/cards=2/);
    await expect(page.getByText('6 cards', { exact: true })).toBeVisible();
    await page.getByText('Choose them').click();
    await page.getByRole('checkbox').nth(0).check();
    await page.getByRole('checkbox').nth(3).check();
    await page.getByRole('button', { name: /^Give back 2 · ¥[\d,.]+ back$/ }).click();
    await expect(page).toHaveURL(new RegExp(`/reservations/${id}$`));
    await expect(page.getByText(/^2 cards given back, 6 left, ¥/)).toBeVisible();
    expect(await readReservation(buyer, id)).toMatchObject({ cards: 6, state: 'active' });
  });

  test('cannot give back all of its cards that way, and says what to do instead', async () => {
    const { page, slug, api } = buyer;
    await page.goto(`/console/${slug}/reservations/${id}/shrink?cards=6`);
    await expect(page.getByRole('alert').filter({ hasText: 'The number of cards is out of range.' })).toBeVisible();
    await expectRefused(await api.post(`reservations/${id}/shrink`, { cards: 6 }), 422, 'cardsOutOfRange');
  });

  test('extends itself when it is told to, and not above the cap', async () => {
    const { page, slug } = buyer;
    await page.goto(`/console/${slug}/reservations/${id}`);
    await page.getByRole('link', { name: 'Go on by itself' }).click();
    const cap = page.getByLabel('Highest price, yuan per card-hour');
    const usual = await cap.inputValue();
    await cap.fill('0.01');
    await page.getByRole('button', { name: 'Switch on' }).click();
    await expect(page.getByRole('alert').filter({ hasText: 'above the cap' })).toBeVisible();
    await cap.fill(usual);
    await page.getByRole('button', { name: 'Switch on' }).click();
    await expect(page).toHaveURL(new RegExp(`/reservations/${id}$`));
    await expect(page.getByText(/^On: 1 hour at a time, at most ¥/)).toBeVisible();
    await passSeconds(2.6 * 3_600);
    await expect(page.getByText(/^Extended itself to /).first()).toBeVisible();
    await page.getByRole('link', { name: 'Go on by itself' }).click();
    await page.getByRole('button', { name: 'Switch off' }).click();
    await expect(page.getByText('No longer extends itself')).toBeVisible();
    await passSeconds(1.3 * 3_600);
    await expect(page.getByText(/^Ends in 10 minutes: /)).toBeVisible();
  });

  test('has pages that are well made in both languages', async ({ browser }) => {
    const { page, slug, api } = buyer;
    const skuId = await api.skuId('810E', 'by-card');
    const term = await api.book({ skuId, cards: 4, term: 'day' }, 'a term');
    const session = await page.context().storageState();
    for (const look of LOOKS) {
      await lookAt(browser, { look, session }, async (own) => {
        for (const at of ['shrink', 'auto-extend', 'release', 'extend']) {
          await own.goto(`/console/${slug}/reservations/${term}/${at}`);
          await expectWellMade(own);
          const width = own.viewportSize()?.width ?? 0;
          await own.screenshot({ path: `test-results/changes-${at}-${look.locale}-${width}.png`, fullPage: true });
        }
      });
    }
  });
});

test('a reservation to come is handed over, and only the organisation that it is offered to sees it', async ({
  browser,
}) => {
  const [seller, taker] = [await newBuyer(browser, '10000'), await newBuyer(browser, '10000')];
  const skuId = await seller.api.skuId('810E', 'by-hour');
  const startAt = await seller.api.hourAhead(30);
  const id = await seller.api.book({ skuId, cards: 2, startAt, durationSeconds: 7_200 }, 'to hand over');
  const { page } = seller;
  await page.goto(`/console/${seller.slug}/reservations/${id}`);
  await page.getByRole('link', { name: 'Transfer' }).click();
  await page.getByLabel('Address of the organisation').fill('no-such-organisation');
  await page.getByRole('button', { name: 'Offer it' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'no organisation with this address' })).toBeVisible();
  await page.getByLabel('Address of the organisation').fill(taker.slug);
  await page.getByRole('button', { name: 'Offer it' }).click();
  await expect(page.getByText(`Offered to ${taker.slug}.`)).toBeVisible();
  expect((await taker.page.goto(`/console/${taker.slug}/reservations/${id}`))?.status()).toBe(404);
  await taker.page.goto(`/console/${taker.slug}/reservations`);
  await taker.page.getByRole('button', { name: 'Accept' }).click();
  await taker.page.getByRole('button', { name: /^Accept · hold ¥/ }).click();
  await expect(taker.page).toHaveURL(/\/reservations\/rsv_\w+$/);
  await expect(taker.page.getByText(/^Taken over: 2 cards, ¥/)).toBeVisible();
  await page.goto(`/console/${seller.slug}/reservations/${id}`);
  await expect(page.getByText(/^Handed over; all of the ¥/)).toBeVisible();
});

test('a reservation whose time after the end is taken says so a day ahead, with other ways on', async ({ browser }) => {
  const [buyer, rival] = [await newBuyer(browser, '1000000'), await newBuyer(browser, '1000000')];
  const skuId = await buyer.api.skuId('M890', 'by-hour');
  const id = await buyer.api.book({ skuId, cards: 16, durationSeconds: 26 * 3_600 }, 'soon over');
  const startAt = await rival.api.hourAhead(28);
  await rival.api.book({ skuId, cards: 252, startAt, durationSeconds: 3 * 3_600 }, 'everything');
  await passSeconds(2.2 * 3_600);
  const { page, slug } = buyer;
  await page.goto(`/console/${slug}/reservations/${id}`);
  await expect(page.getByText(/^Ends in 24 hours: /)).toBeVisible();
  const alert = page.getByRole('alert').filter({ hasText: 'What follows its end is taken' });
  await expect(alert).toContainText('it can be extended to');
  await page.screenshot({ path: 'test-results/changes-ahead.png', fullPage: true });
  await alert.getByRole('link', { name: 'Extend to then' }).click();
  await expect(page).toHaveURL(/extend\?hours=[12]$/);
  await page.goto(`/console/${slug}`);
  await expect(page.getByText(/^Others have reserved what follows: /)).toBeVisible();
});
