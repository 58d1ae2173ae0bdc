/**
 * Makes a staff account for a journey, as the seeding job does; there is no form that makes staff. Run with
 * `node --conditions=react-server e2e/support/create-staff.ts <email> <password> <role,role>` and DATABASE_URL.
 */
import { createStaff } from '#lib/identity/accounts.ts';
import { systemCtx } from '#lib/identity/context.ts';
import { staffInput } from '#lib/identity/types.ts';
import { closeDatabase } from '#lib/platform/db.ts';

const [email, password, roles = ''] = process.argv.slice(2);
const input = staffInput.parse({ name: 'E2E Staff', email, password, locale: 'en', roles: roles.split(',') });
const result = await createStaff(await systemCtx('seeding'), input);
await closeDatabase();
if (!result.ok) throw new Error(result.refusal.code);
