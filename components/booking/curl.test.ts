import { expect, test } from 'vitest';
import { quoteBody, reserveBody } from '#lib/api/schemas.ts';
import { quoteCommand, reserveCommand } from './curl.ts';

const ORIGIN = 'http://127.0.0.1:3000';
const bodyOf = (command: string): unknown =>
  JSON.parse(/-d '(.*)'$/s.exec(command)?.[1]?.replaceAll(`'\\''`, "'") ?? '');

test('the commands carry bodies that the API accepts and reads as the same wish', () => {
  const wish = {
    skuId: 'sku_sg-zw810e-hour',
    cards: 8,
    topology: 'same-server',
    startAt: Date.UTC(2026, 10, 24, 6),
    durationSeconds: 10_800,
    term: null,
    imageId: null,
  } as const;
  const command = quoteCommand(ORIGIN, wish);
  expect(command).toContain('curl -X POST http://127.0.0.1:3000/api/v1/quotes');
  expect(quoteBody.parse(bodyOf(command))).toEqual({ ...wish, startAt: '2026-11-24T06:00:00.000Z' });
  const plain = { ...wish, topology: 'any', startAt: null, durationSeconds: null } as const;
  expect(quoteBody.parse(bodyOf(quoteCommand(ORIGIN, plain)))).toEqual(plain);
});

test('a name with a quote in it stays one word of the shell', () => {
  const command = reserveCommand(ORIGIN, { quoteId: 'quo_1', name: "Lin's run", projectId: null }, 'req_1');
  expect(command).toContain('-H "Idempotency-Key: req_1"');
  expect(command).toContain(`Lin'\\''s run`);
  const booking = { quoteId: 'quo_1', name: "Lin's run", projectId: null };
  expect(reserveBody.parse(bodyOf(command))).toEqual({ ...booking, payBy: 'wallet' });
  const inProject = { ...booking, projectId: 'prj_1' };
  expect(reserveBody.parse(bodyOf(reserveCommand(ORIGIN, inProject, 'req_1')))).toEqual({
    ...inProject,
    payBy: 'wallet',
  });
});
