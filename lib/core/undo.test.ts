import { expect, test } from 'vitest';
import { doAll, NOTHING_TO_UNDO, undoBoth } from './undo.ts';

test('what is done in order is undone last first, and what changed nothing is left out', () => {
  const trace: string[] = [];
  const work = (name: string) => () => {
    trace.push(name);
  };
  undoBoth(work('first'), work('second'))();
  doAll([1, 2, 3], (n) => (n === 2 ? NOTHING_TO_UNDO : work(`item ${n}`)))();
  expect(trace).toEqual(['second', 'first', 'item 3', 'item 1']);
  const only = work('only');
  expect(undoBoth(only, NOTHING_TO_UNDO)).toBe(only);
  expect(undoBoth(NOTHING_TO_UNDO, only)).toBe(only);
  expect(doAll([1, 2], () => NOTHING_TO_UNDO)).toBe(NOTHING_TO_UNDO);
});
