/**
 * Announces a bank transfer as an organisation's owner does in their wallet, for journeys of finance. Run with
 * `node --conditions=react-server e2e/support/announce-transfer.ts <owner's e-mail> <yuan>` and DATABASE_URL; prints the
 * payment's id and its remittance code as JSON.
 */
import { InfrastructureError } from '#lib/core/assert.ts';
import { parseFen } from '#lib/core/money.ts';
import { actAsMember } from '#lib/identity/acting.ts';
import { systemCtx } from '#lib/identity/context.ts';
import { announceTransfer } from '#lib/payments/top-ups.ts';
import { closeDatabase } from '#lib/platform/db.ts';

const [email = '', yuan = ''] = process.argv.slice(2);
const amount = parseFen(yuan);
if (amount === null) throw new InfrastructureError(`${yuan} is no amount`);
const result = await announceTransfer(await actAsMember(await systemCtx('seeding'), { email }), amount);
await closeDatabase();
if (!result.ok) throw new InfrastructureError(result.refusal.code);
process.stdout.write(JSON.stringify({ paymentId: result.value.id, code: result.value.remittanceCode }));
