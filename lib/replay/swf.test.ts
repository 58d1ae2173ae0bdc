import { expect, test } from 'vitest';
import { readSwf } from './swf.ts';

/** A line with an id, a submit time, a run, processors, and what was requested. */
function line(
  id: number,
  submit: number,
  run: number,
  cards: number,
  more: { request?: number; status?: number } = {},
) {
  return `${id} ${submit} -1 ${run} ${cards} -1 -1 ${cards} ${more.request ?? -1} -1 ${more.status ?? 1} -1 -1 -1 0 -1 -1 -1`;
}

test('reads submissions, runs of at least a second, and what was asked for when that is known', () => {
  const { jobs, processors } = readSwf(
    ['; MaxNodes: 64', '; MaxProcs: 256', line(7, 5_094, 0, 16), '', line(8, 5_170, 30, 1, { request: 60 })].join(
      '\r\n',
    ),
  );
  expect(processors).toBe(256);
  expect(jobs).toEqual([
    { id: '7', pool: 'all', submittedMs: 5_094_000, cards: 16, runMs: 1_000, walltimeMs: 1_000 },
    { id: '8', pool: 'all', submittedMs: 5_170_000, cards: 1, runMs: 30_000, walltimeMs: 60_000 },
  ]);
});

test('a job that outran its request was let run, so its walltime is its run', () => {
  expect(readSwf(line(1, 0, 90, 1, { request: 60 })).jobs[0]?.walltimeMs).toBe(90_000);
});

test('what was cancelled while it waited is counted, not run', () => {
  expect(readSwf([line(1, 0, 10, 1), line(2, 0, -1, -1, { status: 5 })].join('\n'))).toMatchObject({
    jobs: [{ id: '1' }],
    skipped: 1,
  });
});

test('anything else names its line', () => {
  expect(() => readSwf(`${line(1, 0, 10, 1)}\n1 2 3`)).toThrow('Line 2 has 3 fields');
  expect(() => readSwf(line(1, 0, 10, 1).replace('10', 'ten'))).toThrow('Line 1, field 4: "ten" is not a number.');
  expect(() => readSwf(line(1, 0, 10, -1))).toThrow('Line 1 tells no number of processors.');
  expect(() => readSwf(line(1, 0, -1, 1))).toThrow('Line 1 tells no run time.');
  expect(() => readSwf(line(1, -1, 1, 1))).toThrow('Line 1 tells no time of submission.');
  expect(() => readSwf('; only comments\n')).toThrow('no job');
});
