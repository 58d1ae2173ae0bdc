import { type Browser, expect, test } from '@playwright/test';
import { Api, createApiKey, freshKey, payIn, readBooks } from './support/api.ts';
import { signUp } from './support/people.ts';
import { crash } from './support/processes.ts';

const BOOKINGS = 12;

type Ask = { readonly quoteId: string; readonly key: string };

/** Asks until there is an answer, as a program with an Idempotency-Key may; answers the reservation's id. */
async function insist(api: Api, { quoteId, key }: Ask): Promise<string> {
  let reservationId = '';
  await expect(async () => {
    const response = await api.post('reservations', { quoteId, name: 'insisted' }, key);
    expect(response.status()).toBe(200);
    ({ reservationId } = (await response.json()) as { reservationId: string });
  }).toPass({ timeout: 60_000 });
  return reservationId;
}

/** Whether an ask was answered while things broke; the answer may be lost on the way. */
async function ask(api: Api, { quoteId, key }: Ask): Promise<string | null> {
  const response = await api.post('reservations', { quoteId, name: 'insisted' }, key).catch(() => null);
  if (response?.status() !== 200) return null;
  return ((await response.json()) as { reservationId: string }).reservationId;
}

async function newTenant(browser: Browser): Promise<{ api: Api; slug: string }> {
  const page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  const { slug, email } = await signUp(page);
  payIn(email, '100000');
  return { slug, api: new Api(page.request, await createApiKey(page, slug)) };
}

for (const part of ['engine', 'web'] as const) {
  test(`what was answered stays when the ${part} is killed, and what was not has one effect`, async ({ browser }) => {
    const { api, slug } = await newTenant(browser);
    const skuId = await api.skuId('M890', 'by-hour');
    const asks: Ask[] = [];
    for (let count = 0; count < BOOKINGS; count += 1)
      asks.push({ quoteId: await api.quote({ skuId, cards: 1, durationSeconds: 600 }), key: freshKey() });
    const answers = asks.map((one) => ask(api, one));
    await Promise.race(answers);
    await crash(part);
    const answered = await Promise.all(answers);
    const insisted: string[] = [];
    for (const one of asks) insisted.push(await insist(api, one));
    // Whoever was answered is told the same again; nobody has two.
    for (const [index, id] of answered.entries()) if (id !== null) expect(insisted[index]).toBe(id);
    expect(new Set(insisted).size).toBe(BOOKINGS);
    const { reservations } = readBooks(slug) as { reservations: [string, string, string][] };
    expect(reservations.map(([id]) => id).sort()).toEqual([...insisted].sort());
  });
}
