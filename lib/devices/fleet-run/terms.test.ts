import { describe, expect, test } from 'vitest';
import { parseTerms, TermsError } from './terms.ts';

test('without arguments it is the month that the targets are set for', () => {
  expect(parseTerms([])).toEqual({
    cards: 10_000,
    days: 30,
    seed: 7,
    modelId: 'zw810e',
    rates: 'llama3',
    layerFile: null,
    isJson: false,
  });
});

test('every argument is heard', () => {
  const line = '--cards 17 --days 2 --seed 0 --model m890 --rates assumed --layer a.json --json';
  expect(parseTerms(line.split(' '))).toEqual({
    cards: 17,
    days: 2,
    seed: 0,
    modelId: 'm890',
    rates: 'assumed',
    layerFile: 'a.json',
    isJson: true,
  });
});

describe('what cannot be used is refused in one sentence that names it', () => {
  test.each([
    ['--cards 0', '--cards'],
    ['--cards 100001', '--cards'],
    ['--cards 1.5', '--cards'],
    ['--cards 1e3', '--cards'],
    ['--cards', '--cards'],
    ['--days 0', '--days'],
    ['--days 3651', '--days'],
    ['--seed 4294967296', '--seed'],
    ['--seed -1', '--seed'],
    ['--seed=-1', '--seed'],
    ['--rates toString', '--rates'],
    ['--model h', '--model'],
    ['--colour red', '--colour'],
    ['more', 'more'],
  ])('%s', (line, named) => {
    const act = () => parseTerms(line.split(' '));
    expect(act).toThrow(TermsError);
    expect(act).toThrow(named);
    expect(act).toThrow(/^[^\n]+\.$/);
  });
});
