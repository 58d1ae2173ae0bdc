import { expect, test } from 'vitest';
import { playwrightOutcome, vitestOutcome } from './test-reports.ts';

test('a failed test is told with its file, its name and why, in plain text', () => {
  const outcome = vitestOutcome({
    numPassedTests: 1,
    numFailedTests: 1,
    numPendingTests: 0,
    testResults: [
      {
        name: 'lib/a.test.ts',
        status: 'failed',
        message: '',
        assertionResults: [
          { fullName: 'adds', status: 'passed', failureMessages: [] },
          {
            fullName: 'divides',
            status: 'failed',
            failureMessages: ['\u001B[31mexpected 1\u001B[39m to be 2\nat line 3'],
          },
        ],
      },
    ],
  });
  expect(outcome).toEqual({
    passed: 1,
    failed: 1,
    failures: [{ file: 'lib/a.test.ts', name: 'divides', why: 'expected 1 to be 2\nat line 3' }],
  });
});

test('a file that does not load is told, though none of its tests failed', () => {
  const outcome = vitestOutcome({
    numPassedTests: 0,
    numFailedTests: 0,
    numPendingTests: 0,
    testResults: [{ name: 'lib/b.test.ts', status: 'failed', message: 'no such module', assertionResults: [] }],
  });
  expect(outcome.failures).toEqual([{ file: 'lib/b.test.ts', name: 'the file itself', why: 'no such module' }]);
});

test('a journey that failed is found below its groups, and one that passed only when repeated counts as failed', () => {
  const spec = (title: string, ok: boolean, message: string) => ({
    title,
    ok,
    file: 'e2e/c.spec.ts',
    tests: [{ results: ok ? [{}] : [{ error: { message } }] }],
  });
  const outcome = playwrightOutcome({
    suites: [{ suites: [{ specs: [spec('books', true, ''), spec('pays', false, 'Timeout')] }] }],
    stats: { expected: 1, unexpected: 1, flaky: 1 },
  });
  expect(outcome).toEqual({
    passed: 1,
    failed: 2,
    failures: [{ file: 'e2e/c.spec.ts', name: 'pays', why: 'Timeout' }],
  });
});
