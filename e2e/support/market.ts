import { type Browser, expect, type Page } from '@playwright/test';
import { Api, createApiKey, payIn } from './api.ts';
import { type Customer, signUp } from './people.ts';

/** A customer with a browser of their own, a program's key, and money. */
export type Buyer = Customer & { readonly page: Page; readonly api: Api };

/** Opens an account, pays money in, and makes a key. `yuan` null: an empty wallet. */
export async function newBuyer(browser: Browser, yuan: string | null): Promise<Buyer> {
  const page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  const customer = await signUp(page);
  if (yuan !== null) payIn(customer.email, yuan);
  return { ...customer, page, api: new Api(page.request, await createApiKey(page, customer.slug)) };
}

/** Opens the booking page in a state; what is not said is the default. */
export async function openBooking({ page, slug }: Buyer, query: Record<string, string> = {}): Promise<void> {
  await page.goto(`/console/${slug}/book?${new URLSearchParams(query)}`);
  await expect(page.getByRole('heading', { name: 'Reserve cards', level: 1 })).toBeVisible();
}

/** Asks for the quote of what the booking page shows; ends on the quote's page and answers its amount as shown. */
export async function askQuote({ page }: Buyer): Promise<string> {
  const button = page.getByRole('button', { name: /^Get quote/ });
  const amount = /¥[\d,.]+/.exec((await button.textContent()) ?? '')?.[0] ?? '';
  await button.click();
  await expect(page.getByRole('heading', { name: 'Quote', level: 1 })).toBeVisible();
  return amount;
}

/** Confirms the quote on the page under a name; answers the id of the reservation that it became. */
export async function confirmQuote({ page, slug }: Buyer, name: string): Promise<string> {
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: /^Confirm reservation/ }).click();
  const address = new RegExp(`/console/${slug}/reservations/(rsv_\\w+)`);
  await expect(page).toHaveURL(address);
  return address.exec(page.url())?.[1] ?? '';
}

/** What a reservation is, as the API says. */
export async function readReservation({ api }: Buyer, id: string): Promise<Record<string, unknown>> {
  const response = await api.get(`reservations/${id}`);
  expect(response.status(), await response.text()).toBe(200);
  const body = (await response.json()) as { reservation?: Record<string, unknown> } & Record<string, unknown>;
  return body.reservation ?? body;
}
