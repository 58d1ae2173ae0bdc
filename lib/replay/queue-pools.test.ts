import { expect, test } from 'vitest';
import { type PoolChoice, readQueueTrace } from './queue-pools.ts';

const SWF =
  '; MaxProcs: 4\n1 0 -1 10 4 -1 -1 -1 -1 -1 1 -1 -1 -1 0 -1 -1 -1\n2 0 -1 10 5 -1 -1 -1 -1 -1 1 -1 -1 -1 0 -1 -1 -1';
const HEADER = 'job_id,tenant,submit_time,num_chips,duration_s,walltime_limit_s';
const CSV = `# per-VC pool sizes (nodes, 4 GPU/node): b=2, a=1\n${HEADER}\n1,b,0,8,10,10\n2,a,0,5,10,10`;

const layout = (text: string, choice: Partial<PoolChoice> = {}) => {
  const { pools, tooLarge } = readQueueTrace(text, { cards: null, servers: null, ...choice });
  return [
    ...pools.map(({ name, pool, jobs }) => `${name} ${pool.servers}x${pool.cardsPerServer} ${jobs.length}`),
    tooLarge,
  ];
};

test('a machine of the Standard Workload Format is one flat pool, of its own size or the one given', () => {
  expect(layout(SWF)).toEqual(['all 1x4 1', 1]);
  expect(layout(SWF, { cards: 8 })).toEqual(['all 1x8 2', 0]);
  expect(() => layout(SWF.replace('; MaxProcs: 4\n', ''))).toThrow('--cards');
});

test('tenants have pools of the sizes that the comments tell, also when their sum is asked for', () => {
  expect(layout(CSV)).toEqual(['a 1x4 0', 'b 2x4 1', 1]);
  expect(layout(CSV, { cards: 12 })).toEqual(['a 1x4 0', 'b 2x4 1', 1]);
});

test('another number of cards, or "one", puts all jobs into one pool', () => {
  expect(layout(CSV, { cards: 16 })).toEqual(['all 4x4 2', 0]);
  expect(layout(CSV, { cards: 12, servers: 'one' })).toEqual(['all 3x4 2', 0]);
  expect(() => layout(CSV, { cards: 13 })).toThrow('multiple of 4');
  expect(() => layout(CSV, { servers: 'one' })).toThrow('--cards');
});

test('given pools name every tenant', () => {
  const two = new Map([
    ['a', 2],
    ['b', 2],
  ]);
  expect(layout(CSV, { servers: two })).toEqual(['a 2x4 1', 'b 2x4 1', 0]);
  expect(() => layout(CSV, { servers: new Map([['a', 2]]) })).toThrow('every tenant (a, b)');
  expect(() => layout(CSV, { servers: two, cards: 4 })).toThrow('their sum');
  expect(() => layout(SWF, { servers: two })).toThrow('one pool');
});

test('an empty file and one in which nothing fits are no traces', () => {
  expect(() => layout('; nothing\n\n')).toThrow('no line of data');
  expect(() => layout(SWF, { cards: 1 })).toThrow('Every job');
});
