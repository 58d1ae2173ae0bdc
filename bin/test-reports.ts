// Reads what the test runners left: how many passed, how many failed, and which.
export type Failure = { readonly file: string; readonly name: string; readonly why: string };
export type Outcome = { readonly passed: number; readonly failed: number; readonly failures: readonly Failure[] };

/** What a run of Vitest reports as JSON; the parts that are read. */
export type VitestReport = {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[] | null;
    }[];
  }[];
};

type Suite = {
  readonly suites?: readonly Suite[];
  readonly specs?: readonly {
    readonly title: string;
    readonly file: string;
    readonly ok: boolean;
    readonly tests: readonly { readonly results: readonly { readonly error?: { readonly message?: string } }[] }[];
  }[];
};
/** What one run of Playwright reports as JSON; the parts that are read. */
export type PlaywrightReport = {
  readonly suites: readonly Suite[];
  readonly stats: { readonly expected: number; readonly unexpected: number; readonly flaky: number };
};

/** The first lines of a message, without the colours of a terminal. */
function shortly(message: string | undefined): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal begin with this character.
  const plain = (message ?? '').replaceAll(/\u001B\[[\d;]*m/g, '');
  return plain.split('\n').slice(0, 12).join('\n').slice(0, 1_200);
}

/** Every test that failed, and every file that did not load, which fails a run without a failed test. */
export function vitestOutcome(report: VitestReport): Outcome {
  const failures = report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((each) => each.status === 'failed');
    if (failed.length === 0 && status === 'failed')
      return [{ file: name, name: 'the file itself', why: shortly(message) }];
    return failed.map((each) => ({ file: name, name: each.fullName, why: shortly(each.failureMessages?.[0]) }));
  });
  return { passed: report.numPassedTests, failed: report.numFailedTests, failures };
}

const specsOf = ({ specs = [], suites = [] }: Suite): NonNullable<Suite['specs']> => [
  ...specs,
  ...suites.flatMap(specsOf),
];

/** A test that passed only when repeated has failed. */
export function playwrightOutcome({ suites, stats }: PlaywrightReport): Outcome {
  const failures = suites
    .flatMap(specsOf)
    .filter(({ ok }) => !ok)
    .map(({ file, title, tests }) => ({
      file,
      name: title,
      why: shortly(tests.flatMap(({ results }) => results).find(({ error }) => error)?.error?.message),
    }));
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky, failures };
}
