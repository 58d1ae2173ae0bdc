import { expect, test } from 'vitest';
import { idFrom } from '#lib/core/id.ts';
import { instant } from '#lib/core/instant.ts';
import { priceE10, units } from '#lib/core/money.ts';
import { parseMonth } from '#lib/core/period.ts';
import { present } from '#lib/core/assert.ts';
import { type Billable, type IssueCatalog, issueInvoices } from './issuing.ts';
import type { SkuFacts, UsageSum } from './types.ts';

const MONTH = present(parseMonth('2026-11') ?? undefined, 'a month');
const skuId = idFrom('sku', 'sku_a');
const SKU: SkuFacts = {
  skuId,
  model: '真武 810E',
  purchase: 'by-hour',
  taxRateBps: 600,
  siteId: 'sit_a',
  siteName: { zh: '韶关', en: 'Shaoguan' },
  regionId: 'plc_a',
  regionName: '广东',
};

const sum = (priceVersionId: string, grossUnits: bigint): UsageSum => ({
  skuId,
  priceVersionId: idFrom('priceVersion', priceVersionId),
  purchase: 'by-hour',
  taxRateBps: 600,
  usedSeconds: 3_600n,
  unusedSeconds: 0n,
  grossUnits: units(grossUnits),
  voucherUnits: units(0n),
});

const CATALOG: IssueCatalog = {
  skus: new Map([[skuId, SKU]]),
  prices: new Map([
    ['prv_list', priceE10(120_000_000_000n)],
    ['prv_own', priceE10(102_000_000_000n)],
  ]),
  lists: new Map([['prv_own', { priceE10PerCardHour: priceE10(120_000_000_000n) }]]),
};

const issue = (sums: readonly UsageSum[], catalog: IssueCatalog) => {
  const billable: Billable = { organisationId: idFrom('organisation', 'org_a'), name: '星图智能', sums, vouchers: [] };
  const range = { year: 2026, first: 1, previousHash: '' };
  return present(issueInvoices(MONTH, instant(Date.UTC(2026, 11, 2)), [billable], range, catalog)[0], 'an invoice');
};

test('a line at an agreed price has the list price and what it comes to by it; a line of the list has neither', () => {
  const { snapshot } = issue([sum('prv_list', 1_200_000_000n), sum('prv_own', 1_020_000_000n)], CATALOG);
  expect(snapshot.lines.map((line) => [line.listPriceE10PerCardHour, line.listUnits, line.grossUnits])).toEqual([
    [undefined, undefined, '1200000000'],
    ['120000000000', '1200000000', '1020000000'],
  ]);
  expect(snapshot.lines.map((line) => 'listUnits' in line)).toEqual([false, true]);
});

test('an invoice without agreed prices has the snapshot and the hash that it had before there were any', () => {
  const { lists: _lists, ...before } = CATALOG;
  const sums = [sum('prv_list', 1_200_000_000n)];
  expect(issue(sums, CATALOG).snapshotHash).toBe(issue(sums, before).snapshotHash);
});
