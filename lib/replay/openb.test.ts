import { expect, test } from 'vitest';
import { OpenbError, readOpenbNodes, readOpenbPods } from './openb.ts';

const PODS = 'name,cpu_milli,memory_mib,num_gpu,gpu_milli';

test('nodes come in the order of their names', () => {
  const csv = 'sn,cpu_milli,memory_mib,gpu,model\nn2,96000,393216,8,G2\nn1,64000,262144,2,P100\n';
  expect(readOpenbNodes(csv)).toEqual([
    { model: 'P100', cards: 2, cpuMilli: 64_000, memoryMiB: 262_144 },
    { model: 'G2', cards: 8, cpuMilli: 96_000, memoryMiB: 393_216 },
  ]);
});

test('pods come in the order of their names, with one spec for all that ask for the same', () => {
  const pods = readOpenbPods(`${PODS},gpu_spec\nb,8000,1,1,470,V100|A10\na,4000,2,0,0,\nc,8000,1,1,470,A10|V100\n`);
  expect(pods.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  expect(pods[1]?.spec).toEqual({ cpuMilli: 8_000, memoryMiB: 1, cards: 1, cardMilli: 470, models: ['A10', 'V100'] });
  expect(pods[2]?.spec).toBe(pods[1]?.spec);
});

test.each([
  ['an empty file', '', 'it has no rows with the columns name, cpu_milli, memory_mib, num_gpu, gpu_milli.'],
  ['a header alone', PODS, 'it has no rows with the columns name, cpu_milli, memory_mib, num_gpu, gpu_milli.'],
  [
    'another file',
    'job_id,user\n1,u\n',
    'it has no rows with the columns name, cpu_milli, memory_mib, num_gpu, gpu_milli.',
  ],
  ['a negative size', `${PODS}\na,-1,1,1,500\n`, 'line 2: cpu_milli is a whole number up to 1000000000, not "-1".'],
  ['a size in words', `${PODS}\na,1,1,one,500\n`, 'line 2: num_gpu is a whole number up to 64, not "one".'],
  [
    'more than a card of a card',
    `${PODS}\na,1,1,1,1001\n`,
    'line 2: gpu_milli is a whole number up to 1000, not "1001".',
  ],
  ['nothing of a card', `${PODS}\na,1,1,2,0\n`, 'line 2: gpu_milli is 0 of 2 cards.'],
  ['pods without cards', `${PODS}\na,1,1,0,0\n`, 'none of its pods asks for a card.'],
])('%s is refused in one sentence', (_, csv, sentence) => {
  expect(() => readOpenbPods(csv)).toThrow(new OpenbError(sentence));
});

test('rubbish is refused in one sentence too', () => {
  expect(() => readOpenbPods('a,b\n"')).toThrow(OpenbError);
  expect(() => readOpenbPods('\u0000\u0001')).toThrow(OpenbError);
  expect(() => readOpenbNodes('sn,cpu_milli,memory_mib,gpu,model\nn,1,1,0,T4\n')).toThrow(
    'none of its nodes has a card.',
  );
});
