import { expect, test } from 'vitest';
import { readTrace } from './trace.ts';

const HEADER =
  'job_id,user,tenant,class,submit_time,num_chips,chip_type,num_nodes,duration_s,walltime_limit_s,final_status';

test('reads jobs in order of submission, whole numbers with or without a point, comments left out', () => {
  const { jobs, badLines } = readTrace(
    `# a comment, with "quotes\n${HEADER}\nb,u2,t,x,9000000,16,,1,30,30,OK\na,u1,t,x,5835000000,128,,16,24.0,24.0,OK\nc,u1,t,x,9999999,8,,1,1,1,OK\n`,
  );
  expect(badLines).toEqual([]);
  expect(
    jobs.map(({ jobId, submitSeconds, cards, durationSeconds }) => [jobId, submitSeconds, cards, durationSeconds]),
  ).toEqual([
    ['b', 9, 16, 30],
    ['c', 9, 8, 1],
    ['a', 5_835, 128, 24],
  ]);
});

test('names the lines that are no jobs and keeps the rest', () => {
  const { jobs, badLines } = readTrace(
    `${HEADER}\na,u,t,x,-1,1,,1,1,1,OK\nb,u,t,x,1,1.5,,1,1,1,OK\nc,u,t,x,1,1,,1,abc,1,OK\nd,u,t,x,1,1,,1,2,2,OK\nshort\n`,
  );
  expect(jobs.map(({ jobId }) => jobId)).toEqual(['d']);
  expect(badLines.map(({ line }) => line)).toEqual([2, 3, 4, 6]);
});

test('another file is refused in one sentence', () => {
  expect(() => readTrace('a,b\n1,2\n')).toThrow(/no job_id, user/);
  expect(() => readTrace('')).toThrow(/not a job trace/);
});
