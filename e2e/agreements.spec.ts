import { expect, type Page, test } from '@playwright/test';
import { watchConsole } from './support/checks.ts';
import { LOOKS, lookAt } from './support/looks.ts';
import { askQuote, type Buyer, confirmQuote, newBuyer, openBooking } from './support/market.ts';
import { newFinance } from './support/two-people.ts';

test.use({ locale: 'en-GB' });
// One agreement, from its proposal to its end.
test.describe.configure({ mode: 'serial' });

let buyer: Buyer;
let one: Page;
let two: Page;
const CONTRACT = 'KS-2026-085';

const rowOf = (page: Page) => page.getByRole('row').filter({ hasText: CONTRACT });
const digits = (text: string): bigint => BigInt(text.replaceAll(/\D/g, ''));

/** The price and the list price of the hourly 810E, as the buyer's program sees them. */
async function catalogPrice() {
  const response = await buyer.api.get('catalog');
  const { skus } = (await response.json()) as {
    skus: {
      purchase: string;
      priceE10PerCardHour: string;
      listPriceE10PerCardHour: string;
      contractNumber: string | null;
    }[];
  };
  const sku = skus.find(({ purchase }) => purchase === 'by-hour');
  return {
    price: BigInt(sku?.priceE10PerCardHour ?? 0),
    list: BigInt(sku?.listPriceE10PerCardHour ?? 0),
    contract: sku?.contractNumber,
  };
}

test.beforeAll(async ({ browser }) => {
  buyer = await newBuyer(browser, '10000');
  [one, two] = [await newFinance(browser), await newFinance(browser)];
});

test('one of finance proposes a price, after what made no sense was refused in words', async ({ browser }) => {
  const complaints = watchConsole(one);
  await one.goto('/finance/agreements');
  await one.getByRole('link', { name: 'Propose a price' }).click();
  await one.getByLabel('Organisation', { exact: true }).fill(buyer.slug);
  await one.getByLabel('Per cent or price').fill('120');
  await one.getByLabel('Contract number').fill(CONTRACT);
  await one.getByLabel('Reason').fill('Two years of custom');
  await one.getByRole('button', { name: 'Propose', exact: true }).click();
  await expect(one.getByLabel('Per cent or price')).toHaveAttribute('aria-invalid', 'true');
  await one.getByLabel('Per cent or price').fill('85');
  await one.getByLabel('Begins').fill('2020-01-01T00:00');
  await one.getByRole('button', { name: 'Propose', exact: true }).click();
  await expect(one.getByText('An agreed price cannot begin in the past')).toBeVisible();
  await one.getByLabel('Begins').fill('');
  await one.getByRole('button', { name: 'Propose', exact: true }).click();
  await expect(one).toHaveURL('/finance/agreements');
  await expect(rowOf(one)).toContainText('85% of the list price');
  await expect(rowOf(one)).toContainText('Waits');
  await expect(rowOf(one).getByRole('button', { name: 'Approve' })).toHaveCount(0);
  expect(complaints).toEqual([]);
  const session = await one.context().storageState();
  for (const look of LOOKS)
    await lookAt(browser, { look, session }, ['/finance/agreements', '/finance/agreements/new', '/finance/approvals']);
  expect((await catalogPrice()).contract).toBeNull();
});

test('another approves it, and the customer sees and pays it, beside the list price', async ({ browser }) => {
  await two.goto('/finance/approvals');
  await rowOf(two).getByRole('button', { name: 'Approve' }).click();
  await two.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await expect(two.getByRole('dialog')).toHaveCount(0);
  await expect(rowOf(two)).toHaveCount(0);

  const { price, list, contract } = await catalogPrice();
  expect([price, contract]).toEqual([(list * 85n) / 100n, CONTRACT]);

  await openBooking(buyer, { cards: '8', hours: '1' });
  const note = buyer.page.getByText(`contract ${CONTRACT}`).filter({ visible: true });
  await expect(note.first()).toContainText('list price');
  const amount = await askQuote(buyer);
  await expect(note.first()).toBeVisible();
  const quotePage = new URL(buyer.page.url()).pathname;
  const before = buyer.page.getByText('At the list price it would be').filter({ visible: true }).first();
  const [byList = '', saved = ''] = ((await before.textContent()) ?? '').match(/¥[\d,.]+\d/g) ?? [];
  expect(digits(byList) - digits(saved) - digits(amount)).toBeLessThanOrEqual(1n);
  const id = await confirmQuote(buyer, 'at an agreed price');
  await expect(buyer.page.getByText(`contract ${CONTRACT}`)).toBeVisible();
  const session = await buyer.page.context().storageState();
  for (const look of LOOKS)
    await lookAt(browser, { look, session }, [
      `/console/${buyer.slug}/book`,
      quotePage,
      `/console/${buyer.slug}/reservations/${id}`,
      `/console/${buyer.slug}/queue/new`,
    ]);
});

test('it ends with a reason, for later quotes alone', async () => {
  await two.goto('/finance/agreements');
  await rowOf(two).getByRole('button', { name: 'End' }).click();
  await two.getByLabel('Reason').fill('The contract is over');
  await two.getByRole('dialog').getByRole('button', { name: 'End' }).click();
  await expect(two.getByRole('dialog')).toHaveCount(0);
  await expect(rowOf(two)).toContainText('Over');
  const { price, list } = await catalogPrice();
  expect(price).toBe(list);
  await openBooking(buyer, { cards: '8', hours: '1' });
  await expect(buyer.page.getByText(`contract ${CONTRACT}`)).toHaveCount(0);
});
