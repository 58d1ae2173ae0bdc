import { expect, type Page, test } from '@playwright/test';
import { readBooks } from './support/api.ts';
import { watchConsole } from './support/checks.ts';
import { passSeconds } from './support/clock.ts';
import { LOOKS, lookAt, type Session } from './support/looks.ts';
import { askQuote, type Buyer, confirmQuote, newBuyer, openBooking, readReservation } from './support/market.ts';
import { signIn } from './support/people.ts';

test.use({ locale: 'en-GB' });

type Books = { readonly reservations: unknown; readonly balances: readonly (readonly [string, string])[] | null };

/** What is set aside for a reservation, in 1e-8 yuan. */
function heldFor(slug: string, reservationId: string): bigint {
  const { balances } = readBooks(slug) as Books;
  const [, units] = balances?.find(([path]) => path.startsWith('hold:') && path.endsWith(reservationId)) ?? [];
  return BigInt(units ?? 0);
}

/** An amount as shown, in fen. */
const fenOf = (amount: string): bigint => BigInt(amount.replaceAll(/[¥,.]/g, ''));

/** Reservations and balances, without the quotes that looking at prices leaves. */
function moneyAndPromises(slug: string): unknown {
  const { reservations, balances } = readBooks(slug) as Books;
  return { reservations, balances };
}

const alertOf = (page: Page) => page.getByRole('alert').filter({ hasText: 'Nothing was' });

test.describe('a reservation', () => {
  let buyer: Buyer;

  test.beforeAll(async ({ browser }) => {
    buyer = await newBuyer(browser, '100000');
  });

  test('begins now: 8 cards for 3 hours, and what is held is what was quoted', async () => {
    const { page, slug } = buyer;
    const complaints = watchConsole(page);
    await openBooking(buyer);
    await page.getByRole('button', { name: '16', exact: true }).click();
    await expect(page).toHaveURL(/cards=16/);
    await expect(page.getByRole('textbox', { name: 'Cards' })).toHaveValue('16');
    await page.getByRole('textbox', { name: 'Cards' }).fill('8');
    await expect(page).toHaveURL(/cards=8/);
    await expect(page.getByText('8 cards, 24.00 card-hours')).toBeVisible();
    await expect(page.getByText(/^Fits: [\d,]+ free$/)).toBeVisible();
    const amount = await askQuote(buyer);
    await expect(page.getByRole('button', { name: `Confirm reservation · ${amount}` })).toBeVisible();
    const id = await confirmQuote(buyer, 'first run');
    expect(await readReservation(buyer, id)).toMatchObject({ name: 'first run', state: 'active', cards: 8 });
    // The moment of the decision lies within the quote, so the hold is the quote or, across a band, less.
    const held = heldFor(slug, id);
    expect(held > 0n && held / 1_000_000n <= fenOf(amount)).toBe(true);
    await page.goto(`/console/${slug}`);
    await expect(page.getByRole('row', { name: /first run/ })).toContainText('Running');
    await expect(page.getByText(/^lasts about [\d,]+ h$/)).toBeVisible();
    await expect(page.getByText(/^Reserved: 8 cards, /)).toBeVisible();
    expect(complaints.filter((text) => !/404/.test(text))).toEqual([]);
  });

  test('begins at an hour chosen from the calendar by keyboard, and holds exactly the quote', async () => {
    const { page, slug } = buyer;
    await openBooking(buyer, { cards: '16', hours: '24', week: '1' });
    const calendar = page.getByRole('region', { name: 'Free cards' });
    await calendar.getByRole('link', { name: /free/ }).first().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    const label = (await page.locator(':focus').getAttribute('aria-label')) ?? '';
    const [, day = '', hour = ''] = /^(\S+) (\d\d):00, [\d,]+ free, ¥/.exec(label) ?? [];
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(new RegExp(`day=${day}&hour=${Number(hour)}`));
    await expect(page.getByRole('combobox', { name: 'Day' })).toHaveValue(day);
    await expect(page.getByRole('combobox', { name: 'Hour' })).toHaveValue(`${Number(hour)}`);
    await expect(calendar.locator('[aria-current="true"]')).toHaveAttribute('aria-label', label);
    const amount = await askQuote(buyer);
    await expect(page.getByRole('cell', { name: amount, exact: false }).last()).toBeVisible();
    const id = await confirmQuote(buyer, 'next week');
    expect(heldFor(slug, id)).toBe(fenOf(amount) * 1_000_000n);
    const startAt = new Date(`${day}T${hour}:00:00+08:00`).toISOString();
    expect(await readReservation(buyer, id)).toMatchObject({ state: 'confirmed', cards: 16, startAt });
    await page.goto(`/console/${slug}`);
    await expect(page.getByRole('row', { name: /next week/ })).toContainText('Confirmed');
  });

  test('is bought by the card for a term', async () => {
    const { page, slug } = buyer;
    await openBooking(buyer, { cards: '2' });
    await page.getByRole('radio', { name: 'By the card' }).check();
    await page.getByRole('radio', { name: /A week/ }).check();
    await expect(page).toHaveURL(/term=week/);
    const amount = await askQuote(buyer);
    await expect(page.getByText('50% of what the rest cost returns at once')).toBeVisible();
    const id = await confirmQuote(buyer, 'a week');
    expect(await readReservation(buyer, id)).toMatchObject({ purchase: 'by-card', state: 'active' });
    const { balances } = readBooks(slug) as Books;
    const paid = balances?.find(([path]) => path.startsWith('commitment:') && path.endsWith(id))?.[1];
    expect(BigInt(paid ?? 0)).toBe(fenOf(amount) * 1_000_000n);
  });

  test('that does not fit is refused with the earliest start as a link that fills the form', async ({ browser }) => {
    const { page, slug, api } = buyer;
    const startAt = await api.hourAhead(24 * 40);
    const beijing = new Date(Date.parse(startAt) + 8 * 3_600_000).toISOString();
    const start = { when: 'later', day: beijing.slice(0, 10), hour: `${Number(beijing.slice(11, 13))}` };
    const rival = await newBuyer(browser, '100000');
    const skuId = await api.skuId('M890', 'by-hour');
    await openBooking(buyer, { pool: 'pol_fs-m890', cards: '4', hours: '2', ...start });
    await expect(page.getByText(/^Fits: /)).toBeVisible();
    await askQuote(buyer);
    const blocking = await rival.api.book({ skuId, cards: 250, startAt, durationSeconds: 3 * 3_600 });
    const before = moneyAndPromises(slug);
    await page.getByRole('button', { name: /^Confirm reservation/ }).click();
    await expect(alertOf(page)).toContainText('Not enough cards are free in this time: 4 needed, 2 free.');
    expect(moneyAndPromises(slug)).toEqual(before);
    const later = new Date(Date.parse(startAt) + 11 * 3_600_000).toISOString();
    await alertOf(page)
      .getByRole('link', { name: `Start at ${later.slice(0, 10)} ${later.slice(11, 16)}` })
      .click();
    await expect(page.getByRole('combobox', { name: 'Hour' })).toHaveValue(`${Number(later.slice(11, 13))}`);
    await expect(page.getByRole('textbox', { name: 'Cards' })).toHaveValue('4');
    await expect(page.getByText(/^Fits: /)).toBeVisible();
    await rival.api.post(`reservations/${blocking}/cancel`, {});
  });

  test('keeps what is chosen before the scripts of its page have come', async () => {
    const { page, slug } = buyer;
    const { promise: haveCome, resolve: come } = Promise.withResolvers<void>();
    await page.route('**/*.js*', async (route) => {
      await haveCome;
      await route.continue();
    });
    await page.goto(`/console/${slug}/book?cards=8&hours=2`, { waitUntil: 'commit' });
    await page.getByRole('textbox', { name: 'Cards' }).fill('5');
    await page.getByRole('radio', { name: /^Same supernode/ }).check({ force: true });
    come();
    await expect(page.getByText('5 cards, 10.00 card-hours')).toBeVisible();
    await expect(page).toHaveURL(/cards=5&topology=same-supernode/);
    await page.unroute('**/*.js*');
  });

  test('works without JavaScript', async ({ browser }) => {
    const { page: own, slug } = buyer;
    const state = await own.context().storageState();
    const page = await (
      await browser.newContext({ locale: 'en-GB', javaScriptEnabled: false, storageState: state })
    ).newPage();
    await page.goto(`/console/${slug}/book`);
    await page.getByRole('textbox', { name: 'Cards' }).fill('3');
    await page.getByRole('textbox', { name: 'Cards' }).press('Enter');
    await expect(page.getByText('3 cards, 9.00 card-hours')).toBeVisible();
    await page.getByRole('button', { name: '4', exact: true }).click();
    await expect(page.getByText('4 cards, 12.00 card-hours')).toBeVisible();
    await page.getByRole('button', { name: /^Get quote/ }).click();
    await expect(page.getByRole('heading', { name: 'Quote', level: 1 })).toBeVisible();
    await page.getByRole('button', { name: /^Confirm reservation/ }).click();
    await expect(page).toHaveURL(/\/reservations\/rsv_/);
  });
});

test.describe('a refusal', () => {
  test('says what, what is safe and what to do: no money, too many cards, a time that is past', async ({ browser }) => {
    const poor = await newBuyer(browser, null);
    const { page, slug } = poor;
    await openBooking(poor);
    await askQuote(poor);
    await expect(page.getByRole('alert').filter({ hasText: 'The wallet lacks ¥' })).toBeVisible();
    const before = moneyAndPromises(slug);
    await page.getByRole('button', { name: /^Confirm reservation/ }).click();
    await expect(alertOf(page)).toContainText('The wallet does not hold enough');
    await expect(alertOf(page)).toBeFocused();
    await expect(alertOf(page).getByRole('link', { name: 'Top up the wallet' })).toHaveAttribute(
      'href',
      `/console/${slug}/wallet`,
    );
    expect(moneyAndPromises(slug)).toEqual(before);

    await openBooking(poor, { cards: '10001' });
    await expect(alertOf(page)).toContainText('The number of cards is out of range.');
    await expect(page.getByRole('button', { name: /^Get quote/ })).toHaveCount(0);
    await alertOf(page).getByRole('link', { name: '10,000 cards' }).click();
    await expect(page.getByRole('textbox', { name: 'Cards' })).toHaveValue('10000');
    await expect(page.getByRole('button', { name: /^Get quote/ })).toBeVisible();

    await openBooking(poor, { when: 'later', day: '2020-01-01', hour: '5' });
    await expect(alertOf(page)).toContainText('The start is in the past.');
    await alertOf(page).getByRole('link', { name: 'Start now' }).click();
    await expect(page.getByRole('radio', { name: 'Now' })).toBeChecked();

    await openBooking(poor, { cards: '20', topology: 'same-server' });
    await expect(alertOf(page)).toContainText('So many cards do not fit');
    await alertOf(page).getByRole('link', { name: 'Anywhere' }).click();
    await expect(page.getByRole('radio', { name: /^Anywhere/ })).toBeChecked();
    for (const hours of ['0', '2.5', 'two', '-1']) {
      await openBooking(poor, { hours });
      await expect(alertOf(page)).toContainText('The number of hours is out of range.');
    }
  });

  test('another organisation’s quote is not there, and an expired one asks again for the same', async ({ browser }) => {
    const [owner, stranger] = [await newBuyer(browser, '1000'), await newBuyer(browser, null)];
    await openBooking(owner, { cards: '2', hours: '5' });
    await askQuote(owner);
    const quoteId = owner.page.url().split('/').at(-1);
    for (const slug of [stranger.slug, owner.slug]) {
      const answer = await stranger.page.goto(`/console/${slug}/book/quote/${quoteId}`);
      expect(answer?.status()).toBe(404);
    }
    await passSeconds(601);
    await owner.page.reload();
    await expect(owner.page.getByText('This quote has expired')).toBeVisible();
    await expect(owner.page.getByRole('button', { name: /^Confirm/ })).toHaveCount(0);
    await owner.page.getByRole('link', { name: 'Ask again for the same' }).click();
    await expect(owner.page.getByRole('textbox', { name: 'Hours' })).toHaveValue('5');
  });

  test('a role that may not reserve is not led to the page and does not open it', async ({ browser }) => {
    const page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
    await signIn(page, 'billing@xingtu.example', 'kashi demo 2026');
    await expect(page).toHaveURL(/\/console\/[^/]+$/);
    await expect(page.getByRole('link', { name: '钱包' }).first()).toBeVisible();
    await expect(page.getByRole('link', { name: '预订算力' })).toHaveCount(0);
    const answer = await page.goto(`${page.url()}/book`);
    expect(answer?.status()).toBe(403);
  });
});

test.describe('the pages, in both languages and both looks', () => {
  let paths: readonly string[] = [];
  let session: Session | undefined;

  test.beforeAll(async ({ browser }) => {
    const buyer = await newBuyer(browser, '50000');
    const { page, slug } = buyer;
    await openBooking(buyer, { hours: '12' });
    await askQuote(buyer);
    await confirmQuote(buyer, 'a long name that somebody gave to a reservation to tell it apart');
    await openBooking(buyer, { hours: '12' });
    await askQuote(buyer);
    const book = `/console/${slug}/book`;
    paths = [
      `/console/${slug}`,
      book,
      `${book}?way=by-card&cards=32&topology=same-supernode&when=later`,
      `${book}?cards=20&topology=same-server`,
      new URL(page.url()).pathname,
      '/',
    ];
    session = await page.context().storageState();
  });

  for (const look of LOOKS)
    test(`${look.locale}, ${look.colorScheme}: accessible, quiet, never wider than the window`, async ({ browser }) => {
      await lookAt(browser, { look, session }, paths);
    });
});
