import { expect, type Page, test } from '@playwright/test';
import { readAskedId } from './support/api.ts';
import { expectWellMade, LOOKS, lookAt } from './support/looks.ts';
import { askQuote, type Buyer, confirmQuote, newBuyer, openBooking } from './support/market.ts';
import { createStaff, signIn } from './support/people.ts';

test.use({ locale: 'en-GB' });

type Why = {
  readonly id: string;
  readonly status: string;
  readonly explanation: {
    readonly reason: string;
    readonly blocked: Record<string, { count: number; cards: number }>;
    readonly blockers: readonly { readonly id: string }[];
    readonly sooner: readonly { readonly change: string; readonly value: number | string }[];
  } | null;
};

const alertOf = (page: Page) => page.getByRole('alert').filter({ hasText: 'Nothing was' });

/** Day and hour in Beijing, as the booking page takes them. */
function startFields(startAt: string): { when: string; day: string; hour: string } {
  const beijing = new Date(Date.parse(startAt) + 8 * 3_600_000).toISOString();
  return { when: 'later', day: beijing.slice(0, 10), hour: `${Number(beijing.slice(11, 13))}` };
}

test.describe('why', () => {
  let buyer: Buyer;
  let rival: Buyer;
  let startAt = '';
  let commandId = '';
  let blocking = '';

  test.beforeAll(async ({ browser }) => {
    buyer = await newBuyer(browser, '100000');
    rival = await newBuyer(browser, '100000');
    startAt = await buyer.api.hourAhead(24 * 33);
  });

  test('a refused reservation says what is missing, and a suggestion books it', async () => {
    const { page, api } = buyer;
    const skuId = await api.skuId('M890', 'by-hour');
    await openBooking(buyer, { pool: 'pol_fs-m890', cards: '24', hours: '6', ...startFields(startAt) });
    await askQuote(buyer);
    const later = new Date(Date.parse(startAt) + 3 * 3_600_000).toISOString();
    blocking = await rival.api.book({ skuId, cards: 236, startAt: later, durationSeconds: 4 * 3_600 });
    await page.getByRole('button', { name: /^Confirm reservation/ }).click();
    await expect(alertOf(page)).toContainText('24 cards are free at the start, but not for so long');
    await expect(alertOf(page)).toContainText('At the tightest moment 1 reservation holds 236 cards.');
    await expect(alertOf(page)).not.toContainText(blocking);
    await expect(alertOf(page).getByRole('link', { name: '16 cards' })).toBeVisible();
    await expectWellMade(page);
    await alertOf(page).getByRole('link', { name: 'Only 3 hours' }).click();
    await expect(page.getByRole('textbox', { name: 'Hours' })).toHaveValue('3');
    await askQuote(buyer);
    const id = await confirmQuote(buyer, 'the gap');
    await expect(page.getByText(/^Cards are assigned 30 minutes before the start, at /)).toBeVisible();
    const waits = (await (await api.get(`explain/${id}`)).json()) as Why;
    expect(waits).toMatchObject({ status: 'waiting', explanation: { reason: 'waitingForStart' } });
    await api.post(`reservations/${id}/cancel`, {});
  });

  test('a program finds the reason by the command’s id, its own reservations by name and others’ as counts', async () => {
    const { api } = buyer;
    const skuId = await api.skuId('M890', 'by-hour');
    const later = new Date(Date.parse(startAt) + 3 * 3_600_000).toISOString();
    const quoteId = await api.quote({ skuId, cards: 20, startAt: later, durationSeconds: 3_600 });
    const refused = await api.post('reservations', { quoteId, name: 'too many' });
    expect(refused.status()).toBe(409);
    const { error } = (await refused.json()) as { error: { details: { commandId: string } } };
    commandId = error.details.commandId;
    const why = (await (await api.get(`explain/${commandId}`)).json()) as Why;
    expect(why).toMatchObject({
      status: 'refused',
      explanation: { reason: 'capacityExhausted', blocked: { reservation: { count: 1, cards: 236 } }, blockers: [] },
    });
    expect(why.explanation?.sooner).toContainEqual(expect.objectContaining({ change: 'fewerCards', value: 16 }));
    for (const other of [`explain/${commandId}`, 'explain/cmd_none']) {
      const program = other.endsWith('none') ? api : rival.api;
      expect((await program.get(other)).status()).toBe(404);
    }
  });

  test('staff see what is in the way by name, and go there', async ({ browser }) => {
    const page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
    await signIn(page, createStaff(['ops']));
    await page.goto(`/ops/reservations/${commandId}`);
    await expect(page.getByRole('heading', { name: 'Why', level: 1 })).toBeVisible();
    await page.getByRole('link', { name: blocking }).click();
    await expect(page).toHaveURL(new RegExp(`/ops/reservations/${blocking}`));
    await expect(page.getByText(/^Cards are assigned 30 minutes before the start/)).toBeVisible();
    const session = await page.context().storageState();
    for (const look of LOOKS) await lookAt(browser, { look, session }, [`/ops/reservations/${commandId}`]);
    await rival.api.post(`reservations/${blocking}/cancel`, {});
  });

  test('the page of a refused request says why, in both languages', async ({ browser }) => {
    const { page, slug, api } = buyer;
    const skuId = await api.skuId('M890', 'by-hour');
    const startsAt = await api.hourAhead(24 * 35);
    const taken = await rival.api.book({ skuId, cards: 246, startAt: startsAt, durationSeconds: 2 * 3_600 });
    const quoteId = await api.quote({ skuId, cards: 9, startAt: startsAt, durationSeconds: 3_600 });
    expect((await api.post('reservations', { quoteId, name: `nine of ${slug}` })).status()).toBe(409);
    const asked = readAskedId(`nine of ${slug}`);
    await page.goto(`/console/${slug}/reservations/${asked}`);
    await expect(alertOf(page)).toContainText('9 needed, 6 free');
    const session = await page.context().storageState();
    for (const look of LOOKS) await lookAt(browser, { look, session }, [`/console/${slug}/reservations/${asked}`]);
    await page.getByRole('link', { name: '6 cards' }).click();
    await expect(page.getByRole('textbox', { name: 'Cards' })).toHaveValue('6');
    await rival.api.post(`reservations/${taken}/cancel`, {});
  });
});
