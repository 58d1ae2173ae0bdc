import { type Browser, expect, test } from '@playwright/test';
import { Api, createApiKey, expectRefused, freshKey, payIn, readBooks } from './support/api.ts';
import { passSeconds } from './support/clock.ts';
import { signUp } from './support/people.ts';

type Tenant = { readonly api: Api; readonly slug: string };

async function newTenant(browser: Browser, yuan: string | null): Promise<Tenant> {
  const page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  const { slug, email } = await signUp(page);
  if (yuan !== null) payIn(email, yuan);
  return { slug, api: new Api(page.request, await createApiKey(page, slug)) };
}

test.describe('a program', () => {
  let rich: Tenant;
  let stranger: Tenant;
  let wish: Record<string, unknown>;

  test.beforeAll(async ({ browser }) => {
    rich = await newTenant(browser, '100000');
    stranger = await newTenant(browser, null);
    wish = { skuId: await rich.api.skuId('M890', 'by-hour'), cards: 2, durationSeconds: 3_600 };
  });

  test('is refused with 4xx, a code and what to do, and nothing changes', async () => {
    const before = readBooks(rich.slug);
    const inTwoDays = await rich.api.hourAhead(48);
    const byCard = await rich.api.skuId('M890', 'by-card');
    const refusals: readonly [string, number, unknown][] = [
      ['skuUnknown', 404, { ...wish, skuId: 'sku_nothing' }],
      ['skuUnknown', 404, { ...wish, skuId: "' OR 1=1 --" }],
      ['cardsOutOfRange', 422, { ...wish, cards: 0 }],
      ['cardsOutOfRange', 422, { ...wish, cards: -8 }],
      ['cardsOutOfRange', 422, { ...wish, cards: 1.5 }],
      ['cardsOutOfRange', 422, { ...wish, cards: 1e300 }],
      ['cardsOutOfRange', 422, { ...wish, cards: 257 }],
      ['durationOutOfRange', 422, { ...wish, durationSeconds: 0 }],
      ['durationOutOfRange', 422, { ...wish, durationSeconds: -60 }],
      ['durationOutOfRange', 422, { ...wish, durationSeconds: 59.5 }],
      ['endBeyondHorizon', 422, { ...wish, durationSeconds: 9e15 }],
      ['startInPast', 422, { ...wish, startAt: '2020-01-01T00:00:00Z' }],
      ['startBeyondHorizon', 422, { ...wish, startAt: '2999-01-01T00:00:00Z' }],
      ['startNotOnHour', 422, { ...wish, startAt: inTwoDays.replace(':00:00.', ':30:00.') }],
      ['topologyTooSmall', 422, { ...wish, cards: 17, topology: 'same-server' }],
      ['notWholeServers', 422, { ...wish, cards: 3, topology: 'whole-servers' }],
      ['imageUnknown', 404, { ...wish, imageId: 'img_nothing' }],
      ['termUnknown', 422, { ...wish, skuId: byCard, durationSeconds: null }],
      ['inputInvalid', 400, { ...wish, cards: '2' }],
      ['inputInvalid', 400, { ...wish, cards: null }],
      ['inputInvalid', 400, { ...wish, startAt: 'tomorrow' }],
      ['inputInvalid', 400, { ...wish, topology: 'ring' }],
      ['inputInvalid', 400, { ...wish, tenant: stranger.slug }],
      ['inputInvalid', 400, '{"skuId":'],
      ['inputInvalid', 400, '[]'],
      ['inputInvalid', 400, { ...wish, skuId: 'a\0b' }],
      ['inputInvalid', 400, `"${'x'.repeat(70_000)}"`],
    ];
    for (const [code, status, body] of refusals)
      await test.step(`${code}: ${JSON.stringify(body).slice(0, 80)}`, async () => {
        await expectRefused(await rich.api.post('quotes', body), status, code);
      });
    expect(readBooks(rich.slug)).toEqual(before);
  });

  test('needs a key of its own, and finds nothing of others', async ({ request }) => {
    const nobody = new Api(request, 'kashi_nothing');
    await expectRefused(await nobody.post('quotes', wish), 401, 'signInRequired');
    await expectRefused(await nobody.get('reservations'), 401, 'signInRequired');
    const quoteId = await rich.api.quote(wish);
    const reservationId = await rich.api.book({ ...wish, startAt: await rich.api.hourAhead(200) });
    const before = readBooks(rich.slug);
    await expectRefused(await stranger.api.post('reservations', { quoteId, name: 'theirs' }), 404, 'quoteUnknown');
    const at = `reservations/${reservationId}`;
    await expectRefused(await stranger.api.get(at), 404, 'reservationUnknown');
    for (const change of ['cancel', 'release'])
      await expectRefused(await stranger.api.post(`${at}/${change}`, {}), 404, 'reservationUnknown');
    const extension = { seconds: 3_600, expectedUnits: '1' };
    await expectRefused(await stranger.api.post(`${at}/extend`, extension), 404, 'reservationUnknown');
    expect(readBooks(rich.slug)).toEqual(before);
    expect((await rich.api.post(`${at}/cancel`, {})).status()).toBe(200);
  });

  test('books once, however often and however many times at once it asks', async () => {
    const quoteId = await rich.api.quote({ ...wish, startAt: await rich.api.hourAhead(300) });
    const key = freshKey();
    const ask = () => rich.api.post('reservations', { quoteId, name: 'once' }, key);
    const answers = await Promise.all([ask(), ask(), ask(), ask(), ask()]);
    answers.push(await ask());
    const ids = await Promise.all(answers.map(async (answer) => (await answer.json()) as { reservationId?: string }));
    expect(new Set(ids.map(({ reservationId }) => reservationId)).size, JSON.stringify(ids)).toBe(1);
    const once = readBooks(rich.slug);
    await expectRefused(
      await rich.api.post('reservations', { quoteId, name: 'another' }, key),
      422,
      'idempotencyKeyReused',
    );
    await expectRefused(await rich.api.post('reservations', { quoteId, name: 'no key' }, null), 400, 'inputInvalid');
    expect(readBooks(rich.slug)).toEqual(once);
    const at = `reservations/${ids[0]?.reservationId}`;
    await expectRefused(await rich.api.post(`${at}/release`, {}), 409, 'reservationNotInState');
    expect((await rich.api.post(`${at}/cancel`, {})).status()).toBe(200);
    const over = readBooks(rich.slug);
    await expectRefused(await rich.api.post(`${at}/cancel`, {}), 409, 'reservationNotInState');
    await expectRefused(
      await rich.api.post(`${at}/extend`, { seconds: 60, expectedUnits: '1' }),
      409,
      'reservationNotInState',
    );
    expect(readBooks(rich.slug)).toEqual(over);
  });

  test('is refused what it cannot pay, what is not there, and what has expired', async () => {
    const poor = readBooks(stranger.slug);
    await expectRefused(
      await rich.api.post('reservations', { quoteId: 'qot_nothing', name: 'nothing' }),
      404,
      'quoteUnknown',
    );
    const unpaid = await stranger.api.quote(wish);
    await expectRefused(
      await stranger.api.post('reservations', { quoteId: unpaid, name: 'unpaid' }),
      409,
      'fundsInsufficient',
    );
    expect(readBooks(stranger.slug)).toMatchObject({ reservations: (poor as { reservations: unknown }).reservations });
    const late = await rich.api.quote(wish);
    const before = readBooks(rich.slug);
    await passSeconds(700);
    await expectRefused(await rich.api.post('reservations', { quoteId: late, name: 'late' }), 409, 'quoteExpired');
    expect(readBooks(rich.slug)).toEqual(before);
  });
});
