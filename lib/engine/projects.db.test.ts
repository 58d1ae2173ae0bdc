import { expect, test } from 'vitest';
import { getProjectFigures } from '#lib/billing/project-figures.ts';
import { exportFile } from '#lib/billing/exports.ts';
import { createQuote } from '#lib/catalog/service.ts';
import { present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import { plusSeconds } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { explain } from '#lib/reservations/explain.ts';
import { changeProject, createProject, type ProjectInput } from '#lib/reservations/projects.ts';
import { listReservations, reserve } from '#lib/reservations/service.ts';
import { customerOf, detailOf, during, killEngine, newCustomer, openTestMarket, runTo } from './testing-market.ts';

await createTestDatabase();
const market = await openTestMarket(64, 0n);
const YUAN = 100_000_000n;
const ALL = { skip: 0, take: 50 };

async function newProject(org: Id<'organisation'>, bounds: Partial<ProjectInput> = {}) {
  const input = { name: 'a', cardQuota: null, monthlySpendingLimitUnits: null, ...bounds };
  const made = await createProject(await customerOf(org), input);
  if (!made.ok) throw new Error(made.refusal.code);
  const { projectId } = made.value;
  const change = async (next: Partial<ProjectInput> & { isClosed?: boolean }) =>
    changeProject(await customerOf(org), { ...input, isClosed: false, ...next, projectId });
  return { projectId, change };
}

/** Books cards by the hour at 12 yuan, for a project or none; the key is the quote's. */
async function bookIn(
  org: Id<'organisation'>,
  projectId: string | null,
  cards: number,
  durationSeconds: number | null,
) {
  const ctx = await customerOf(org);
  const wish = { cards, durationSeconds, topology: 'any', startAt: null, term: null, imageId: null } as const;
  const quote = await createQuote(ctx, { skuId: 'sku_sg-zw810e-hour', ...wish });
  if (!quote.ok) throw new Error(quote.refusal.code);
  const quoteId = quote.value.id;
  return during(market, reserve(ctx, { quoteId, name: 'run', projectId, idempotencyKey: quoteId }));
}
type Booked = Awaited<ReturnType<typeof bookIn>>;
const codeOf = (answer: Booked) => (answer.ok ? 'accepted' : answer.refusal.code);
const idOf = (answer: Booked) => present(answer.ok ? answer.value.reservationId : null, 'a reservation');

test('quota, limit and closing are refused by name, across a restart, and explained', async () => {
  const { org } = await newCustomer(market);
  const limit = units(100n * YUAN);
  const { projectId, change } = await newProject(org, { cardQuota: 4, monthlySpendingLimitUnits: limit });
  const first = idOf(await bookIn(org, projectId, 3, 7_200));
  expect(codeOf(await bookIn(org, projectId, 2, 3_600))).toBe('projectQuotaExceeded');
  await killEngine(market);
  const refused = await bookIn(org, projectId, 1, 3 * 3_600);
  expect(refused).toMatchObject({
    ok: false,
    refusal: { code: 'projectLimitExceeded', limitUnits: `${limit}`, committedUnits: `${72n * YUAN}` },
  });
  const commandId = present(refused.ok ? undefined : refused.refusal.commandId, 'command');
  const why = await explain(await customerOf(org), commandId);
  expect(why?.explanation).toMatchObject({ token: 'spendingLimit', numbers: { code: 'projectLimitExceeded' } });
  expect(codeOf(await bookIn(org, null, 5, 3_600))).toBe('accepted');
  expect(await change({ isClosed: true })).toMatchObject({ ok: true });
  expect(codeOf(await bookIn(org, projectId, 1, 3_600))).toBe('projectClosed');
  const others = await newProject((await newCustomer(market)).org);
  expect(codeOf(await bookIn(org, others.projectId, 1, 3_600))).toBe('projectUnknown');
  const { rows, total } = await listReservations(await customerOf(org), { projectId }, ALL);
  expect(rows.map(({ id }) => id)).toEqual([first]);
  expect(total).toBe(1);
});

test('the project stands with its figures, and in the export of usage', async () => {
  const { org, now } = await newCustomer(market);
  const { projectId } = await newProject(org, { name: 'training' });
  await bookIn(org, projectId, 2, 3_600);
  await bookIn(org, projectId, 1, null);
  await bookIn(org, null, 1, 3_600);
  const running = await getProjectFigures(await customerOf(org));
  expect(running(projectId)).toEqual({ cards: 3, spentUnits: 0n, committedUnits: 36n * YUAN });
  await runTo(market, plusSeconds(now, 2 * 3_600));
  const after = await getProjectFigures(await customerOf(org));
  expect(after(projectId)).toMatchObject({ cards: 1, committedUnits: (24n + 3n * 12n) * YUAN });
  // Two cards for an hour, and one for the two hours that are charged by now.
  expect(after(projectId).spentUnits).toBe(48n * YUAN);
  expect(after('prj_none')).toEqual({ cards: 0, spentUnits: 0n, committedUnits: 0n });
  const file = present(await exportFile(await customerOf(org), { kind: 'usage-csv', month: '2026-11' }), 'file');
  const parts: Uint8Array[] = [];
  for await (const part of file.parts) parts.push(part);
  const text = Buffer.concat(parts).toString('utf8');
  const lines = text.split('\r\n').filter((line) => line !== '');
  expect(lines[0]).toMatch(/,project_id$/);
  expect(lines.filter((line) => line.endsWith(`,${projectId}`)).length).toBeGreaterThanOrEqual(4);
  expect(lines.filter((line) => line.endsWith(',')).length).toBeGreaterThanOrEqual(1);
});

test('an open end in a project whose limit is reached ends with the time that is held, told before', async () => {
  const { org, now } = await newCustomer(market);
  const { projectId } = await newProject(org, { monthlySpendingLimitUnits: units(20n * YUAN) });
  const id = idOf(await bookIn(org, projectId, 1, null));
  await runTo(market, plusSeconds(now, 3_400));
  await killEngine(market);
  const told = await detailOf(await customerOf(org), id);
  expect(told.events.at(-1)).toMatchObject({
    kind: 'endingForLimit',
    data: { of: 'project', limitUnits: `${20n * YUAN}`, committedUnits: `${12n * YUAN}` },
  });
  expect(told.reservation).toMatchObject({ state: 'active', interval: { endAt: plusSeconds(now, 3_600) } });
  await runTo(market, plusSeconds(now, 3_660));
  expect((await detailOf(await customerOf(org), id)).reservation).toMatchObject({ state: 'ended', projectId });
});

test('the database keeps a reservation out of another organisation’s project', async () => {
  const { org } = await newCustomer(market);
  const others = await newProject((await newCustomer(market)).org);
  const id = idOf(await bookIn(org, null, 1, 3_600));
  await expect(
    withTx(SYSTEM, (tx) => tx.$executeRaw`UPDATE reservation SET project_id = ${others.projectId} WHERE id = ${id}`),
  ).rejects.toThrow('reservation_project_fkey');
});
