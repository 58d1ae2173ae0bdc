import { describe, expect, test } from 'vitest';
import { decideAgreement, endAgreement, listAgreements, proposeAgreement } from '#lib/catalog/agreements.ts';
import type { AgreementTerms } from '#lib/catalog/agreement-types.ts';
import { createQuote, listSkus } from '#lib/catalog/service.ts';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { plusSeconds } from '#lib/core/instant.ts';
import { priceE10 } from '#lib/core/money.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { databaseErrorOf } from '#lib/platform/database-errors.ts';
import { readNow } from '#lib/platform/clock.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { queueJob } from '#lib/reservations/queue/service.ts';
import { reservationOfJob } from '#lib/reservations/queue/types.ts';
import { findReservationPage } from '#lib/reservations/detail.ts';
import { previewExtension } from '#lib/reservations/preview-changes.ts';
import { offerTransfer, reserve } from '#lib/reservations/service.ts';
import { seedVoucher } from '#lib/vouchers/testing.ts';
import {
  book,
  customerOf,
  detailOf,
  during,
  newCustomer,
  openTestMarket,
  runTo,
  settleDown,
  walletOf,
} from './testing-market.ts';
import { verifyDatabase } from './verify.ts';

await createTestDatabase();
const market = await openTestMarket(64, 1_000n);
const HOURLY = 'sku_sg-zw810e-hour' as Id<'sku'>;
const BY_CARD = 'sku_sg-zw810e-card' as Id<'sku'>;
/** 12 yuan a card-hour. */
const LIST = 120_000_000_000n;
const YUAN = 100_000_000n;

const nowOf = () => withTx(SYSTEM, readNow);
const staff = async (name: string): Promise<Ctx> => ({
  actor: { kind: 'staff', userId: `usr_${name}` as Id<'user'>, roles: ['finance'] },
  scope: { kind: 'staff' },
  requestId: 'req_f',
  now: await nowOf(),
});

let customers = 1;
async function setup(yuan = 10_000n) {
  const { org, now } = await newCustomer(market, yuan);
  customers += 1;
  return { org, now, slug: `test-${customers}` };
}

const TERMS: Omit<AgreementTerms, 'organisationId'> = {
  skuId: null,
  pricing: { kind: 'factor', factorBps: 8_500 },
  validFrom: null,
  validTo: null,
  contractNumber: 'KS-2026-001',
  reason: 'A customer for years',
};

async function propose(slug: string, change: Partial<typeof TERMS> = {}) {
  return proposeAgreement(await staff('one'), { organisationSlug: slug, ...TERMS, ...change });
}

/** Proposes and approves, and lets the engine know as its notification does. */
async function agree(slug: string, change: Partial<typeof TERMS> = {}): Promise<string> {
  const proposed = await propose(slug, change);
  const agreementId = present(proposed.ok ? proposed.value.id : null, `a proposal: ${JSON.stringify(proposed.ok)}`);
  const decided = await decideAgreement(await staff('two'), { agreementId, isApproved: true });
  if (!decided.ok) throw new Error(decided.refusal.code);
  market.engine.wake('catalog');
  return agreementId;
}

async function quoteFor(org: Id<'organisation'>, skuId: string = HOURLY) {
  const isTerm = skuId === BY_CARD;
  const quote = await createQuote(await customerOf(org), {
    skuId,
    cards: 1,
    topology: 'any',
    startAt: null,
    durationSeconds: isTerm ? null : 3_600,
    term: isTerm ? 'day' : null,
    imageId: null,
  });
  return present(quote.ok ? quote.value : null, 'a quote');
}

const idOf = (booked: Awaited<ReturnType<typeof book>>): string =>
  present(booked.ok ? booked.value.reservationId : null, `a booking: ${JSON.stringify(booked)}`);

async function proven(): Promise<void> {
  expect((await verifyDatabase(await staff('one'))).filter(({ violations }) => violations > 0)).toEqual([]);
}

describe('a proposal', () => {
  test('counts when somebody else has approved it, once, and for nobody else', async () => {
    const { org, slug } = await setup();
    const proposed = await propose(slug);
    const agreementId = present(proposed.ok ? proposed.value.id : null, 'a proposal');
    expect((await quoteFor(org)).price.priceE10PerCardHour).toBe(LIST);
    expect(await propose(slug)).toMatchObject({ refusal: { code: 'agreementWaiting' } });
    expect(await decideAgreement(await staff('one'), { agreementId, isApproved: true })).toMatchObject({
      refusal: { code: 'agreementSamePerson' },
    });
    const two = await staff('two');
    const all = await Promise.all([1, 2, 3].map(() => decideAgreement(two, { agreementId, isApproved: true })));
    expect(all.map((each) => (each.ok ? 'approved' : each.refusal.code)).sort()).toEqual([
      'agreementDecided',
      'agreementDecided',
      'approved',
    ]);
    expect((await quoteFor(org)).price).toMatchObject({
      priceE10PerCardHour: (LIST * 85n) / 100n,
      agreed: { listPriceE10PerCardHour: LIST, factorBps: 8_500, contractNumber: 'KS-2026-001' },
    });
    const other = await setup();
    expect((await quoteFor(other.org)).price.priceE10PerCardHour).toBe(LIST);
    expect((await listSkus(await customerOf(other.org))).some(({ agreed }) => agreed !== undefined)).toBe(false);
    await expect(listAgreements(await customerOf(org))).rejects.toThrow(Forbidden);
    await expect(propose(slug, { contractNumber: ' ' })).resolves.toMatchObject({
      refusal: { code: 'agreementTextMissing' },
    });
  });

  test('that makes no sense, or would begin in the past, is refused by name', async () => {
    const { slug, now } = await setup();
    const codeOf = async (change: Partial<typeof TERMS>, to = slug) => {
      const answer = await propose(to, change);
      return answer.ok ? 'proposed' : answer.refusal.code;
    };
    expect(await codeOf({}, 'nobody')).toBe('agreementOrganisationUnknown');
    expect(await codeOf({ skuId: 'sku_nothing' as Id<'sku'> })).toBe('agreementSkuUnknown');
    for (const factorBps of [0, -1, 10_000, 1.5])
      expect(await codeOf({ pricing: { kind: 'factor', factorBps } })).toBe('agreementPriceOutOfRange');
    for (const price of [0n, LIST, LIST + 1n])
      expect(await codeOf({ skuId: HOURLY, pricing: { kind: 'fixed', priceE10PerCardHour: priceE10(price) } })).toBe(
        'agreementPriceOutOfRange',
      );
    expect(await codeOf({ pricing: { kind: 'fixed', priceE10PerCardHour: priceE10(1n) } })).toBe(
      'agreementPriceOutOfRange',
    );
    expect(await codeOf({ validFrom: plusSeconds(now, -1) })).toBe('agreementRetroactive');
    expect(await codeOf({ validTo: now })).toBe('agreementPeriodInvalid');
    expect(await codeOf({ reason: '  ' })).toBe('agreementTextMissing');
    const soon = await propose(slug, { validFrom: plusSeconds(now, 60) });
    await runTo(market, plusSeconds(now, 61));
    const agreementId = soon.ok ? soon.value.id : '';
    expect(await decideAgreement(await staff('two'), { agreementId, isApproved: true })).toMatchObject({
      refusal: { code: 'agreementRetroactive' },
    });
    expect(await decideAgreement(await staff('one'), { agreementId, isApproved: false })).toMatchObject({ ok: true });
    expect(await decideAgreement(await staff('one'), { agreementId: 'pra_x', isApproved: true })).toMatchObject({
      refusal: { code: 'agreementUnknown' },
    });
  });
});

describe('an agreed price', () => {
  test('is held, charged second by second and returned as it was booked, with vouchers; the proofs hold', async () => {
    const { org, slug, now } = await setup(100n);
    await agree(slug);
    await seedVoucher(slug, 5);
    const id = idOf(await book(market, { cards: 2, durationSeconds: 7_200 }, org));
    // 2 cards, 2 hours at 12 × 0.85 are 40.80 yuan, of which a voucher pays 5.
    expect(await walletOf(org)).toBe(100n * YUAN - (3_580n * YUAN) / 100n);
    await runTo(market, plusSeconds(now, 4_000));
    await runTo(market, plusSeconds(now, 3 * 3_600));
    const { reservation } = await detailOf(await customerOf(org), id);
    expect(reservation.settledAt).not.toBeNull();
    const charged = await withTx(SYSTEM, (tx) =>
      tx.usageCharge.aggregate({ where: { reservationId: id }, _sum: { amountUnits: true } }),
    );
    expect(charged._sum.amountUnits).toBe((4_080n * YUAN) / 100n);
    await proven();
  });

  test('takes its term and its tier along: list × term × agreement, list × tier × agreement, rounded down once', async () => {
    const { org, slug, now } = await setup();
    await agree(slug, { pricing: { kind: 'factor', factorBps: 3_333 } });
    expect((await quoteFor(org, BY_CARD)).totalUnits).toBe((LIST * 3_333n * 24n * 9n) / 10n / 10_000n / 100n);
    const submitted = await during(
      market,
      queueJob(await customerOf(org), {
        skuId: HOURLY,
        projectId: null,
        name: 'job',
        cards: 1,
        topology: 'any',
        walltimeSeconds: 600,
        tier: 'flex',
        priceCapE10: null,
        deadlineAt: null,
        imageId: 'img_ppu-base-1-5',
        command: 'sleep 60',
        idempotencyKey: `job-${slug}`,
      }),
    );
    const jobId = present(submitted.ok ? submitted.value.jobId : null, JSON.stringify(submitted));
    const page = present(await findReservationPage(await customerOf(org), reservationOfJob(jobId)), 'its reservation');
    expect(page.price.priceE10PerCardHour).toBe((LIST * 6_000n * 3_333n) / 100_000_000n);
    await runTo(market, plusSeconds(now, 1_200));
  });

  test('for a SKU goes before one for all, and a price before the list while it is lower', async () => {
    const { org, slug } = await setup();
    await agree(slug);
    await agree(slug, { skuId: HOURLY, pricing: { kind: 'fixed', priceE10PerCardHour: priceE10(90_000_000_001n) } });
    expect((await quoteFor(org)).price.priceE10PerCardHour).toBe(90_000_000_001n);
    expect((await quoteFor(org, BY_CARD)).price.agreed?.factorBps).toBe(8_500);
    await withTx(SYSTEM, async (tx) => {
      const at = await readNow(tx);
      const data = { id: 'prv_cheap', skuId: HOURLY, validFrom: new Date(at), priceE10PerCardHour: 80_000_000_000n };
      await tx.priceVersion.create({ data });
      await tx.priceBand.create({ data: { priceVersionId: 'prv_cheap', fromHour: 0, toHour: 8, factorBps: 5_000 } });
    });
    market.engine.wake('catalog');
    const { price } = await quoteFor(org);
    expect(price).toMatchObject({ priceE10PerCardHour: 80_000_000_000n, agreed: { listVersionId: 'prv_cheap' } });
    expect(price.bands).toEqual([{ fromHour: 0, toHour: 8, factorBps: 5_000 }]);
  });

  test('ends for what is quoted after: a quote of before is booked at it, a reservation keeps it and cannot grow', async () => {
    const { org, slug, now } = await setup();
    const agreementId = await agree(slug, { skuId: HOURLY });
    const list = present((await quoteFor(org)).price.agreed, 'agreed').listPriceE10PerCardHour;
    const quote = await quoteFor(org);
    const id = idOf(await book(market, { durationSeconds: 7_200 }, org));
    expect(
      await previewExtension(await customerOf(org), { reservationId: id, seconds: 3_600, line: null }),
    ).toMatchObject({
      ok: true,
    });
    await runTo(market, plusSeconds(now, 60));
    expect(await endAgreement(await staff('two'), { agreementId, reason: 'over' })).toMatchObject({ ok: true });
    expect(await endAgreement(await staff('two'), { agreementId, reason: 'over' })).toMatchObject({
      refusal: { code: 'agreementNotInForce' },
    });
    market.engine.wake('catalog');
    expect((await quoteFor(org)).price.priceE10PerCardHour).toBe(list);
    const ctx = await customerOf(org);
    expect(
      await during(market, reserve(ctx, { quoteId: quote.id, name: 'kept', idempotencyKey: `k-${slug}` })),
    ).toMatchObject({ ok: true });
    expect(await previewExtension(ctx, { reservationId: id, seconds: 3_600, line: null })).toMatchObject({
      refusal: { code: 'priceRetired' },
    });
    expect((await findReservationPage(ctx, id))?.price.agreed?.agreementId).toBe(agreementId);
  });

  test('is not handed to another organisation with a reservation', async () => {
    const { org, slug } = await setup();
    const other = await setup();
    await agree(slug);
    const startAt = plusSeconds(market.startAt, 30 * 86_400);
    const id = idOf(await book(market, { startAt, durationSeconds: 3_600 }, org));
    const offered = offerTransfer(await customerOf(org), {
      reservationId: id,
      toSlug: other.slug,
      idempotencyKey: `o-${slug}`,
    });
    expect(await during(market, offered)).toMatchObject({ refusal: { code: 'transferOfAgreedPrice' } });
  });

  test('replaces the one before from its beginning on, and never holds twice at a moment', async () => {
    const { org, slug, now } = await setup();
    await agree(slug);
    await agree(slug, { pricing: { kind: 'factor', factorBps: 7_000 }, validFrom: plusSeconds(now, 3_600) });
    expect((await quoteFor(org)).price.agreed?.factorBps).toBe(8_500);
    await runTo(market, plusSeconds(now, 3_600));
    await settleDown(market);
    expect((await quoteFor(org)).price.agreed?.factorBps).toBe(7_000);
  });
});

describe('the database', () => {
  const refused = async (work: Promise<unknown>) =>
    databaseErrorOf(
      await work.then(
        () => null,
        (error) => error,
      ),
    )?.sqlState;

  test('lets nobody edit an agreement, make one in force alone or twice, or make up its price', async () => {
    const { org, slug } = await setup();
    const id = await agree(slug);
    const run = (sql: string) => refused(withTx(SYSTEM, (tx) => tx.$executeRawUnsafe(sql)));
    expect(await run(`UPDATE price_agreement SET factor_bps = 1 WHERE id = '${id}'`)).toBe('KS001');
    expect(
      await run(`UPDATE price_agreement SET valid_to = 'epoch', ended_by = 'x', ended_at = 'epoch' WHERE id = '${id}'`),
    ).toBe('KS001');
    expect(await run(`DELETE FROM price_agreement WHERE id = '${id}'`)).toBeDefined();
    const insert = (by: string, from: string) =>
      run(`INSERT INTO price_agreement (id, organisation_id, factor_bps, valid_from, contract_number, reason, state, proposed_by, proposed_at, decided_by, decided_at)
        VALUES ('pra_x', '${org}', 5000, '${from}', 'x', 'x', 'approved', 'a', '2030-01-01Z', '${by}', '2030-01-01Z')`);
    expect(await insert('a', '2030-01-01Z')).toBe('23514');
    expect(await insert('b', '2029-12-31Z')).toBe('23514');
    expect(await insert('b', '2030-01-01Z')).toBe('23P01');
    expect(
      await run(`INSERT INTO price_version (id, sku_id, valid_from, price_e10_per_card_hour, organisation_id, agreement_id, list_id)
        SELECT 'prv_made-up', sku_id, valid_from, price_e10_per_card_hour - 1, organisation_id, agreement_id, list_id
        FROM price_version WHERE agreement_id = '${id}' AND tier = 'standard' LIMIT 1`),
    ).toBe('KS001');
  });

  test('shows an agreement and its prices to its organisation alone, and lets nobody else have them', async () => {
    const { org, slug } = await setup();
    const other = await setup();
    const id = await agree(slug);
    const [price, ofTerm] = [(await quoteFor(org)).price.id, (await quoteFor(org, BY_CARD)).price.id];
    const band = { priceVersionId: 'prv_sg-zw810e-card-1', fromHour: 0, toHour: 1, factorBps: 10_000 };
    await withTx(SYSTEM, (tx) => tx.priceBand.create({ data: band }));
    const seen = async (who: Id<'organisation'>) =>
      withTx(await customerOf(who), async (tx) => [
        await tx.priceAgreement.count({ where: { id } }),
        await tx.priceVersion.count({ where: { id: price } }),
        await tx.priceBand.count({ where: { priceVersionId: ofTerm } }),
        await tx.priceTerm.count({ where: { priceVersionId: ofTerm } }),
      ]);
    expect(await seen(org)).toEqual([1, 1, 1, 1]);
    expect(await seen(other.org)).toEqual([0, 0, 0, 0]);
    const ctx = await customerOf(other.org);
    const quote = await quoteFor(other.org);
    expect(
      await refused(
        withTx(
          ctx,
          (tx) => tx.$executeRaw`
            INSERT INTO quote SELECT (json_populate_record(q, json_build_object('id', 'quo_stolen', 'price_version_id', ${price}::text))).*
            FROM quote q WHERE q.id = ${quote.id}`,
        ),
      ),
    ).toBe('KS001');
    const id2 = idOf(await book(market, {}, other.org));
    expect(
      await refused(
        withTx(
          SYSTEM,
          (tx) => tx.$executeRaw`
            INSERT INTO reservation SELECT (json_populate_record(r, json_build_object('id', 'rsv_stolen', 'price_version_id', ${price}::text))).*
            FROM reservation r WHERE r.id = ${id2}`,
        ),
      ),
    ).toBe('KS001');
  });
});
