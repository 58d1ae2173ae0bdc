import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { Api, createApiKey, payIn } from './support/api.ts';
import { passSeconds, passTo } from './support/clock.ts';
import { closeMonthsBefore } from './support/finance.ts';
import { expectWellMade, LOOKS, lookAt } from './support/looks.ts';
import { createStaff, signIn, signUp } from './support/people.ts';
import { announce, freshReference, recordReceipt, walletOf } from './support/receipts.ts';

test.use({ locale: 'en-GB' });

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BEIJING_MS = 8 * HOUR_MS;

type State = Awaited<ReturnType<BrowserContext['storageState']>>;
let state: State | undefined;

test.beforeAll(async ({ browser }) => {
  const context = await browser.newContext({ locale: 'en-GB' });
  const page = await context.newPage();
  await signIn(page, createStaff(['finance']));
  await expect(page).toHaveURL('/finance');
  state = await context.storageState();
  await context.close();
});

/** A page of finance's, beside the customer's. */
async function financePage(open: (options: object) => Promise<BrowserContext>, more: object = {}): Promise<Page> {
  return (await open({ locale: 'en-GB', storageState: state, ...more })).newPage();
}

test('a transfer with its code is suggested, matched with its name and amount, and in the wallet', async ({
  page,
  browser,
}) => {
  const { email, slug, organisation } = await signUp(page);
  const { code, paymentId } = announce(email, '1280.00');
  const finance = await financePage((options) => browser.newContext(options));
  const reference = freshReference();
  await recordReceipt(finance, { reference, yuan: '1280.00', payer: 'Moban Ltd', remark: `for cards ${code}` });
  const row = finance.getByRole('row').filter({ hasText: reference });
  await expect(row).toContainText(organisation);
  await expect(row).toContainText('Code in remark');
  expect(walletOf(slug)).toBe(0n);

  await row.getByRole('button', { name: `Match to ${organisation}` }).click();
  const dialog = finance.getByRole('dialog');
  await expect(dialog).toContainText(`¥1,280.00 moves from suspense to the wallet of ${organisation}`);
  await dialog.getByRole('button', { name: `Match to ${organisation} · ¥1,280.00` }).click();
  await expect(row).toHaveCount(0);
  expect(walletOf(slug)).toBe(1280_00000000n);

  await finance
    .getByRole('searchbox')
    .or(finance.getByRole('link', { name: 'Ledger' }))
    .first()
    .click();
  await finance.getByRole('searchbox').fill(paymentId);
  await finance.getByRole('button', { name: 'Search' }).click();
  await finance
    .getByRole('row', { name: /Transfer matched/ })
    .getByRole('link', { name: /^\d+$/ })
    .click();
  await expect(finance.getByRole('row', { name: /Customer wallets/ })).toContainText('¥1,280.00');
});

test('a line without a code stays in suspense until it is matched by hand', async ({ page, browser }) => {
  const { email, slug, organisation } = await signUp(page);
  announce(email, '77.77');
  const finance = await financePage((options) => browser.newContext(options));
  const reference = freshReference();
  await recordReceipt(finance, { reference, yuan: '70.13', payer: 'Somebody', remark: '' });
  const row = finance.getByRole('row').filter({ hasText: reference });
  await expect(row).toContainText('No clue: match it by hand');
  await finance.goto('/finance');
  await expect(finance.getByText('Agrees with the unmatched lines')).toBeVisible();
  expect(walletOf(slug)).toBe(0n);

  await finance.goto('/finance/transfers');
  await row.getByRole('link').click();
  await finance
    .getByRole('region', { name: 'Match by hand' })
    .getByRole('button', { name: `Match to ${organisation}` })
    .click();
  const dialog = finance.getByRole('dialog');
  await expect(dialog).toContainText('The amounts differ. What arrived is credited: ¥70.13.');
  await expect(dialog).toContainText('does not name this customer’s code');
  await dialog.getByRole('button', { name: `Match to ${organisation} · ¥70.13` }).click();
  await expect(finance.getByText('Where it went')).toBeVisible();
  expect(walletOf(slug)).toBe(70_13000000n);
});

test('money that nobody expects goes back, with a reason, once', async ({ browser }) => {
  const finance = await financePage((options) => browser.newContext(options));
  const reference = freshReference();
  await recordReceipt(finance, { reference, yuan: '3.21', payer: 'Stranger', remark: 'wrong account' });
  await finance.getByRole('row').filter({ hasText: reference }).getByRole('link').click();
  await expect(finance).toHaveURL(/\/transfers\/bnk_/);
  const other = await finance.context().newPage();
  await other.goto(finance.url());
  for (const each of [finance, other]) {
    await each.getByRole('button', { name: 'Return to payer' }).click();
    await each.getByRole('dialog').getByLabel('Reason').fill('not our customer');
    await each.getByRole('dialog').getByRole('button', { name: 'Return ¥3.21' }).click();
    if (each === finance) await expect(each.getByText('not our customer')).toBeVisible();
  }
  await expect(other.getByRole('dialog').getByRole('alert')).toContainText('already gone back to its sender');
});

test('a statement is previewed, recorded row by row, and the second time changes nothing', async ({ browser }) => {
  const finance = await financePage((options) => browser.newContext(options));
  const [one, two] = [freshReference(), freshReference()];
  const file = [
    '示例银行,交易明细,,,',
    '流水号,交易时间,收入金额,对方户名,附言',
    `${one},2026-01-05 10:00:00,"1,000.50",甲公司,`,
    `${two},2026-01-05 11:00:00,2.00,乙公司,`,
    `,2026-01-05 12:00:00,,电力公司,电费`,
    `X,soon,5,丙公司,`,
  ].join('\n');
  await finance.goto('/finance/transfers/import');
  await finance
    .getByLabel('CSV file')
    .setInputFiles({ name: 'bank.csv', mimeType: 'text/csv', buffer: Buffer.from(file) });
  await finance.getByRole('button', { name: 'Preview' }).click();
  await expect(finance.getByText('Nothing is recorded yet')).toBeVisible();
  await expect(finance.getByText('Not income, left out')).toBeVisible();
  await expect(finance.getByText('The time cannot be read')).toBeVisible();
  await finance.getByRole('button', { name: 'Record 2 lines · ¥1,002.50' }).click();
  await expect(finance.getByText('Recorded 2 lines, ¥1,002.50 in all, now in suspense.')).toBeVisible();

  await finance.getByRole('button', { name: 'Import another file' }).click();
  await finance.getByLabel('Or paste it').fill(file);
  await finance.getByRole('button', { name: 'Preview' }).click();
  await expect(finance.getByText('Known, left alone')).toHaveCount(2);
  await expect(finance.getByText('There is no new line to record.')).toBeVisible();
  await finance.getByLabel('Or paste it').fill('hello');
  await finance.getByRole('button', { name: 'Preview' }).click();
  await expect(finance.getByRole('alert').filter({ hasText: 'No table could be read' })).toBeVisible();
});

/** The Shanghai month of an instant, and the moment from which it can be closed. */
function monthOf(now: number): { readonly month: string; readonly cutoff: number } {
  const beijing = new Date(now + BEIJING_MS);
  const end = Date.UTC(beijing.getUTCFullYear(), beijing.getUTCMonth() + 1) - BEIJING_MS;
  return { month: beijing.toISOString().slice(0, 7), cutoff: end + 36 * HOUR_MS };
}

test('a month is closed after its time: gapless invoices, totals that agree, and no second close', async ({
  page,
  browser,
  request,
}) => {
  test.setTimeout(480_000);
  const { email, slug, organisation } = await signUp(page);
  payIn(email, '1000');
  const api = new Api(request, await createApiKey(page, slug));
  await api.book({ skuId: await api.skuId('810E', 'by-hour'), cards: 8, durationSeconds: 3_600 });
  let now = (await passSeconds(2 * 3_600)).getTime();
  const { month, cutoff } = monthOf(now - 3_600_000);

  const finance = await financePage((options) => browser.newContext(options));
  await finance.goto(`/finance/periods/${month}`);
  await expect(finance.getByText('Stops here')).toBeVisible();
  await expect(finance.getByRole('button', { name: `Close ${month}` })).toHaveCount(0);
  await finance.goto('/finance/invoices');
  const numbers = async () => (await finance.getByRole('link', { name: /^KS-\d{4}-\d{6}$/ }).allTextContents()).sort();
  const before = await numbers();

  for (; now < cutoff; now = Math.min(now + 3 * DAY_MS, cutoff))
    await passTo(new Date(Math.min(now + 3 * DAY_MS, cutoff)));
  closeMonthsBefore(month);
  await finance.goto(`/finance/periods/${month}`);
  await expect(finance.getByText('Ready to close')).toBeVisible();
  const second = await finance.context().newPage();
  await second.goto(finance.url());
  await finance.getByLabel(`Type ${month} to confirm`).fill('2020-01');
  await finance.getByRole('button', { name: `Close ${month}` }).click();
  await expect(finance.getByLabel(`Type ${month} to confirm`)).toHaveAttribute('aria-invalid', 'true');
  await finance.getByLabel(`Type ${month} to confirm`).fill(month);
  await finance.getByRole('button', { name: `Close ${month}` }).click();
  await expect(finance.getByRole('status').filter({ hasText: `${month} is closed with` })).toBeVisible();
  await expect(finance.getByRole('region', { name: 'Control totals' }).getByText('Agree', { exact: true })).toHaveCount(
    4,
  );

  // Whoever had the page open sees it closed, and has no button any more.
  await expect(second.getByText('Closed', { exact: true }).first()).toBeVisible();
  await expect(second.getByRole('button', { name: `Close ${month}` })).toHaveCount(0);

  await finance.goto('/finance/invoices');
  const after = await numbers();
  expect(after.slice(0, before.length)).toEqual(before);
  const year = after.at(-1)?.slice(0, 7) ?? '';
  const serials = after
    .filter((number) => number.startsWith(year))
    .map((number) => Number.parseInt(number.slice(-6), 10));
  expect(serials).toEqual(serials.map((_, i) => (serials[0] ?? 0) + i));
  await finance.getByRole('row').filter({ hasText: organisation }).getByRole('link').click();
  await expect(finance.getByText('The snapshot has this hash')).toBeVisible();
  const href = (await finance.getByRole('link', { name: 'Download PDF' }).getAttribute('href')) ?? '';
  const pdf = await finance.request.get(href);
  expect((await pdf.body()).subarray(0, 4).toString()).toBe('%PDF');
});

test('the books balance in every asset, and every proof holds', async ({ browser }) => {
  const finance = await financePage((options) => browser.newContext(options));
  await finance.goto('/finance/ledger');
  await expect(finance.getByText('Balances: the difference is zero')).toHaveCount(3);
  await expect(finance.getByText('Does not balance')).toHaveCount(0);
  await finance.getByRole('link', { name: 'Customer wallets' }).click();
  await finance
    .getByRole('link', { name: /^wallet:/ })
    .first()
    .click();
  await expect(finance.getByRole('heading', { level: 1 })).toContainText('wallet:');
  await finance.goto('/finance/ledger/proofs');
  await finance.getByRole('button', { name: 'Prove now' }).click();
  await expect(finance.getByText(/^All \d+ hold/)).toBeVisible();
});

test.describe('access', () => {
  const PATHS = [
    ...[
      '',
      '/approvals',
      '/transfers',
      '/transfers/import',
      '/reconciliation',
      '/periods',
      '/invoices',
      '/credit-notes',
    ],
    ...['/receivables', '/ledger', '/ledger/journals', '/reports'],
  ];

  test('there is no finance console for customers, and ops does not open it', async ({ page, browser }) => {
    await signUp(page);
    const ops = await (await browser.newContext({ locale: 'en-GB' })).newPage();
    await signIn(ops, createStaff(['ops']));
    for (const path of PATHS) {
      expect((await page.goto(`/finance${path}`))?.status(), path).toBe(404);
      expect((await ops.goto(`/finance${path}`))?.status(), path).toBe(403);
    }
  });

  test('an auditor reads everything and changes nothing', async ({ page }) => {
    await signIn(page, createStaff(['auditor']));
    for (const path of PATHS.filter((path) => path !== '/transfers/import')) {
      expect((await page.goto(`/finance${path}`))?.status(), path).toBe(200);
    }
    expect((await page.goto('/finance/transfers/import'))?.status()).toBe(403);
    await page.goto('/finance/transfers');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByRole('button', { name: /Record one|^Match/ })).toHaveCount(0);
  });

  test('what does not exist is 404', async ({ browser }) => {
    const finance = await financePage((options) => browser.newContext(options));
    for (const path of [
      '/transfers/bnk_0',
      '/periods/2019-01',
      '/periods/soon',
      '/invoices/inv_0',
      '/ledger/accounts/0',
      '/ledger/journals/x',
      '/credit-notes/crn_0',
      '/invoices/inv_0/credit',
      '/receivables/org_0',
      '/reports?month=2019-01',
      '/ledger/accounts?kind=nothing',
    ])
      expect((await finance.goto(`/finance${path}`))?.status(), path).toBe(404);
  });
});

for (const look of LOOKS)
  test(`every page in ${look.locale}, ${look.colorScheme}: accessible, quiet, never wider than the window`, async ({
    browser,
  }) => {
    await lookAt(browser, { look, session: state }, async (page) => {
      for (const path of [
        '',
        '/transfers',
        '/transfers/import',
        '/periods',
        '/invoices',
        '/ledger',
        '/ledger/proofs',
        '/approvals',
        '/reconciliation',
        '/credit-notes',
        '/receivables',
        '/reports',
      ]) {
        await page.goto(`/finance${path}`);
        await expectWellMade(page);
      }
      for (const [list, link] of [
        ['/transfers?state=all', /\/transfers\/bnk_/],
        ['/periods', /\/periods\/2/],
        ['/invoices', /\/invoices\/inv_/],
        ['/ledger/accounts?kind=wallet', /\/accounts\/\d/],
        ['/ledger/journals', /\/journals\/\d/],
      ] as const) {
        await page.goto(`/finance${list}`);
        await expectWellMade(page);
        const hrefs = await page
          .locator('main a')
          .evaluateAll((links) => links.map((each) => each.getAttribute('href') ?? ''));
        await page.goto(hrefs.find((href) => link.test(href)) ?? '/nope');
        await expectWellMade(page);
      }
    });
  });
