import type { InvoiceSnapshot } from '../types.ts';

type Line = InvoiceSnapshot['lines'][number];

/** A line of an invoice for tests of documents. */
export function lineOf(line: number, change: Partial<Line> = {}): Line {
  return {
    line,
    model: 'Zhenwu 810E',
    siteZh: '韶关',
    siteEn: 'Shaoguan',
    purchase: 'by-hour',
    priceE10PerCardHour: '125000000000',
    usedSeconds: '2304001',
    unusedSeconds: '0',
    taxRateBps: 600,
    grossUnits: '800000347222',
    grossFen: '800000',
    netFen: '754717',
    taxFen: '45283',
    ...change,
  };
}

/** An issued invoice's snapshot for tests of documents. */
export function snapshotWith(change: Partial<InvoiceSnapshot> = {}): InvoiceSnapshot {
  return {
    version: 1,
    number: 'KS-2026-000007',
    month: '2026-10',
    issuedAt: '2026-11-02T04:00:00.000Z',
    periodStartAt: '2026-09-30T16:00:00.000Z',
    periodEndAt: '2026-10-31T16:00:00.000Z',
    seller: {
      nameZh: '示例电信算力运营有限公司（演示）',
      nameEn: 'Example Telecom Compute Operations Co., Ltd. (demo)',
      taxId: '91440200EXAMPLE03K',
      address: '广东省韶关市',
    },
    buyer: { organisationId: 'org_01test', name: '星图智能' },
    lines: [lineOf(1), lineOf(2, { purchase: 'by-card', unusedSeconds: '86400' })],
    totals: {
      grossUnits: '1600000694444',
      residueUnits: '694444',
      grossFen: '1600000',
      netFen: '1509434',
      taxFen: '90566',
    },
    ...change,
  };
}
