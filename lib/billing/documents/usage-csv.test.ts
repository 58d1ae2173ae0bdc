import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { idFrom } from '#lib/core/id.ts';
import { instant } from '#lib/core/instant.ts';
import { priceE10, units } from '#lib/core/money.ts';
import { monthOf } from '#lib/core/period.ts';
import type { UsageRecord } from '../types.ts';
import { guardedText } from './csv-text.ts';
import { usageCsvHead, usageCsvLines } from './usage-csv.ts';

const HOUR = instant(Date.UTC(2026, 9, 31, 16));

function recordWith(change: Partial<UsageRecord> = {}): UsageRecord {
  return {
    month: monthOf(HOUR),
    organisationId: idFrom('organisation', 'org_1'),
    organisationName: '星图智能',
    reservationId: idFrom('reservation', 'rsv_1'),
    reservationName: '预训练，第一次',
    projectId: null,
    skuId: idFrom('sku', 'sku_1'),
    model: 'Zhenwu 810E',
    purchase: 'by-hour',
    allocationId: idFrom('allocation', 'alc_1'),
    cardId: idFrom('card', 'crd_1'),
    hourAt: HOUR,
    startAt: HOUR,
    endAt: instant(HOUR + 1_800_000),
    usedSeconds: 1_800,
    unusedSeconds: 0,
    downSeconds: 0,
    priceVersionId: idFrom('priceVersion', 'prv_1'),
    priceE10PerCardHour: priceE10(125_000_000_001n),
    bandBps: 7_000,
    chargedToDateUnits: units(437_500_000n),
    amountUnits: units(1n),
    revision: 0,
    chargedAt: instant(HOUR + 3_600_000),
    journalKey: 'meter:rsv_1:2026-10-31T16:0',
    term: null,
    ...change,
  };
}

const read = (text: string): Record<string, string>[] => parse(text, { bom: true, columns: true });

describe('the CSV of usage', () => {
  test('names the project, and leaves it empty where there is none', () => {
    const own = recordWith({ projectId: idFrom('project', 'prj_1') });
    const [first, second] = read(usageCsvHead() + usageCsvLines([own, recordWith()]));
    expect(first).toMatchObject({ project_id: 'prj_1' });
    expect(second).toMatchObject({ project_id: '' });
  });

  test('has a mark for UTF-8, a head, and lines that end in CRLF', () => {
    const text = usageCsvHead() + usageCsvLines([recordWith(), recordWith()]);
    expect(text.startsWith('\ufeffmonth,')).toBe(true);
    expect(text.split('\r\n')).toHaveLength(4);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  test('gives amounts and prices to the last digit, times in UTC and in Beijing', () => {
    expect(read(usageCsvHead() + usageCsvLines([recordWith()]))[0]).toMatchObject({
      month: '2026-11',
      amount_yuan: '0.00000001',
      price_yuan_per_card_hour: '12.5000000001',
      hour_utc: '2026-10-31T16:00:00.000Z',
      hour_beijing: '2026-11-01 00:00:00',
      reservation_name: '预训练，第一次',
    });
  });

  test.each(['=1+1', '+1', '-1', '@x', '\tx', '\rx', '＝1', "=cmd|' /C calc'!A0", '"quoted", a\nb'])(
    'a name %j comes back as text and never as a formula',
    (name) => {
      const [row] = read(usageCsvHead() + usageCsvLines([recordWith({ reservationName: name })]));
      expect(row?.['reservation_name']).toBe(guardedText(name));
      expect(row?.['reservation_name']).not.toMatch(/^[=+\-@\t\r\n＝]/);
    },
  );

  test('an amount below zero stays a number', () => {
    const [row] = read(usageCsvHead() + usageCsvLines([recordWith({ amountUnits: units(-5n) })]));
    expect(row?.['amount_yuan']).toBe('-0.00000005');
  });

  test('no rows are a head alone', () => expect(read(usageCsvHead() + usageCsvLines([]))).toEqual([]));
});
