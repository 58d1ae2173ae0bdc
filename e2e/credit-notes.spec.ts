import { expect, type Page, test } from '@playwright/test';
import { closeOldestMonth } from './support/finance.ts';
import { expectWellMade, LOOKS, lookAt } from './support/looks.ts';
import { createStaff, signIn } from './support/people.ts';
import { announce, freshReference, recordReceipt } from './support/receipts.ts';
import { issueCredit, newFinance, openInvoice, panelOf, proposeCredit } from './support/two-people.ts';

test.use({ locale: 'en-GB' });
test.describe.configure({ mode: 'serial' });

const DEMO_PASSWORD = 'kashi demo 2026';
const OWNER = 'owner@xingtu.example';
const WORDS = 'slow for three hours';

let month = '';
let [fang, ge]: (Page | undefined)[] = [];
let note = '';

const need = (page: Page | undefined): Page => {
  if (!page) throw new Error('nobody is signed in');
  return page;
};

test.beforeAll(async ({ browser }) => {
  month = closeOldestMonth();
  [fang, ge] = [await newFinance(browser), await newFinance(browser)];
});

test('a credit note is proposed by one, issued by another, and read by its customer', async ({ browser }) => {
  const [proposer, approver] = [need(fang), need(ge)];
  const invoice = await openInvoice(proposer, month);
  await proposeCredit(proposer, '999999999.00', WORDS).catch(() => undefined);
  await expect(proposer.getByText(/^Line 1 has/)).toBeVisible();
  await proposer.goto(invoice);
  await proposeCredit(proposer, '10.60', WORDS);
  note = new URL(proposer.url()).pathname;
  await expect(proposer.getByText('Waits', { exact: true })).toBeVisible();

  // Whoever proposes can take it back and not issue it; a second one of the invoice has to wait.
  await proposer.goto('/finance/approvals');
  const own = proposer.getByRole('row').filter({ hasText: WORDS });
  await expect(own.getByRole('button', { name: 'Withdraw' })).toBeVisible();
  await expect(own.getByRole('button', { name: /^Issue/ })).toHaveCount(0);
  await proposer.goto(`${invoice}/credit`);
  await expect(proposer.getByText(/waits for its second person/)).toBeVisible();

  await issueCredit(approver, WORDS);
  await approver.goto(note);
  await expect(approver.getByRole('heading', { level: 1 })).toContainText(/KS-CN-\d{4}-\d{6}/);
  await expect(approver.getByText('The snapshot has this hash')).toBeVisible();
  const href = (await approver.getByRole('link', { name: 'Download PDF' }).getAttribute('href')) ?? '';
  const pdf = await (await approver.request.get(href)).body();
  expect(pdf.subarray(0, 4).toString()).toBe('%PDF');
  await approver
    .getByRole('link', { name: /^Journal \d/ })
    .first()
    .click();
  await expect(approver.getByText('¥10.00').first()).toBeVisible();

  const customer = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  await customer
    .context()
    .addCookies([{ name: 'kashi_locale', value: 'en', url: test.info().project.use.baseURL ?? '' }]);
  await signIn(customer, OWNER, DEMO_PASSWORD);
  await expect(customer).toHaveURL(/\/console\//);
  const home = new URL(customer.url()).pathname;
  await customer.goto(`${home}/invoices`);
  await customer.getByRole('row').filter({ hasText: month }).getByRole('link').first().click();
  const panel = panelOf(customer, 'Credit notes');
  await expect(panel).toContainText(WORDS);
  await expect(panel).toContainText('¥10.60');
  const own_pdf = await customer.request.get(
    (await panel.getByRole('link', { name: /Download PDF/ }).getAttribute('href')) ?? '',
  );
  expect((await own_pdf.body()).equals(pdf)).toBe(true);
  await expectWellMade(customer);
});

test('a match is taken back by two people, and its line waits again', async ({ browser }) => {
  const [proposer, approver] = [need(fang), need(ge)];
  const { code } = announce(OWNER, '77.00');
  const reference = freshReference();
  await recordReceipt(proposer, { reference, yuan: '77.00', payer: 'Moban Ltd', remark: code });
  const row = proposer.getByRole('row').filter({ hasText: reference });
  await row.getByRole('button', { name: /^Match/ }).click();
  await proposer
    .getByRole('dialog')
    .getByRole('button', { name: /^Credit|^Match/ })
    .click();
  await expect(proposer.getByRole('dialog')).toBeHidden();
  await proposer.goto('/finance/ledger/journals?kind=transferMatched');
  await proposer.getByRole('table').getByRole('link', { name: /^\d+$/ }).first().click();
  await proposer.getByRole('button', { name: 'Propose a reversal' }).click();
  await proposer.getByRole('dialog').getByLabel('Reason').fill('it was another customer');
  await proposer.getByRole('dialog').getByRole('button', { name: 'Send for approval' }).click();
  await expect(proposer.getByRole('button', { name: 'Withdraw' })).toBeVisible();

  await approver.goto('/finance/approvals');
  const waiting = approver.getByRole('row').filter({ hasText: 'it was another customer' });
  await waiting.getByRole('button', { name: /^Reverse/ }).click();
  await approver
    .getByRole('dialog')
    .getByRole('button', { name: /^Reverse/ })
    .click();
  await expect(approver.getByRole('dialog')).toBeHidden();
  await expect(waiting).toHaveCount(0);
  await approver.goto('/finance/transfers');
  await expect(approver.getByRole('row').filter({ hasText: reference })).toBeVisible();
  await approver.goto('/finance/reconciliation');
  await expect(approver.getByText('Everything agrees')).toBeVisible();
  const auditor = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  await signIn(auditor, createStaff(['auditor']));
  await auditor.goto(note);
  await expect(auditor.getByRole('heading', { level: 1 })).toBeVisible();
  await auditor.goto('/finance/approvals');
  await expect(auditor.getByRole('button', { name: /^Issue|^Reverse|^Decline/ })).toHaveCount(0);
});

test('revenue and tax of the month equal the ledger, as a page and as a file', async () => {
  const page = need(fang);
  await page.goto(`/finance/reports?month=${month}`);
  const control = page.getByRole('region', { name: 'Against the ledger' });
  await expect(control.getByText('Agree', { exact: true }).first()).toBeVisible();
  await expect(control.getByText('Agree', { exact: true })).toHaveCount(await control.locator('tbody tr').count());
  const href = (await page.getByRole('link', { name: 'Download CSV' }).getAttribute('href')) ?? '';
  expect(await (await page.request.get(href)).text()).toContain('revenueUsage');
});

for (const look of LOOKS)
  test(`the pages in ${look.locale}, ${look.colorScheme}: accessible, never wider than the window`, async ({
    browser,
  }) => {
    const session = await need(fang).context().storageState();
    const invoice = await openInvoice(need(fang), month);
    await lookAt(browser, { look, session }, async (page) => {
      for (const path of [invoice, `${invoice}/credit`, note, '/finance/credit-notes', '/finance/approvals']) {
        await page.goto(path);
        await expectWellMade(page);
        const shot = `${path.replaceAll('/', '-').replaceAll(/_\w+/g, '')}-${look.locale}`;
        await page.screenshot({ path: test.info().outputPath(`${shot}.png`), fullPage: true });
      }
      for (const path of ['reconciliation', 'receivables', `reports?month=${month}`]) {
        await page.goto(`/finance/${path}`);
        await expectWellMade(page);
        await page.screenshot({
          path: test.info().outputPath(`${path.slice(0, 7)}-${look.locale}.png`),
          fullPage: true,
        });
      }
    });
  });
