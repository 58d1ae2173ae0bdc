/**
 * Pays money in by a bank transfer that finance matches, for journeys that are about something else. Run with
 * `node --conditions=react-server e2e/support/pay-in.ts <owner's e-mail> <yuan> <bank reference>` and DATABASE_URL.
 */
import { InfrastructureError } from '#lib/core/assert.ts';
import { closeDatabase } from '#lib/platform/db.ts';
import { payIn } from '#prisma/seed/people.ts';

const [email, yuan, reference] = process.argv.slice(2);
if (!email || !yuan || !reference) throw new InfrastructureError('e-mail, yuan and a bank reference are needed');
await payIn(email, 'E2E', yuan, reference);
await closeDatabase();
