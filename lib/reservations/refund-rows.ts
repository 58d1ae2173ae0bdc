import 'server-only';
import { TERMS } from '#lib/catalog/types.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { type Instant, toDate } from '#lib/core/instant.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { sendDirectly } from '#lib/platform/direct-statements.ts';
import type { Change } from './decision-types.ts';
import type { RefundFacts, RefundTerms } from './refund-terms.ts';

// The engine's door to refunds of terms, within its own transaction, and what their preview reads.

type TermsRow = { policy_id: string; terms: string[]; window_days: number };

const termsFrom = (row: TermsRow): RefundTerms => ({
  policyId: idFrom('termRefundPolicy', row.policy_id),
  terms: TERMS.filter((term) => row.terms.includes(term)),
  windowDays: row.window_days,
});

/** The rule for what is bought at an instant. */
export async function readRefundTerms(tx: Tx, at: Instant): Promise<RefundTerms | null> {
  const [row] = await tx.$queryRaw<TermsRow[]>`
    SELECT p.id AS policy_id, p.terms, p.window_days FROM term_refund_policy_of(${toDate(at)}::timestamptz) p WHERE p.id IS NOT NULL`;
  return row ? termsFrom(row) : null;
}

/** What refunds of reservations are decided from; one that does not exist, or was bought before any rule, is not in it. */
export async function readRefundFacts(
  tx: Tx,
  reservationIds: readonly string[],
): Promise<Map<Id<'reservation'>, RefundFacts>> {
  if (reservationIds.length === 0) return new Map();
  const rows = await tx.$queryRaw<
    (TermsRow & { id: string; organisation_id: string; sku_id: string; is_used: boolean; is_part: boolean })[]
  >`
    SELECT r.id, r.organisation_id, r.sku_id, p.id AS policy_id, p.terms, p.window_days,
      EXISTS (SELECT FROM term_refund f WHERE f.organisation_id = r.organisation_id AND f.sku_id = r.sku_id) AS is_used,
      EXISTS (SELECT FROM allocation a WHERE a.reservation_id = r.id AND a.unused_until IS NOT NULL) AS is_part
    FROM reservation r CROSS JOIN LATERAL term_refund_policy_of(r.created_at) p
    WHERE r.id = ANY(${reservationIds}::text[]) AND p.id IS NOT NULL`;
  return new Map(
    rows.map((row) => [
      idFrom('reservation', row.id),
      {
        ...termsFrom(row),
        organisationId: idFrom('organisation', row.organisation_id),
        skuId: idFrom('sku', row.sku_id),
        isUsed: row.is_used,
        isPartGivenBack: row.is_part,
      },
    ]),
  );
}

/** Notes what was refunded; the database looks at the rule once more, and holds it to once for an organisation and SKU. */
export function insertRefunds(tx: Tx, refunds: readonly Extract<Change, { kind: 'termRefunded' }>[]): void {
  if (refunds.length === 0) return;
  const rows = refunds.map(({ reservation, policyId, at }) => ({
    reservation_id: reservation.id,
    organisation_id: reservation.organisationId,
    sku_id: reservation.skuId,
    policy_id: policyId,
    bought_at: toDate(reservation.createdAt),
    refunded_at: toDate(at),
  }));
  sendDirectly(
    tx,
    Prisma.sql`
      INSERT INTO term_refund (reservation_id, organisation_id, sku_id, policy_id, bought_at, refunded_at)
      SELECT reservation_id, organisation_id, sku_id, policy_id, bought_at, refunded_at
      FROM json_populate_recordset(NULL::term_refund, ${JSON.stringify(rows)}::json)`,
  );
}
