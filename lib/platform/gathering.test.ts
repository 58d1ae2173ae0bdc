import { expect, test } from 'vitest';
import { Gathering } from './gathering.ts';

/** A gathering whose groups are answered by hand: `sent` has each group, and how to end it. */
function setup(mayTryApart = true, lanes = 1, callsMax = 3) {
  const sent: { calls: readonly string[]; answer: () => void; fail: (error: Error) => void }[] = [];
  const gathering = new Gathering<string, string>({
    send: (calls) =>
      new Promise((resolve, reject) => {
        sent.push({ calls, answer: () => resolve(calls.map((call) => `${call}!`)), fail: reject });
      }),
    mayTryApart: () => mayTryApart,
    lanes,
    callsMax,
  });
  return { gathering, sent, groups: () => sent.map(({ calls }) => calls) };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test('calls of one moment go together, and each has its own answer', async () => {
  const { gathering, sent, groups } = setup();
  const answers = Promise.all([gathering.call('a'), gathering.call('b')]);
  await turn();
  sent[0]?.answer();
  expect(await answers).toEqual(['a!', 'b!']);
  expect(groups()).toEqual([['a', 'b']]);
});

test('whoever comes while a lane is free does not wait; others go with the next group, so many at most', async () => {
  const { gathering, sent, groups } = setup();
  const first = gathering.call('a');
  await turn();
  const others = ['b', 'c', 'd', 'e'].map((name) => gathering.call(name));
  await turn();
  expect(groups()).toEqual([['a']]);
  sent[0]?.answer();
  expect(await first).toBe('a!');
  await turn();
  expect(groups()).toEqual([['a'], ['b', 'c', 'd']]);
  sent[1]?.answer();
  await turn();
  sent[2]?.answer();
  expect(await Promise.all(others)).toEqual(['b!', 'c!', 'd!', 'e!']);
});

test('a group that waits does not hold up the next one while there is a lane', async () => {
  const { gathering, sent, groups } = setup(true, 2);
  void gathering.call('slow');
  await turn();
  const quick = gathering.call('quick');
  await turn();
  expect(groups()).toEqual([['slow'], ['quick']]);
  sent[1]?.answer();
  expect(await quick).toBe('quick!');
});

test('of a group that fails, each is tried alone, and only the bad call fails', async () => {
  const { gathering, sent, groups } = setup();
  const settled = Promise.allSettled([gathering.call('good'), gathering.call('bad')]);
  await turn();
  sent[0]?.fail(new Error('refused'));
  await turn();
  expect(groups()).toEqual([['good', 'bad'], ['good'], ['bad']]);
  sent[1]?.answer();
  sent[2]?.fail(new Error('refused'));
  expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
});

test('a group of which nobody knows whether it was carried out is not tried again', async () => {
  const { gathering, sent, groups } = setup(false);
  const settled = Promise.allSettled([gathering.call('a'), gathering.call('b')]);
  await turn();
  sent[0]?.fail(new Error('the line was cut'));
  expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await turn();
  expect(groups()).toEqual([['a', 'b']]);
});

test('a group with too few answers fails whole instead of giving somebody the answer of another', async () => {
  const gathering = new Gathering<string, string>({
    send: async () => ['only one'],
    mayTryApart: () => false,
    lanes: 1,
    callsMax: 9,
  });
  const settled = await Promise.allSettled([gathering.call('a'), gathering.call('b')]);
  expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
