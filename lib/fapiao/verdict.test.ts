import { expect, test } from 'vitest';
import { fen } from '#lib/core/money.ts';
import type { IssueOutcome, IssueResult } from './provider.ts';
import { canBecome, NEXT_STATES } from './transitions.ts';
import { FAPIAO_STATES, type FapiaoState } from './types.ts';
import { judgeResults, type KnownFapiao } from './verdict.ts';

const [NUMBER, SECOND] = ['26442000000012345678', '26442000000012345679'];

const known = (state: FapiaoState, more: Partial<KnownFapiao> = {}): KnownFapiao => ({
  id: 'fap_1',
  salesNumber: 'FP1',
  kind: 'blue',
  state,
  number: state === 'issued' ? NUMBER : null,
  grossFen: fen(500n),
  requestedOn: '2026-12-01',
  ...more,
});
const issue = (more: Partial<Extract<IssueOutcome, { kind: 'issued' }>> = {}): IssueOutcome => ({
  kind: 'issued',
  number: NUMBER,
  issuedOn: '2026-12-02',
  grossFen: fen(500n),
  documentUrl: null,
  ...more,
});
const rows = (...outcomes: IssueOutcome[]): IssueResult[] =>
  outcomes.map((outcome, i) => ({ row: i + 2, salesNumber: 'FP1', read: { isRead: true, outcome } }));

function verdicts(fapiao: KnownFapiao, outcomes: IssueOutcome[], taken: string[] = []): string[] {
  return judgeResults(rows(...outcomes), [fapiao], new Set(taken), '2026-12-03').map(({ verdict }) =>
    verdict.kind === 'conflict' ? verdict.conflict.code : verdict.kind,
  );
}

test('only what is handed over takes a result, and what is so already is left alone', () => {
  const said = FAPIAO_STATES.map((state) => [
    state,
    verdicts(known(state), [issue()], state === 'issued' ? [NUMBER] : []),
  ]);
  expect(said).toEqual([
    ['requested', ['notHandedOver']],
    ['confirmed', ['notHandedOver']],
    ['issuing', ['new']],
    ['issued', ['known']],
    ['refused', ['closed']],
    ['withdrawn', ['closed']],
  ]);
  expect(verdicts(known('refused'), [{ kind: 'refused', reason: 'again' }])).toEqual(['known']);
  expect(verdicts(known('issued'), [{ kind: 'refused', reason: 'no' }])).toEqual(['issuedOtherwise']);
});

test('conflicts come in their order', () => {
  const wrong = issue({ grossFen: fen(501n), issuedOn: '2027-01-01' });
  expect(verdicts(known('issuing'), [wrong], [NUMBER])).toEqual(['amountDiffers']);
  expect(verdicts(known('issuing'), [issue({ issuedOn: '2027-01-01' })], [NUMBER])).toEqual(['dateOutOfRange']);
  expect(verdicts(known('issuing'), [issue({ issuedOn: '2026-11-30' })])).toEqual(['dateOutOfRange']);
  expect(verdicts(known('issuing'), [issue()], [NUMBER])).toEqual(['numberTaken']);
  expect(verdicts(known('issued'), [issue({ number: SECOND, grossFen: fen(1n) })])).toEqual(['issuedOtherwise']);
  expect(verdicts(known('issued'), [issue({ grossFen: fen(501n) })])).toEqual(['amountDiffers']);
  expect(verdicts(known('issuing', { salesNumber: 'FP2' }), [issue()])).toEqual(['unknown']);
});

test('a red one comes back negative, and no other way', () => {
  const red = known('issuing', { kind: 'red' });
  expect(verdicts(red, [issue()])).toEqual(['amountDiffers']);
  expect(verdicts(red, [issue({ grossFen: fen(-500n) })])).toEqual(['new']);
});

test('rows of a file are held against the rows before them', () => {
  expect(verdicts(known('issuing'), [issue(), issue(), issue({ number: SECOND })])).toEqual([
    'new',
    'known',
    'contradicted',
  ]);
  expect(verdicts(known('issuing'), [issue({ grossFen: fen(1n) }), issue()])).toEqual(['amountDiffers', 'new']);
  const two = [known('issuing'), known('issuing', { id: 'fap_2', salesNumber: 'FP2' })];
  const results = [...rows(issue()), ...rows(issue()).map((row) => ({ ...row, salesNumber: 'FP2' }))];
  expect(judgeResults(results, two, new Set(), '2026-12-03').map(({ verdict }) => verdict)).toEqual([
    { kind: 'new' },
    { kind: 'conflict', conflict: { code: 'numberTaken' } },
  ]);
});

test('a blue one is never confirmed, a red one never skips its red letter, and what is final stays', () => {
  const goes = (kind: 'blue' | 'red') =>
    FAPIAO_STATES.flatMap((state) =>
      FAPIAO_STATES.filter((to) => canBecome({ kind, state }, to)).map((to) => `${state} ${to}`),
    );
  expect(goes('blue')).not.toContain('requested confirmed');
  expect(goes('red')).not.toContain('requested issuing');
  for (const kind of ['blue', 'red'] as const)
    for (const state of ['issued', 'refused', 'withdrawn'] as const) expect(NEXT_STATES[kind][state]).toEqual([]);
});
