import { expect, test } from 'vitest';
import { readHelios } from './helios.ts';

const HEADER =
  'job_id,user,tenant,class,submit_time,num_chips,chip_type,num_nodes,duration_s,walltime_limit_s,final_status';
const SIZES = '# per-VC pool sizes (nodes, 8 GPU/node): vcA=20, vcB=2';
const line = (submit: string, chips: string, duration: string, walltime: string): string =>
  `j,u,vcA,x,${submit},${chips},,1,${duration},${walltime},COMPLETED`;

test('reads microseconds, seconds with or without a point, and pool sizes from the comments', () => {
  const trace = readHelios([SIZES, HEADER, line('5835000000', '128', '24.0', '60.0')].join('\n'));
  expect(trace.jobs).toEqual([
    { id: 'j', pool: 'vcA', submittedMs: 5_835_000, cards: 128, runMs: 24_000, walltimeMs: 60_000 },
  ]);
  expect([...trace.poolServers]).toEqual([
    ['vcA', 20],
    ['vcB', 2],
  ]);
  expect(trace.cardsPerServer).toBe(8);
});

test('a walltime that is missing or shorter than the run is the run', () => {
  const { jobs } = readHelios([HEADER, line('0', '1', '24.5', ''), line('0', '1', '24', '20')].join('\n'));
  expect(jobs.map(({ walltimeMs }) => walltimeMs)).toEqual([24_500, 24_000]);
});

test('jobs without a card are counted, not run', () => {
  expect(readHelios([HEADER, line('0', '0', '24', '24'), line('0', '1', '24', '24')].join('\n'))).toMatchObject({
    jobs: [{ cards: 1 }],
    skipped: 1,
  });
});

test('anything else names its line', () => {
  expect(() => readHelios(`${HEADER}\n${line('-1', '1', '1', '1')}`)).toThrow('Line 2: submit_time "-1"');
  expect(() => readHelios(`${HEADER}\n${line('1', '1.5', '1', '1')}`)).toThrow('Line 2: num_chips "1.5"');
  expect(() => readHelios(`${HEADER}\n${line('1', '1', 'x', '1')}`)).toThrow('Line 2: duration_s "x"');
  expect(() => readHelios(`${HEADER}\nshort,line`)).toThrow(/no CSV.*line 2/);
  expect(() => readHelios('a,b\n1,2\n')).toThrow('its header has no job_id');
  expect(() => readHelios('')).toThrow('its header has no job_id');
});
