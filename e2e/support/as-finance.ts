/**
 * What finance does for a customer's journey, through the services and as the demo's finance person. Run with
 * `node --conditions=react-server e2e/support/as-finance.ts match <remittance code> <yuan>` or `… close [month]` and
 * DATABASE_URL.
 * `match` records an arrival with that code and matches it; `close` closes the oldest month, or every one before the
 * month that is named, and prints the oldest.
 */
import { closePeriod } from '#lib/billing/close.ts';
import { listPeriods } from '#lib/billing/periods.ts';
import { InfrastructureError, present } from '#lib/core/assert.ts';
import { actAsStaff } from '#lib/identity/acting.ts';
import { systemCtx } from '#lib/identity/context.ts';
import { listBankLines, matchBankLine, recordBankLine } from '#lib/payments/bank-lines.ts';
import { closeDatabase } from '#lib/platform/db.ts';
import { DEMO_STAFF, must } from '#prisma/seed/people.ts';

const [act, code = '', amountYuan = ''] = process.argv.slice(2);
const before = code;
const finance = await actAsStaff(await systemCtx('seeding'), { email: DEMO_STAFF[1].email });
if (act === 'match') {
  const line = must(
    await recordBankLine(finance, {
      bankReference: `E2E-${code}`,
      receivedAt: finance.now,
      amountYuan,
      payerName: 'Moban',
      remark: `${code} top-up`,
    }),
    'the arrival',
  );
  const lines = await listBankLines(finance, 'unmatched', { skip: 0, take: 100 });
  const found = lines.rows.find((row) => row.line.id === line.id);
  const payment = present(found?.suggestions.find(({ isCodeInRemark }) => isCodeInRemark)?.payment, 'the transfer');
  must(await matchBankLine(finance, { bankLineId: line.id, paymentId: payment.id }), 'the match');
} else {
  const months = (await listPeriods(finance)).map(({ month }) => month).reverse();
  // Periods close in their order; another journey may have closed some before.
  for (const month of months.filter((each, i) => (before === '' ? i === 0 : each < before))) {
    const closed = await closePeriod(finance, month);
    if (!closed.ok && closed.refusal.code !== 'monthClosed') throw new InfrastructureError(closed.refusal.code);
  }
  process.stdout.write(months[0] ?? '');
}
await closeDatabase();
