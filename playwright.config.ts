import { defineConfig } from '@playwright/test';

/** Flags that keep Chromium from talking to anybody but us, and let it run as root. */
const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

// `npm run e2e` starts Kashi on a database of its own and sets these.
const { KASHI_E2E_REPORT: report = '1', KASHI_E2E_URL: baseURL, CHROMIUM_PATH: executablePath } = process.env;

export default defineConfig({
  testDir: 'e2e',
  outputDir: `test-results/market-${report}`,
  // Journeys share one market and one demo clock.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  // A journey has many steps, each with a limit of its own; together they may take long on a busy machine.
  timeout: 240_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['json', { outputFile: `test-results/report-${report}.json` }]],
  use: {
    // What does not come within this time does not come.
    actionTimeout: 20_000,
    ...(baseURL ? { baseURL } : {}),
    launchOptions: { args: CHROMIUM_FLAGS, ...(executablePath ? { executablePath } : {}) },
    locale: 'en-GB',
    timezoneId: 'Asia/Shanghai',
    // Tracing costs a third of a run's time more: `npm run e2e -- --trace on e2e/<file>` has it where it is wanted.
    screenshot: 'only-on-failure',
  },
});
