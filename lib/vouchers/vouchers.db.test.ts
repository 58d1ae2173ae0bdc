import { describe, expect, test } from 'vitest';
import { createQuote } from '#lib/catalog/service.ts';
import { present } from '#lib/core/assert.ts';
import { ceilToHour, type Instant, plusSeconds } from '#lib/core/instant.ts';
import {
  book,
  customerOf,
  during,
  killEngine,
  openTestMarket,
  runTo,
  seedCustomer,
  settleDown,
  walletOf,
} from '#lib/engine/testing-market.ts';
import { verifyDatabase } from '#lib/engine/verify.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { databaseErrorOf } from '#lib/platform/database-errors.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { queueJob } from '#lib/reservations/queue/service.ts';
import { acceptTransfer, cancel, extend, offerTransfer, release, reserve, shrink } from '#lib/reservations/service.ts';
import { previewExtension } from '#lib/reservations/preview-changes.ts';
import { listVouchers, previewPayment, redeemCode } from './own.ts';
import { closeVoucherProgramme, createCodes, findProgramme, grantVoucher, withdrawVoucher } from './service.ts';
import { financeCtx, seedProgramme, seedVoucher, yuan } from './testing.ts';
import type { Grant } from './types.ts';

await createTestDatabase();
const market = await openTestMarket(64, 1_000n);
let customers = 1;
const HOURLY = 'sku_sg-zw810e-hour';

/** A customer of its own: its slug, money, and its vouchers by what became of them, in yuan. */
async function customer(money: bigint) {
  await settleDown(market);
  const { now } = await customerOf(market.organisationId);
  const org = await seedCustomer(money, now);
  customers += 1;
  const sums = async () =>
    (await listVouchers(await customerOf(org))).map(({ leftUnits, heldUnits, burntUnits, expiredUnits }) =>
      [leftUnits, heldUnits, burntUnits, expiredUnits].map((amount) => `${amount / 1_000_000n}`).join(' '),
    );
  return { org, slug: `test-${customers}`, now, sums };
}

const idOf = (booked: Awaited<ReturnType<typeof book>>): string =>
  present(booked.ok ? booked.value.reservationId : null, `a booking: ${JSON.stringify(booked)}`);
/** The first full hour that lies so many seconds ahead. */
const hourAfter = async (seconds: number): Promise<Instant> => ceilToHour(await nowPlus(seconds));
const nowPlus = async (seconds: number): Promise<Instant> => {
  const { now } = await customerOf(market.organisationId);
  return plusSeconds(now, seconds);
};

async function proven(): Promise<void> {
  const ctx = await financeCtx();
  const broken = (await verifyDatabase(ctx)).filter(({ violations }) => violations > 0);
  expect(broken).toEqual([]);
}

describe('a booking', () => {
  test('is paid by vouchers first and by cash for the rest, and what it did not use returns to both', async () => {
    const { org, slug, sums } = await customer(100n);
    await seedVoucher(slug, 20);
    const id = idOf(await book(market, { cards: 1, durationSeconds: 3 * 3_600 }, org));
    expect(await sums()).toEqual(['0 2000 0 0']);
    expect(await walletOf(org)).toBe(yuan(84));
    await runTo(market, await nowPlus(3_600));
    await during(market, release(await customerOf(org), { reservationId: id, idempotencyKey: `r-${id}` }));
    await settleDown(market);
    // One hour at 12 yuan was used: it is the voucher's; all cash is back, and the rest of the voucher.
    expect(await sums()).toEqual(['800 0 1200 0']);
    expect(await walletOf(org)).toBe(yuan(100));
    await proven();
  });

  test('may be paid by vouchers alone, and is refused with both sums when both do not reach', async () => {
    const { org, slug, sums } = await customer(0n);
    await seedVoucher(slug, 12);
    const tooMuch = await book(market, { cards: 2 }, org);
    expect(tooMuch).toMatchObject({
      ok: false,
      refusal: { code: 'fundsInsufficient', neededUnits: `${yuan(24)}`, availableUnits: `${yuan(12)}` },
    });
    expect(await sums()).toEqual(['1200 0 0 0']);
    idOf(await book(market, {}, org));
    expect(await sums()).toEqual(['0 1200 0 0']);
  });

  test('takes no voucher outside its scope', async () => {
    const { org, slug, sums } = await customer(100n);
    await seedVoucher(slug, 50, { purchases: ['by-card'] });
    await seedVoucher(slug, 50, { siteIds: ['sit_elsewhere'] });
    await seedVoucher(slug, 50, { modelIds: ['m890'] });
    idOf(await book(market, {}, org));
    expect(await sums()).toEqual(['5000 0 0 0', '5000 0 0 0', '5000 0 0 0']);
    expect(await walletOf(org)).toBe(yuan(88));
  });

  test('pays as the preview said, in the order of burning', async () => {
    const { org, slug } = await customer(100n);
    const late = await seedVoucher(slug, 5, { priority: 20 });
    const first = await seedVoucher(slug, 4, { priority: 1 });
    const ctx = await customerOf(org);
    const sku = { siteId: 'sit_sg', purchase: 'by-hour', model: { id: 'zw810e' } } as Parameters<
      typeof previewPayment
    >[1];
    const preview = await previewPayment(ctx, sku, yuan(12));
    expect(preview).toEqual({
      shares: [
        { grant: first, amount: yuan(4) },
        { grant: late, amount: yuan(5) },
      ],
      cashUnits: yuan(3),
    });
    idOf(await book(market, {}, org));
    expect(await walletOf(org)).toBe(yuan(97));
  });

  test('an open end pays its first hours with what the voucher has, later ones in cash', async () => {
    const { org, slug, sums } = await customer(100n);
    await seedVoucher(slug, 18);
    const id = idOf(await book(market, { durationSeconds: null }, org));
    await runTo(market, await nowPlus(3 * 3_600 + 600));
    await during(market, release(await customerOf(org), { reservationId: id, idempotencyKey: `r-${id}` }));
    await settleDown(market);
    expect(await sums()).toEqual(['0 0 1800 0']);
    expect(await walletOf(org)).toBe(yuan(100) + yuan(18) - yuan(38));
    await proven();
  });

  test('a voucher that comes later pays for what is added later, and what is given back returns in reverse', async () => {
    const { org, slug, sums } = await customer(100n);
    const startAt = await hourAfter(6 * 3_600);
    const id = idOf(await book(market, { cards: 2, startAt }, org));
    expect(await walletOf(org)).toBe(yuan(76));
    await seedVoucher(slug, 6);
    const preview = await previewExtension(await customerOf(org), { reservationId: id, seconds: 3_600, line: null });
    expect(preview).toMatchObject({ ok: true, value: { amountUnits: yuan(24), vouchersUnits: yuan(6) } });
    const change = { reservationId: id, seconds: 3_600, quotedUnits: `${yuan(24)}`, idempotencyKey: `e-${id}` };
    expect(await during(market, extend(await customerOf(org), change))).toMatchObject({ ok: true });
    expect([await sums(), await walletOf(org)]).toEqual([['0 600 0 0'], yuan(58)]);
    const back = { reservationId: id, cards: 1, cardIds: [], idempotencyKey: `s-${id}` };
    expect(await during(market, shrink(await customerOf(org), back))).toMatchObject({ ok: true });
    // 24 yuan return: the 18 that cash paid last, then the voucher's 6.
    expect([await sums(), await walletOf(org)]).toEqual([['600 0 0 0'], yuan(76)]);
    await during(market, cancel(await customerOf(org), { reservationId: id, idempotencyKey: `c-${id}` }));
    await settleDown(market);
    expect([await sums(), await walletOf(org)]).toEqual([['600 0 0 0'], yuan(100)]);
    await proven();
  });

  test('a term that vouchers paid credits them, not the wallet, for hours given back', async () => {
    const { org, slug, sums } = await customer(0n);
    await seedVoucher(slug, 600);
    const id = idOf(await book(market, { skuId: 'sku_sg-zw810e-card', cards: 2, term: 'day' }, org));
    const before = await sums();
    await runTo(market, await nowPlus(3_600));
    await during(market, release(await customerOf(org), { reservationId: id, idempotencyKey: `r-${id}` }));
    expect(await sums()).not.toEqual(before);
    expect(await walletOf(org)).toBe(0n);
    await proven();
    await runTo(market, await nowPlus(86_400));
    expect(await walletOf(org)).toBe(0n);
    const [grant] = await listVouchers(await customerOf(org));
    const { grantedUnits, leftUnits, heldUnits, burntUnits, expiredUnits } = present(grant, 'a voucher');
    expect(heldUnits).toBe(0n);
    expect(leftUnits + burntUnits + expiredUnits).toBe(grantedUnits);
    expect(burntUnits).toBeLessThan(yuan(518.4));
    await proven();
  });
});

describe('whoever pays', () => {
  test('hands over what its voucher paid: the voucher has its money back, and the next holder pays with its own', async () => {
    const [{ org, slug, sums }, next] = [await customer(100n), await customer(100n)];
    await seedVoucher(slug, 24);
    await seedVoucher(next.slug, 5);
    const id = idOf(await book(market, { cards: 2, startAt: await hourAfter(3 * 3_600) }, org));
    expect([await sums(), await walletOf(org)]).toEqual([['0 2400 0 0'], yuan(100)]);
    const offer = { reservationId: id, toSlug: next.slug, idempotencyKey: `o-${id}` };
    expect(await during(market, offerTransfer(await customerOf(org), offer))).toMatchObject({ ok: true });
    const taken = { reservationId: id, quotedUnits: `${yuan(24)}`, idempotencyKey: `a-${id}` };
    expect(await during(market, acceptTransfer(await customerOf(next.org), taken))).toMatchObject({ ok: true });
    await settleDown(market);
    expect([await sums(), await walletOf(org)]).toEqual([['2400 0 0 0'], yuan(100)]);
    expect([await next.sums(), await walletOf(next.org)]).toEqual([['0 500 0 0'], yuan(81)]);
    await proven();
  });

  test('burns the same when the engine dies between any two hours', async () => {
    const { org, slug, sums } = await customer(100n);
    await seedVoucher(slug, 30);
    const id = idOf(await book(market, { cards: 1, durationSeconds: 4 * 3_600 }, org));
    for (let hour = 0; hour < 3; hour += 1) {
      await runTo(market, await nowPlus(3_600));
      await killEngine(market);
    }
    await settleDown(market);
    await during(market, release(await customerOf(org), { reservationId: id, idempotencyKey: `r-${id}` }));
    await settleDown(market);
    const [grant] = await listVouchers(await customerOf(org));
    expect(grant).toMatchObject({ leftUnits: 0n, heldUnits: 0n, burntUnits: yuan(30) });
    expect(await walletOf(org)).toBeGreaterThanOrEqual(yuan(94));
    expect(await sums()).toEqual(['0 0 3000 0']);
    await proven();
  });

  test('starts a queued job with a voucher where the wallet is empty', async () => {
    const { org, slug, sums } = await customer(0n);
    await seedVoucher(slug, 24);
    const wish = { skuId: HOURLY, projectId: null, name: 'job', tier: 'standard', cards: 1, topology: 'any' } as const;
    const job = { ...wish, walltimeSeconds: 7_200, deadlineAt: null, priceCapE10: null, imageId: 'img_ppu-base-1-5' };
    const asked = queueJob(await customerOf(org), { ...job, command: 'sleep 600', idempotencyKey: `q-${org}` });
    expect(await during(market, asked)).toMatchObject({ ok: true });
    await settleDown(market);
    expect(await sums()).toEqual(['0 2400 0 0']);
    await proven();
  });
});

describe('a voucher', () => {
  test('expires by the clock, and what returns after that expires again and never becomes cash', async () => {
    const { org, slug, now, sums } = await customer(100n);
    await seedVoucher(slug, 30, { validUntil: plusSeconds(now, 3_600) });
    const startAt = await hourAfter(2 * 3_600);
    const id = idOf(await book(market, { startAt }, org));
    expect(await sums()).toEqual(['1800 1200 0 0']);
    await runTo(market, plusSeconds(now, 3_700));
    expect(await sums()).toEqual(['0 1200 0 1800']);
    await during(market, cancel(await customerOf(org), { reservationId: id, idempotencyKey: `c-${id}` }));
    await runTo(market, plusSeconds(now, 3_900));
    expect(await sums()).toEqual(['0 0 0 3000']);
    expect(await walletOf(org)).toBe(yuan(100));
    idOf(await book(market, {}, org));
    expect(await walletOf(org)).toBe(yuan(88));
    await proven();
  });

  test('that is withdrawn pays nothing more, and what it paid for stays paid', async () => {
    const { org, slug, sums } = await customer(100n);
    const grantId = await seedVoucher(slug, 20);
    idOf(await book(market, {}, org));
    expect(await withdrawVoucher(await financeCtx(), grantId)).toMatchObject({ ok: true });
    idOf(await book(market, {}, org));
    await runTo(market, await nowPlus(120));
    expect(await sums()).toEqual(['0 1200 0 800']);
    expect(await walletOf(org)).toBe(yuan(88));
  });

  test('is spent once however many bookings come at the same moment', async () => {
    const { org, slug } = await customer(12n);
    await seedVoucher(slug, 12);
    const ctx = await customerOf(org);
    const wish = { skuId: HOURLY, cards: 1, topology: 'any', startAt: null, durationSeconds: 3_600 } as const;
    const quotes = await Promise.all(
      Array.from({ length: 6 }, () => createQuote(ctx, { ...wish, term: null, imageId: null })),
    );
    const quoted = quotes.flatMap((quote) => (quote.ok ? [quote.value.id] : []));
    const all = quoted.map((quoteId) => reserve(ctx, { quoteId, name: 'test', idempotencyKey: quoteId }));
    const booked = await during(market, Promise.all(all));
    expect(booked.map(({ ok }) => ok).sort()).toEqual([false, false, false, false, true, true]);
    expect(await walletOf(org)).toBe(0n);
    await proven();
  });

  test('pays outside its scope by no statement at all', async () => {
    const { org, slug } = await customer(100n);
    const grantId = await seedVoucher(slug, 20, { purchases: ['by-card'] });
    const id = idOf(await book(market, {}, org));
    const forced = withTx(
      SYSTEM,
      (tx) => tx.$executeRaw`
        INSERT INTO voucher_tranche VALUES (${id}, 0, ${org}, ${grantId}, kashi_now(), 1, 0, 0, 0)`,
    );
    await expect(forced.catch((error: unknown) => databaseErrorOf(error)?.sqlState)).resolves.toBe('KS008');
  });
});

describe('granting', () => {
  test('keeps to the budget, however many redeem at once; each code is one voucher of one organisation', async () => {
    const programmeId = await seedProgramme({ budgetUnits: yuan(300) });
    const made = await createCodes(await financeCtx(), { programmeId, count: 5 });
    const codes = present(made.ok ? made.value.codes : null, 'codes');
    const { org } = await customer(0n);
    const { org: other } = await customer(0n);
    const [first = ''] = codes;
    const ctx = await customerOf(org);
    const answers = await Promise.all(codes.map((code) => redeemCode(ctx, { code })));
    expect(answers.map((answer) => (answer.ok ? 'granted' : answer.refusal.code)).sort()).toEqual([
      'granted',
      'granted',
      'granted',
      'voucherProgrammeSpent',
      'voucherProgrammeSpent',
    ]);
    const grants = await listVouchers(ctx);
    expect(grants).toHaveLength(3);
    const used = present(
      codes.find((_, i) => answers[i]?.ok),
      'a code that was used',
    );
    const again = await redeemCode(ctx, { code: used.toLowerCase().replaceAll('-', ' ') });
    expect(again).toMatchObject({ ok: true, value: { amountUnits: yuan(100) } });
    expect(await redeemCode(await customerOf(other), { code: used })).toMatchObject({
      ok: false,
      refusal: { code: 'voucherCodeUsed' },
    });
    expect(await redeemCode(ctx, { code: 'XXXX' })).toMatchObject({
      ok: false,
      refusal: { code: 'voucherCodeUnknown' },
    });
    expect(first).toMatch(/^[3479A-Y]{4}(-[3479A-Y]{4}){3}$/);
    await proven();
  });

  test('the same code sent ten times at once is one voucher', async () => {
    const programmeId = await seedProgramme();
    const made = await createCodes(await financeCtx(), { programmeId, count: 1 });
    const [code = ''] = present(made.ok ? made.value.codes : null, 'codes');
    const { org } = await customer(0n);
    const ctx = await customerOf(org);
    const answers = await Promise.all(Array.from({ length: 10 }, () => redeemCode(ctx, { code })));
    expect(new Set(answers.map((answer) => (answer.ok ? answer.value.grantId : 'refused'))).size).toBe(1);
    expect((await listVouchers(ctx)).map(({ leftUnits }) => leftUnits)).toEqual([yuan(100)]);
  });

  test('is finance’s; a closed programme grants nothing and its codes are dead', async () => {
    const programmeId = await seedProgramme();
    const { org, slug } = await customer(0n);
    const input = { programmeId, slug, amountUnits: yuan(5) };
    const ctx = await customerOf(org);
    await expect(grantVoucher(ctx, input)).rejects.toBeInstanceOf(Forbidden);
    const forged = withTx(
      ctx,
      (tx) => tx.$queryRaw`SELECT voucher_give('prm_forged', ${programmeId}, ${org}, 100000000, 'me', kashi_now())`,
    );
    await expect(forged.catch((error: unknown) => databaseErrorOf(error)?.sqlState)).resolves.toBe('42501');
    const made = await createCodes(await financeCtx(), { programmeId, count: 1 });
    const [code = ''] = present(made.ok ? made.value.codes : null, 'codes');
    expect(await closeVoucherProgramme(await financeCtx(), programmeId)).toMatchObject({ ok: true });
    expect(await grantVoucher(await financeCtx(), input)).toMatchObject({
      ok: false,
      refusal: { code: 'voucherProgrammeClosed' },
    });
    expect(await redeemCode(ctx, { code })).toMatchObject({ ok: false, refusal: { code: 'voucherProgrammeClosed' } });
    const found = present(await findProgramme(await financeCtx(), programmeId), 'the programme');
    expect(found.programme).toMatchObject({ grants: 0, codes: 1, codesRedeemed: 0, grantedUnits: 0n });
    expect(found.grants satisfies readonly Grant[]).toEqual([]);
  });

  test('refuses rubbish by name: amounts, organisations, programmes', async () => {
    const programmeId = await seedProgramme({ budgetUnits: yuan(200) });
    const { slug } = await customer(0n);
    const codeOf = async (change: Partial<Parameters<typeof grantVoucher>[1]>) => {
      const answer = await grantVoucher(await financeCtx(), { programmeId, slug, amountUnits: yuan(1), ...change });
      return answer.ok ? 'granted' : answer.refusal.code;
    };
    expect(await codeOf({ amountUnits: yuan(0) })).toBe('voucherAmountOutOfRange');
    expect(await codeOf({ amountUnits: (yuan(1) + 1n) as never })).toBe('voucherAmountOutOfRange');
    expect(await codeOf({ slug: 'nobody' })).toBe('voucherOrganisationUnknown');
    expect(await codeOf({ programmeId: 'vpr_none' })).toBe('voucherProgrammeUnknown');
    expect(await codeOf({ amountUnits: yuan(200.01) })).toBe('voucherBudgetExceeded');
    expect(await codeOf({ amountUnits: yuan(200) })).toBe('granted');
  });
});
