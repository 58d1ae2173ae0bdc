import { expect, describe, test } from 'vitest';
import { type Fen, fen } from '#lib/core/money.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { createTestDatabase } from '#lib/platform/testing/database.ts';
import { findBatchFile, getFapiaoQueue, importResults, makeBatch, previewResults, refuseFapiao } from './exchange.ts';
import { beginRed, confirmRed, requestRed } from './reds.ts';
import { getFapiaoAccount, listOpenInvoices, requestFapiao, withdrawFapiao } from './requests.ts';
import { findFapiao, findFapiaoFile, listFapiao, saveFapiaoFile } from './service.ts';
import {
  COMPANY,
  freshNumber,
  handOver,
  issuedRow,
  must,
  openClosedMarket,
  resultsFile,
  staffOf,
  titleOf,
} from './testing.ts';
import { chooseDefaultTitle, listTitles, removeTitle, saveTitle } from './titles.ts';
import type { FapiaoView } from './types.ts';

await createTestDatabase();
const { own, other, finance, invoice, theirs } = await openClosedMarket();
const page = { skip: 0, take: 100 };

const wishOf = (titleId: string, amountYuan = '', invoiceId: string = invoice.id) => ({
  titleId,
  invoiceIds: [invoiceId],
  amountYuan,
  remark: '',
});

/** A fapiao over some yuan that is issued. */
async function issued(name: string, amountYuan: string): Promise<FapiaoView> {
  const title = await titleOf(own, name);
  const asked = must(await requestFapiao(own, wishOf(title.id, amountYuan)));
  await handOver(finance);
  must(await importResults(finance, resultsFile([issuedRow(asked, freshNumber(), finance)])));
  return { ...asked, ...(await findFapiao(own, asked.id))?.fapiao };
}

const verdictsOf = async (work: ReturnType<typeof importResults>) =>
  must(await work).map(({ verdict }) => (verdict.kind === 'conflict' ? verdict.conflict.code : verdict.kind));
const statesOf = async (id: string) => (await findFapiao(own, id))?.history.map(({ state }) => state);
const available = async (): Promise<Fen> => (await getFapiaoAccount(own)).availableFen;

describe('titles', () => {
  test('keep a tax id in one form, refuse a wrong one by its problem, and a special fapiao for a person', async () => {
    const title = await titleOf(own, '规范公司', { taxId: ' ９１440300 708461136t ' });
    expect(title.taxId).toBe('91440300708461136T');
    expect(await saveTitle(own, { ...COMPANY, taxId: '9144030070846113' })).toMatchObject({
      refusal: { code: 'taxIdWrong', problem: 'length' },
    });
    const person = { ...COMPANY, kind: 'person', name: '张三' } as const;
    expect(await saveTitle(own, person)).toMatchObject({ refusal: { code: 'specialForCompanies' } });
    expect(await saveTitle(own, { ...person, fapiaoType: '82' })).toMatchObject({
      refusal: { code: 'taxIdForCompanies' },
    });
    expect(must(await saveTitle(own, { ...person, fapiaoType: '82', taxId: '' })).taxId).toBeNull();
    expect(await saveTitle(own, { ...COMPANY, name: '规范公司' })).toMatchObject({
      refusal: { code: 'fapiaoTitleKnown' },
    });
  });

  test('one is the default; what is removed gives it to another', async () => {
    const [one, two] = [await titleOf(other, '甲公司'), await titleOf(other, '乙公司')];
    expect([one.isDefault, two.isDefault]).toEqual([true, false]);
    must(await chooseDefaultTitle(other, two.id));
    expect((await listTitles(other)).map(({ id, isDefault }) => [id, isDefault])).toEqual([
      [two.id, true],
      [one.id, false],
    ]);
    must(await removeTitle(other, two.id));
    expect((await listTitles(other)).map(({ id, isDefault }) => [id, isDefault])).toEqual([[one.id, true]]);
    expect(await chooseDefaultTitle(other, two.id)).toMatchObject({ refusal: { code: 'fapiaoTitleUnknown' } });
  });

  test('of another organisation do not exist', async () => {
    const mine = await titleOf(own, '自己的公司');
    for (const work of [chooseDefaultTitle, removeTitle])
      expect(await work(other, mine.id)).toMatchObject({ refusal: { code: 'fapiaoTitleUnknown' } });
    expect(await saveTitle(other, { ...COMPANY, titleId: mine.id })).toMatchObject({
      refusal: { code: 'fapiaoTitleUnknown' },
    });
    expect(await requestFapiao(other, wishOf(mine.id, '', theirs.id))).toMatchObject({
      refusal: { code: 'fapiaoTitleUnknown' },
    });
  });
});

describe('a fapiao', () => {
  test('is asked for, handed over, issued with its number once, and its history says by whom', async () => {
    const before = await getFapiaoAccount(own);
    const title = await titleOf(own, '开票公司');
    const asked = must(await requestFapiao(own, wishOf(title.id, '10.00')));
    expect(asked).toMatchObject({ state: 'requested', grossFen: 1_000n, netFen: 943n, taxFen: 57n, number: null });
    expect(asked.salesNumber).toMatch(/^FP202612\d{8}$/);
    expect(await getFapiaoAccount(own)).toEqual({
      ...before,
      openFen: before.openFen + 1_000n,
      availableFen: before.availableFen - 1_000n,
    });

    const number = freshNumber();
    const file = resultsFile([issuedRow(asked, number, finance)]);
    expect(await verdictsOf(importResults(finance, file))).toEqual(['notHandedOver']);
    const batchId = await handOver(finance);
    expect(await verdictsOf(previewResults(finance, file))).toEqual(['new']);
    expect((await findFapiao(own, asked.id))?.fapiao.state).toBe('issuing');
    expect(await verdictsOf(importResults(finance, file))).toEqual(['done']);
    expect(await verdictsOf(importResults(finance, file))).toEqual(['known']);
    const found = await findFapiao(own, asked.id);
    expect(found?.fapiao).toMatchObject({ state: 'issued', number, issuedOn: '2026-12-02' });
    expect(found?.history.map(({ state, note }) => [state, note])).toEqual([
      ['requested', ''],
      ['issuing', ''],
      ['issued', number],
    ]);
    expect((await findBatchFile(finance, batchId))?.text).toContain(asked.salesNumber);
    expect((await getFapiaoAccount(own)).issuedFen).toBe(before.issuedFen + 1_000n);
  });

  test('keeps the title that it was asked with', async () => {
    const fapiao = await issued('旧名公司', '1.00');
    must(await saveTitle(own, { ...COMPANY, name: '新名公司', titleId: fapiao.titleId }));
    expect((await findFapiao(own, fapiao.id))?.fapiao.buyer.name).toBe('旧名公司');
    must(await removeTitle(own, fapiao.titleId));
    expect((await findFapiao(own, fapiao.id))?.fapiao.buyer.name).toBe('旧名公司');
  });

  test('asked for twice under one key is one; another wish under it is refused', async () => {
    const title = await titleOf(own, '一次公司');
    const wish = wishOf(title.id, '2.00');
    const answers = await Promise.all([1, 2, 3].map(() => requestFapiao(own, wish, 'key-1')));
    expect(new Set(answers.map((answer) => must(answer).id)).size).toBe(1);
    expect(await requestFapiao(own, { ...wish, amountYuan: '2.01' }, 'key-1')).toMatchObject({
      refusal: { code: 'idempotencyKeyReused' },
    });
    must(await withdrawFapiao(own, must(await requestFapiao(own, wish, 'key-1')).id));
  });

  test('is refused by name, in the order that is written down', async () => {
    const title = await titleOf(own, '拒绝公司');
    const code = async (wish: Partial<ReturnType<typeof wishOf>>) => {
      const result = await requestFapiao(own, { ...wishOf(title.id), ...wish });
      return result.ok ? 'accepted' : result.refusal.code;
    };
    expect(await code({ titleId: 'fpt_0', invoiceIds: [] })).toBe('fapiaoTitleUnknown');
    expect(await code({ invoiceIds: [], amountYuan: 'x' })).toBe('fapiaoInvoicesMissing');
    expect(await code({ invoiceIds: [theirs.id], amountYuan: 'x' })).toBe('fapiaoInvoiceUnknown');
    expect(await code({ invoiceIds: [invoice.id, 'inv_0'] })).toBe('fapiaoInvoiceUnknown');
    expect(await code({ amountYuan: '0' })).toBe('fapiaoAmountUnreadable');
    expect(await code({ amountYuan: '99999999' })).toBe('fapiaoOverInvoices');
  });

  test('that is withdrawn or refused gives back what it reserved, once', async () => {
    const [title, before] = [await titleOf(own, '撤回公司'), await available()];
    const one = must(await requestFapiao(own, wishOf(title.id, '3.00')));
    must(await withdrawFapiao(own, one.id));
    expect(await withdrawFapiao(own, one.id)).toMatchObject({
      refusal: { code: 'fapiaoNotInState', state: 'withdrawn' },
    });
    const two = must(await requestFapiao(own, wishOf(title.id, '3.00')));
    must(await refuseFapiao(finance, { fapiaoId: two.id, reason: '抬头与税号不符' }));
    expect((await findFapiao(own, two.id))?.fapiao).toMatchObject({ state: 'refused', changedNote: '抬头与税号不符' });
    expect(await available()).toBe(before);
    const three = must(await requestFapiao(own, wishOf(title.id, '3.00')));
    await handOver(finance);
    expect(await withdrawFapiao(own, three.id)).toMatchObject({ refusal: { code: 'fapiaoNotInState' } });
    expect(await refuseFapiao(finance, { fapiaoId: three.id, reason: 'late' })).toMatchObject({
      refusal: { code: 'fapiaoNotInState', state: 'issuing' },
    });
    const failed = resultsFile([{ xsdh: three.salesNumber, sbyy: '税局退回' }]);
    expect(await verdictsOf(importResults(finance, failed))).toEqual(['done']);
    expect(await verdictsOf(importResults(finance, failed))).toEqual(['known']);
    expect(await available()).toBe(before);
  });
});

describe('a red fapiao', () => {
  test('waits for its red letter, is issued with a number of its own, and gives the amount back', async () => {
    const blue = await issued('红冲公司', '20.00');
    const before = await available();
    const part = must(await requestRed(own, { fapiaoId: blue.id, amountYuan: '5.00', reason: '金额有误' }));
    expect(await available()).toBe(before);
    expect((await findFapiao(own, blue.id))?.leftFen).toBe(1_500n);
    expect(await requestRed(own, { fapiaoId: blue.id, amountYuan: '15.01', reason: '金额有误' })).toMatchObject({
      refusal: { code: 'fapiaoOverBlue', leftFen: '1500' },
    });
    const row = issuedRow(part, freshNumber(), finance);
    expect(await verdictsOf(importResults(finance, resultsFile([row])))).toEqual(['notHandedOver']);
    expect(await makeBatch(finance)).toMatchObject({ refusal: { code: 'fapiaoNothingWaiting' } });
    must(await confirmRed(finance, { fapiaoId: part.id, confirmation: '44009926110000001' }));
    const batchId = await handOver(finance);
    const text = (await findBatchFile(finance, batchId))?.text ?? '';
    for (const expected of ['-4.72', '-0.28', '-5.00', blue.number ?? '?', '44009926110000001'])
      expect(text).toContain(expected);
    expect(await verdictsOf(importResults(finance, resultsFile([{ ...row, jshj: '5.00' }])))).toEqual([
      'amountDiffers',
    ]);
    expect(await verdictsOf(importResults(finance, resultsFile([{ ...row, fphm: blue.number ?? '' }])))).toEqual([
      'numberTaken',
    ]);
    expect(await verdictsOf(importResults(finance, resultsFile([row])))).toEqual(['done']);
    expect(await available()).toBe(fen(before + 500n));
    expect(await statesOf(part.id)).toEqual(['requested', 'confirmed', 'issuing', 'issued']);
    const rest = must(await beginRed(finance, { fapiaoId: blue.id, amountYuan: '', reason: '整张作废' }));
    expect(rest.grossFen).toBe(1_500n);
    expect(await requestRed(own, { fapiaoId: blue.id, amountYuan: '', reason: '再来一次' })).toMatchObject({
      refusal: { code: 'fapiaoOverBlue', leftFen: '0' },
    });
  });

  test('is not asked for what is not issued, is red, or is of others', async () => {
    const title = await titleOf(own, '未开公司');
    const asked = must(await requestFapiao(own, wishOf(title.id, '1.00')));
    const wish = { fapiaoId: asked.id, amountYuan: '', reason: '不要了' };
    expect(await requestRed(own, wish)).toMatchObject({ refusal: { code: 'fapiaoNotInState', state: 'requested' } });
    expect(await requestRed(other, wish)).toMatchObject({ refusal: { code: 'fapiaoUnknown' } });
    expect(await confirmRed(finance, { fapiaoId: asked.id, confirmation: '1234' })).toMatchObject({
      refusal: { code: 'fapiaoNotInState' },
    });
    must(await withdrawFapiao(own, asked.id));
  });
});

describe('who may', () => {
  test('others see nothing of it, whatever they ask', async () => {
    const fapiao = await issued('秘密公司', '1.00');
    expect(await findFapiao(other, fapiao.id)).toBeNull();
    expect(await withdrawFapiao(other, fapiao.id)).toMatchObject({ refusal: { code: 'fapiaoUnknown' } });
    expect((await listFapiao(other, {}, page)).rows).toEqual([]);
    expect((await listOpenInvoices(other)).map(({ id }) => id)).toEqual([theirs.id]);
    expect((await listFapiao(finance, {}, page)).rows.map(({ id }) => id)).toContain(fapiao.id);
  });

  test('members ask for none, customers exchange none, auditors and ops change none', async () => {
    const member = { ...own, actor: { ...own.actor, kind: 'customer', role: 'member' } } as never;
    await expect(requestFapiao(member, wishOf('fpt_0'))).rejects.toThrow(Forbidden);
    await expect(listTitles(member)).rejects.toThrow(Forbidden);
    for (const ctx of [own, await staffOf('auditor'), await staffOf('ops')]) {
      await expect(makeBatch(ctx)).rejects.toThrow(Forbidden);
      await expect(importResults(ctx, '')).rejects.toThrow(Forbidden);
      await expect(findBatchFile(ctx, 'fpb_0')).rejects.toThrow(Forbidden);
      await expect(refuseFapiao(ctx, { fapiaoId: 'fap_0', reason: 'x' })).rejects.toThrow(Forbidden);
      await expect(confirmRed(ctx, { fapiaoId: 'fap_0', confirmation: 'x' })).rejects.toThrow(Forbidden);
      await expect(beginRed(ctx, { fapiaoId: 'fap_0', amountYuan: '', reason: 'x' })).rejects.toThrow(Forbidden);
      await expect(saveFapiaoFile(ctx, { fapiaoId: 'fap_0', bytes: new Uint8Array(1) })).rejects.toThrow(Forbidden);
    }
    await expect(getFapiaoQueue(own)).rejects.toThrow(Forbidden);
    await expect(requestFapiao(finance, wishOf('fpt_0'))).rejects.toThrow(Forbidden);
    expect((await getFapiaoQueue(await staffOf('auditor'))).batches.length).toBeGreaterThan(0);
  });
});

test('a document is kept as what its bytes are, for an issued fapiao alone, and read by its own customer', async () => {
  const fapiao = await issued('文件公司', '1.00');
  const save = (text: string) =>
    saveFapiaoFile(finance, { fapiaoId: fapiao.id, bytes: new TextEncoder().encode(text) });
  expect(await save('<html>')).toMatchObject({ refusal: { code: 'fapiaoDocumentWrong' } });
  expect(await save('')).toMatchObject({ refusal: { code: 'fapiaoDocumentWrong' } });
  for (const text of ['%PDF-1.7 first', '%PDF-1.7 second', '<?xml version="1.0"?><fp/>'])
    expect(await save(text)).toEqual({ ok: true, value: null });
  expect((await findFapiao(own, fapiao.id))?.files.map(({ format }) => format)).toEqual(['pdf', 'xml']);
  const file = await findFapiaoFile(own, fapiao.id, 'pdf');
  expect(file?.fileName).toBe(`fapiao-${fapiao.number}.pdf`);
  expect(new TextDecoder().decode(file?.bytes)).toBe('%PDF-1.7 second');
  for (const [ctx, format] of [
    [other, 'pdf'],
    [own, 'ofd'],
    [own, '../pdf'],
  ] as const)
    expect(await findFapiaoFile(ctx, fapiao.id, format)).toBeNull();
});
