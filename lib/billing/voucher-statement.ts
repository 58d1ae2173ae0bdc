import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { decimal, decimalText } from '#lib/core/decimal.ts';
import { toIso } from '#lib/core/instant.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { findProgramme } from '#lib/vouchers/service.ts';
import type { Grant } from '#lib/vouchers/types.ts';
import { csvLines, UTF8_MARK } from './documents/csv-lines.ts';
import { guardedText } from './documents/csv-text.ts';

const yuan = (amount: bigint): string => decimalText(decimal(amount, 8));

const COLUMNS: readonly (readonly [name: string, cell: (grant: Grant) => string])[] = [
  ['voucher_id', ({ grantId }) => grantId],
  ['organisation_id', ({ organisationId }) => organisationId],
  ['organisation_name', ({ organisationName }) => guardedText(organisationName)],
  ['granted_at', ({ grantedAt }) => toIso(grantedAt)],
  ['valid_from', ({ validFrom }) => toIso(validFrom)],
  ['valid_until', ({ validUntil }) => toIso(validUntil)],
  ['via', ({ viaCode }) => (viaCode ? 'code' : 'direct')],
  ['state', ({ state }) => state],
  ['granted_yuan', ({ grantedUnits }) => yuan(grantedUnits)],
  ['left_yuan', ({ leftUnits }) => yuan(leftUnits)],
  ['held_yuan', ({ heldUnits }) => yuan(heldUnits)],
  ['used_yuan', ({ burntUnits }) => yuan(burntUnits)],
  ['expired_yuan', ({ expiredUnits }) => yuan(expiredUnits)],
];

/**
 * The statement of a programme for its issuer, a voucher a row, as the books are now: granted is what is left, held,
 * used and expired, to the last unit. Null when there is no such programme.
 */
export async function findVoucherStatement(
  ctx: Ctx,
  programmeId: string,
): Promise<{ readonly fileName: string; readonly text: string } | null> {
  authorize(ctx, 'voucherProgramme:read');
  const found = await findProgramme(ctx, programmeId);
  if (!found) return null;
  const rows = found.grants.toReversed().map((grant) => COLUMNS.map(([, cell]) => cell(grant)));
  const head = COLUMNS.map(([name]) => name);
  return { fileName: `kashi-vouchers-${programmeId}.csv`, text: UTF8_MARK + csvLines([head, ...rows]) };
}
