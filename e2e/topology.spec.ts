import { expect, type Page, test } from '@playwright/test';
import { expectRefused } from './support/api.ts';
import { watchConsole } from './support/checks.ts';
import { LOOKS, lookAt } from './support/looks.ts';
import { askQuote, type Buyer, confirmQuote, newBuyer, openBooking, readReservation } from './support/market.ts';

test.use({ locale: 'en-GB' });

const alertOf = (page: Page) => page.getByRole('alert').filter({ hasText: 'Nothing was' });

test.describe('how the cards of a booking lie', () => {
  let buyer: Buyer;

  test.beforeAll(async ({ browser }) => {
    buyer = await newBuyer(browser, '1000000');
  });

  test('supernodes of its own: refused where cards do not make them up, given whole, and given back whole', async () => {
    const { page, slug } = buyer;
    const complaints = watchConsole(page);
    await openBooking(buyer, { cards: '100', topology: 'whole-supernodes' });
    await expect(page.getByRole('radio', { name: /^Whole supernodes/ })).toBeChecked();
    await expect(alertOf(page)).toContainText('These cards do not make whole supernodes.');
    await alertOf(page).getByRole('link', { name: '128 cards' }).click();
    await expect(page.getByRole('textbox', { name: 'Cards', exact: true })).toHaveValue('128');
    await askQuote(buyer);
    await expect(page.getByText('Whole supernodes')).toBeVisible();
    const id = await confirmQuote(buyer, 'own supernodes');
    await expect(page.getByText('on 8 servers in 2 supernodes').first()).toBeVisible();
    expect(await readReservation(buyer, id)).toMatchObject({ topology: 'whole-supernodes', cards: 128 });
    await page.goto(`/console/${slug}/reservations/${id}/shrink?cards=16`);
    await expect(page.getByText('These cards do not make whole supernodes.')).toBeVisible();
    await expect(page.getByText('give back a multiple of 64.')).toBeVisible();
    expect(complaints).toEqual([]);
  });

  test('segments: each on one server, the gang in one supernode where there is room, and both are shown', async () => {
    const { page, api } = buyer;
    await openBooking(buyer, { cards: '48', topology: 'same-server' });
    await expect(alertOf(page)).toContainText('So many cards do not fit');
    await page.getByText('For work over several servers').click();
    await page.getByRole('textbox', { name: 'Cards in a segment' }).fill('9');
    await expect(alertOf(page)).toContainText('These cards cannot be cut into such segments.');
    await page.getByRole('textbox', { name: 'Cards in a segment' }).fill('8');
    await expect(page).toHaveURL(/segment=8/);
    await page.getByRole('combobox', { name: 'All cards together' }).selectOption('supernode');
    await expect(page).toHaveURL(/prefer=supernode/);
    await askQuote(buyer);
    await expect(page.getByText('6 segments of 8 · one supernode if there is room')).toBeVisible();
    const id = await confirmQuote(buyer, 'segments');
    await expect(page.getByText('6 segments of 8 · one supernode if there is room')).toBeVisible();
    await expect(page.getByText(/^on \d servers in 1 supernode$/).first()).toBeVisible();
    expect(await readReservation(buyer, id)).toMatchObject({
      topology: 'same-server',
      segmentCards: 8,
      preferred: 'supernode',
    });
    const { skuId } = await readReservation(buyer, id);
    const wish = { skuId, cards: 20, topology: 'same-server', durationSeconds: 3_600 };
    await expectRefused(await api.post('quotes', { ...wish, gang: { segmentCards: 8 } }), 422, 'segmentsImpossible');
    await expectRefused(await api.post('quotes', { ...wish, gang: { preferred: 'rack' } }), 400, 'inputInvalid');
    await expectRefused(await api.post('quotes', { ...wish, gang: { segments: 8 } }), 400, 'inputInvalid');
  });

  for (const look of LOOKS)
    test(`${look.locale}, ${look.colorScheme}: accessible, quiet, never wider than the window`, async ({ browser }) => {
      const session = await buyer.page.context().storageState();
      const book = `/console/${buyer.slug}/book`;
      await lookAt(browser, { look, session }, [
        `${book}?cards=64&topology=whole-supernodes`,
        `${book}?cards=48&topology=same-server&segment=8&prefer=supernode`,
      ]);
    });
});
