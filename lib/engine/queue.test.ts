import { describe, expect, test } from 'vitest';
import type { AgreedTerms } from '#lib/catalog/types.ts';
import { present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import { DAY_MS, HOUR_MS, instant, plusMs } from '#lib/core/instant.ts';
import { priceE10, units } from '#lib/core/money.ts';
import { reservationOfJob } from '#lib/reservations/queue/types.ts';
import type { CommandPayload, ReservationRefusal } from '#lib/reservations/command-types.ts';
import { overcommittedServers } from '#lib/scheduler/bind.ts';
import { decideRound } from './batch.ts';
import { booking, commandOf, ORG, OTHER, PRICE, RICH, T0 } from './testing.ts';
import { jobRefusalOf, minutes, queuePool, roundOf, startedIn, submitJob, waitOf, wishOf } from './testing-queue.ts';

describe('joining the queue', () => {
  test.each<[string, Partial<ReturnType<typeof wishOf>>, ReservationRefusal['code']]>([
    ['a tier that is not sold', { tier: 'urgent', cards: 0 }, 'tierNotSold'],
    ['cards sold by the card only', { skuId: 'sku_card' }, 'tierNotSold'],
    ['an image that nobody has', { imageId: 'img_none', cards: 0 }, 'imageIncompatible'],
    ['more cards than there are', { cards: 33, walltimeSeconds: 1 }, 'cardsOutOfRange'],
    ['half a card', { cards: 0.5 }, 'cardsOutOfRange'],
    ['a walltime below a minute', { walltimeSeconds: 59, priceCapE10: '0' }, 'walltimeOutOfRange'],
    ['a price cap of nothing', { priceCapE10: '0', deadlineAt: T0 }, 'priceCapNotPositive'],
    ['a deadline that cannot be met', { deadlineAt: T0 + HOUR_MS - 1, projectId: 'prj_x' }, 'deadlineTooSoon'],
    ['a project that does not exist', { projectId: 'prj_x' }, 'projectUnknown'],
  ])('%s is refused by name, in the order of the checks', (_, wish, code) => {
    expect(jobRefusalOf(queuePool(), wishOf('a', wish))).toBe(code);
  });

  test('another organisation’s project does not exist, and a closed one takes nothing new', () => {
    const mind = queuePool();
    const project = { id: 'prj_1' as Id<'project'>, cardQuota: null, monthlySpendingLimitUnits: null };
    mind.book.projects.set('prj_1', { ...project, organisationId: OTHER, isClosed: false });
    expect(jobRefusalOf(mind, wishOf('a', { projectId: 'prj_1' }))).toBe('projectUnknown');
    mind.book.projects.set('prj_1', { ...project, organisationId: ORG, isClosed: true });
    expect(jobRefusalOf(mind, wishOf('a', { projectId: 'prj_1' }))).toBe('projectClosed');
  });

  test('what quota and limit can never allow is refused at once', () => {
    const mind = queuePool();
    mind.book.limits.set(ORG, { cardQuota: 15, monthlySpendingLimitUnits: null });
    expect(jobRefusalOf(mind, wishOf('a'))).toBe('jobAboveQuota');
    mind.book.limits.set(ORG, { cardQuota: 16, monthlySpendingLimitUnits: units(15_999_999_999n) });
    expect(jobRefusalOf(mind, wishOf('a'))).toBe('jobAboveLimit');
    mind.book.limits.set(ORG, { cardQuota: 16, monthlySpendingLimitUnits: units(16_000_000_000n) });
    submitJob(mind, 'a');
  });

  test('an organisation’s thousandth job is the last that waits', () => {
    const mind = queuePool();
    for (let i = 0; i < 1_000; i += 1) submitJob(mind, `${i}`);
    expect(jobRefusalOf(mind, wishOf('more'))).toBe('queueFull');
    expect(jobRefusalOf(mind, { kind: 'cancelQueuedJob', jobId: 'job_7' })).toBeNull();
    submitJob(mind, 'more');
    submitJob(mind, 'other', {}, T0, OTHER);
  });

  test('a job is cancelled by its own organisation only, and once', () => {
    const mind = queuePool();
    submitJob(mind, 'a');
    const cancel = { kind: 'cancelQueuedJob', jobId: 'job_a' } as const;
    expect(jobRefusalOf(mind, cancel, T0, OTHER)).toBe('jobUnknown');
    expect(jobRefusalOf(mind, cancel)).toBeNull();
    expect(jobRefusalOf(mind, cancel)).toBe('jobUnknown');
  });
});

describe('starting', () => {
  test('a job with room is a reservation at once: held to its walltime, its cards bound, its money set aside', () => {
    const mind = queuePool();
    submitJob(mind, 'a', { cards: 20, tier: 'flex' });
    const { changes } = roundOf(mind, T0);
    expect(startedIn(changes)).toEqual(['a']);
    const reservation = mind.book.reservations.get(reservationOfJob('job_a' as Id<'job'>));
    expect(reservation).toMatchObject({
      state: 'active',
      cards: 20,
      priceVersionId: 'prv_flex',
      interval: { startAt: T0, endAt: T0 + HOUR_MS },
    });
    expect(changes.find((change) => change.kind === 'moneyPlaced')).toMatchObject({ amountUnits: 20n * 600_000_000n });
    expect(mind.book.bindingsOf(reservationOfJob('job_a' as Id<'job'>))).toHaveLength(20);
  });

  test('who finds no room waits with numbers and a time, and starts when it comes', () => {
    const mind = queuePool();
    submitJob(mind, 'a', { cards: 32, walltimeSeconds: 1_800 });
    submitJob(mind, 'b', { cards: 32 });
    submitJob(mind, 'c', { cards: 8 });
    expect(startedIn(roundOf(mind, T0).changes)).toEqual(['a']);
    const first = { reason: 'firstInLine', cardsNeeded: 32, cardsFree: 0, startAt: minutes(30) };
    expect(waitOf(mind, 'b')).toEqual(first);
    expect(waitOf(mind, 'c')).toMatchObject({
      reason: 'tooFewCards',
      cardsNeeded: 8,
      ahead: 1,
      earliestStartAt: minutes(30),
    });
    decideRound(mind, { reports: [], commands: [], wallets: RICH, now: minutes(30) });
    expect(startedIn(roundOf(mind, minutes(30)).changes)).toEqual(['b']);
  });

  test('a promise is planned around: a job that would reach into it waits although the cards are free', () => {
    const mind = queuePool();
    const reserve = booking('rsv_p', { cards: 32, startAt: T0 + HOUR_MS });
    decideRound(mind, { reports: [], commands: [commandOf(reserve, OTHER)], wallets: RICH, now: T0 });
    submitJob(mind, 'long', { walltimeSeconds: 3_601 });
    submitJob(mind, 'short', { walltimeSeconds: 3_600 });
    expect(startedIn(roundOf(mind, T0).changes)).toEqual(['short']);
    expect(waitOf(mind, 'long')).toMatchObject({ reason: 'firstInLine', startAt: T0 + 2 * HOUR_MS });
  });

  test('so is a window: a job starts on nothing that it keeps, and leaves a promise beside it its cards', () => {
    const mind = queuePool();
    const cardIds = [28, 29, 30, 31].map((card) => `crd_${card}`);
    const time = { startAt: T0 + HOUR_MS, endAt: T0 + 2 * HOUR_MS };
    const window = {
      windowId: 'mnt_a',
      cardIds,
      ...time,
      handling: 'wait',
      reason: 'fans',
      expectedEffect: '',
    } as const;
    const promiseOf = (id: string, cards: number): CommandPayload =>
      booking(id, { cards, topology: 'same-server', startAt: T0 + HOUR_MS });
    const asked = [
      commandOf({ kind: 'planWindow', ...window }, null),
      commandOf(promiseOf('rsv_p', 16), OTHER),
      commandOf(promiseOf('rsv_q', 8), OTHER),
    ];
    const { entries } = decideRound(mind, { reports: [], commands: asked, wallets: RICH, now: T0 });
    expect(entries.map(({ answer }) => answer.ok)).toEqual([true, true, true]);
    submitJob(mind, 'waits', { cards: 8, walltimeSeconds: 7_200 });
    submitJob(mind, 'fits', { cards: 4, walltimeSeconds: 7_200 });
    expect(startedIn(roundOf(mind, T0).changes)).toEqual(['fits']);
    expect(overcommittedServers(mind.state)).toEqual([]);
  });

  test('without the money it waits by the name of funds, others pass, and money starts it', () => {
    const mind = queuePool();
    submitJob(mind, 'poor');
    submitJob(mind, 'rich', {}, T0, OTHER);
    const wallets = new Map([...RICH, [ORG, units(15_999_999_999n)]]);
    expect(startedIn(roundOf(mind, T0, wallets).changes)).toEqual(['rich']);
    expect(waitOf(mind, 'poor')).toEqual({
      reason: 'funds',
      neededUnits: '16000000000',
      availableUnits: '15999999999',
    });
    expect(startedIn(roundOf(mind, T0).changes)).toEqual(['poor']);
  });

  test('money that is enough for one of two starts one of two', () => {
    const mind = queuePool();
    submitJob(mind, 'a');
    submitJob(mind, 'b');
    const wallets = new Map([[`${ORG}`, units(20_000_000_000n)]]);
    expect(startedIn(roundOf(mind, T0, wallets).changes)).toEqual(['a']);
    expect(waitOf(mind, 'b')).toMatchObject({ reason: 'funds', availableUnits: '4000000000' });
  });

  test('what money forbids after all leaves its place to the next in line, in the same round', () => {
    const mind = queuePool();
    submitJob(mind, 'a');
    submitJob(mind, 'b');
    submitJob(mind, 'c', {}, T0, OTHER);
    const wallets = new Map([...RICH, [ORG, units(20_000_000_000n)]]);
    expect(startedIn(roundOf(mind, T0, wallets).changes)).toEqual(['a', 'c']);
  });

  test('it waits while the price is above its cap at any hour that it may run', () => {
    const mind = queuePool();
    const { catalog } = mind.book;
    const base = catalog.prices.get('prv_hour');
    const sku = catalog.skus.get('sku_hour');
    if (!base || !sku) throw new Error('no price');
    // 08:00 in Shanghai is T0: nine to ten costs double.
    const banded = { ...base, bands: [{ fromHour: 9, toHour: 10, factorBps: 20_000 }] };
    mind.book.catalog = {
      ...catalog,
      skus: new Map([['sku_hour', { ...sku, price: banded }]]),
      prices: new Map([['prv_hour', banded]]),
    };
    submitJob(mind, 'a', { priceCapE10: `${PRICE}`, walltimeSeconds: 3_601 });
    submitJob(mind, 'b', { priceCapE10: `${PRICE}`, walltimeSeconds: 3_600 });
    expect(startedIn(roundOf(mind, T0).changes)).toEqual(['b']);
    expect(waitOf(mind, 'a')).toEqual({ reason: 'priceAboveCap', priceE10: `${PRICE * 2n}`, capE10: `${PRICE}` });
    expect(startedIn(roundOf(mind, plusMs(T0, 2 * HOUR_MS)).changes)).toEqual(['a']);
  });

  test('quotas count what runs: the organisation’s over everything, the project’s over its jobs and bookings', () => {
    const mind = queuePool(4);
    mind.book.limits.set(ORG, { cardQuota: 40, monthlySpendingLimitUnits: null });
    const project = { id: 'prj_1' as Id<'project'>, organisationId: ORG, monthlySpendingLimitUnits: null };
    mind.book.projects.set('prj_1', { ...project, cardQuota: 16, isClosed: false });
    submitJob(mind, 'a', { projectId: 'prj_1' });
    submitJob(mind, 'b', { projectId: 'prj_1' });
    submitJob(mind, 'c');
    submitJob(mind, 'd');
    expect(startedIn(roundOf(mind, T0).changes)).toEqual(['a', 'c']);
    expect(waitOf(mind, 'b')).toMatchObject({ reason: 'projectQuota', quota: 16, inUse: 16 });
    expect(waitOf(mind, 'd')).toMatchObject({ reason: 'organisationQuota', quota: 40, inUse: 32 });
    const more = booking('rsv_more', { projectId: 'prj_1' });
    expect(jobRefusalOf(mind, more)).toBe('projectQuotaExceeded');
    mind.book.projects.set('prj_1', { ...project, cardQuota: 18, isClosed: false });
    expect(jobRefusalOf(mind, more)).toBeNull();
    submitJob(mind, 'e', { projectId: 'prj_1', cards: 2 });
    roundOf(mind, T0);
    expect(waitOf(mind, 'e')).toMatchObject({ reason: 'projectQuota', quota: 18, inUse: 17 });
  });

  test('a project’s monthly limit counts what its jobs and bookings set aside', () => {
    const mind = queuePool(4);
    const project = { id: 'prj_1' as Id<'project'>, organisationId: ORG, cardQuota: null, isClosed: false };
    mind.book.projects.set('prj_1', { ...project, monthlySpendingLimitUnits: units(20_000_000_000n) });
    submitJob(mind, 'a', { projectId: 'prj_1' });
    submitJob(mind, 'b', { projectId: 'prj_1' });
    expect(startedIn(roundOf(mind, T0).changes)).toEqual(['a']);
    expect(waitOf(mind, 'b')).toMatchObject({ reason: 'projectLimit', committedUnits: '16000000000' });
    expect(jobRefusalOf(mind, booking('rsv_more', { projectId: 'prj_1', cards: 5 }))).toBe('projectLimitExceeded');
    expect(jobRefusalOf(mind, booking('rsv_fits', { projectId: 'prj_1', cards: 4 }))).toBeNull();
  });
});

describe('leaving', () => {
  test('a deadline that can no longer be met takes the job out, with the reason', () => {
    const mind = queuePool();
    submitJob(mind, 'a', { cards: 32, walltimeSeconds: 7_200 });
    roundOf(mind, T0);
    submitJob(mind, 'late', { deadlineAt: T0 + 2 * HOUR_MS });
    expect(roundOf(mind, minutes(60)).changes).toEqual([expect.objectContaining({ kind: 'jobsExplained' })]);
    const { changes } = roundOf(mind, plusMs(minutes(60), 1_000));
    expect(changes).toEqual([
      expect.objectContaining({
        kind: 'jobRefused',
        jobId: 'job_late',
        dismissal: expect.objectContaining({ reason: 'deadlineMissed' }),
      }),
    ]);
    expect(mind.book.queue.waiting.size).toBe(0);
  });

  test('a flex job in the way of the first in line ends ten minutes later, and its cards go to whom it made room for', () => {
    const mind = queuePool(1);
    submitJob(mind, 'flex', { tier: 'flex', walltimeSeconds: 7_200 });
    roundOf(mind, T0);
    submitJob(mind, 'next', {}, minutes(5), OTHER);
    roundOf(mind, minutes(5));
    const flex = reservationOfJob('job_flex' as Id<'job'>);
    expect(mind.book.reservations.get(flex)?.interval.endAt).toBe(minutes(15));
    expect(mind.book.queue.running.get('job_flex' as Id<'job'>)?.standing).toMatchObject({ leaveAt: minutes(15) });
    expect(waitOf(mind, 'next')).toMatchObject({ reason: 'firstInLine', startAt: minutes(15) });
    decideRound(mind, { reports: [], commands: [], wallets: RICH, now: minutes(15) });
    expect(mind.book.reservations.has(flex)).toBe(false);
    expect(startedIn(roundOf(mind, minutes(15)).changes)).toEqual(['next']);
  });

  test('a job whose workload is over gives its cards back on that second, and the next one starts', () => {
    const mind = queuePool(1);
    submitJob(mind, 'a');
    submitJob(mind, 'b');
    roundOf(mind, T0);
    const { changes } = roundOf(mind, minutes(3), RICH, ['job_a' as Id<'job'>]);
    expect(changes.find((change) => change.kind === 'reservationEnded')).toMatchObject({
      at: minutes(3),
      reason: 'released',
    });
    expect(startedIn(changes)).toEqual(['b']);
    expect([...mind.book.queue.usedBy(ORG)]).toEqual([[T0, 16n * 180n]]);
  });

  test('who used more lately lets others pass', () => {
    const mind = queuePool(1);
    submitJob(mind, 'a');
    roundOf(mind, T0);
    submitJob(mind, 'b');
    submitJob(mind, 'c', {}, T0, OTHER);
    expect(startedIn(roundOf(mind, minutes(30), RICH, ['job_a' as Id<'job'>]).changes)).toEqual(['c']);
  });
});

test('a round that does not commit leaves no trace', () => {
  const mind = queuePool(1);
  submitJob(mind, 'flex', { tier: 'flex', walltimeSeconds: 7_200 });
  roundOf(mind, T0);
  submitJob(mind, 'a', { deadlineAt: T0 + 3 * HOUR_MS });
  submitJob(mind, 'late', { deadlineAt: T0 + HOUR_MS });
  submitJob(mind, 'c', { cards: 8 });
  const { queue, reservations } = mind.book;
  const picture = () =>
    JSON.stringify(
      [
        [...queue.waiting].sort(),
        [...queue.running].sort(),
        [...reservations].sort(),
        [...queue.usedBy(ORG)],
        queue.waitingOf(ORG),
        [...mind.state.bindings()].map(({ id, interval }) => [id, interval]).sort(),
      ],
      (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value),
    );
  const before = picture();
  const round = roundOf(mind, minutes(30), RICH, ['job_flex' as Id<'job'>]);
  expect(round.changes.length).toBeGreaterThan(5);
  expect(picture()).not.toBe(before);
  round.undo();
  expect(picture().replace(/\[\d+,"0"\]/, '')).toBe(before);
});

test('time alone makes a round due at the next hour, at the head’s time and when a deadline is lost', () => {
  const mind = queuePool(1);
  submitJob(mind, 'a', { walltimeSeconds: 1_800 });
  expect(roundOf(mind, T0).dueAt).toBeNull();
  submitJob(mind, 'b', { walltimeSeconds: DAY_MS / 1_000 });
  expect(roundOf(mind, T0).dueAt).toBe(T0 + 1_800_000);
  submitJob(mind, 'c', { deadlineAt: T0 + HOUR_MS + 60_000 });
  expect(roundOf(mind, T0).dueAt).toBe(instant(T0 + 61_000));
});

test('a job whose cap is below the list starts on the second from which a lower price is agreed', () => {
  const mind = queuePool();
  const { catalog } = mind.book;
  const sku = present(catalog.skus.get('sku_hour'), 'SKU');
  const list = present(sku.price, 'price');
  const lower = priceE10((PRICE * 8n) / 10n);
  const terms: AgreedTerms = {
    agreementId: 'pag_1' as Id<'priceAgreement'>,
    contractNumber: '1',
    factorBps: 8_000,
    fixedPriceE10: null,
    listVersionId: list.id,
    listPriceE10PerCardHour: list.priceE10PerCardHour,
    standardPriceE10: list.priceE10PerCardHour,
    tierFactorBps: 10_000,
  };
  const price = { ...list, id: 'prv_agreed' as Id<'priceVersion'>, priceE10PerCardHour: lower, agreed: terms };
  const agreed = { tier: 'standard', isOfSku: false, validFrom: minutes(10), validTo: minutes(20), price } as const;
  mind.book.catalog = {
    ...catalog,
    skus: new Map([...catalog.skus, ['sku_hour', { ...sku, agreed: new Map([[ORG, [agreed]]]) }]]),
    prices: new Map([...catalog.prices, [price.id, price]]),
  };
  submitJob(mind, 'capped', { priceCapE10: `${lower}` });
  expect(roundOf(mind, T0).dueAt).toBe(minutes(10));
  expect(waitOf(mind, 'capped')).toMatchObject({ reason: 'priceAboveCap' });
  submitJob(mind, 'miser', { priceCapE10: '1' });
  const { changes, dueAt } = roundOf(mind, minutes(10));
  expect(startedIn(changes)).toEqual(['capped']);
  expect(dueAt).toBe(minutes(20));
});

test('a job’s reservation is ended and never changed: its cards and its time are what the queue plans with', () => {
  const mind = queuePool();
  submitJob(mind, 'flex', { tier: 'flex', walltimeSeconds: 7_200 });
  roundOf(mind, T0);
  const reservationId = reservationOfJob('job_flex' as Id<'job'>);
  const step = { stepSeconds: 3_600, priceE10Max: '999999999999', untilAt: null };
  const changes = [
    { kind: 'extend', reservationId, seconds: 3_600, quotedUnits: '0' },
    { kind: 'setAutoExtend', reservationId, rule: step },
    { kind: 'shrink', reservationId, cards: 1, cardIds: [] },
  ] satisfies CommandPayload[];
  for (const change of changes) expect(jobRefusalOf(mind, change)).toBe('reservationOfJob');
  expect(jobRefusalOf(mind, { kind: 'release', reservationId })).toBeNull();
});
