import 'server-only';
import { ARREARS_PROOFS } from '#lib/arrears/proofs.ts';
import { BILLING_PROOFS } from '#lib/billing/proofs.ts';
import { VOUCHER_PROOFS } from '#lib/vouchers/proofs.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { ProofResult } from '#lib/core/proof.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { FAPIAO_PROOFS } from '#lib/fapiao/proofs.ts';
import { INVENTORY_PROOFS } from '#lib/inventory/proofs.ts';
import { LEDGER_PROOFS } from '#lib/ledger/proofs.ts';
import { METERING_PROOFS } from '#lib/metering/proofs.ts';
import { monotonicMs } from '#lib/platform/clock.ts';
import { withTx } from '#lib/platform/db.ts';
import { RESERVATION_PROOFS } from '#lib/reservations/proofs.ts';
import { SLA_PROOFS } from '#lib/sla/proofs.ts';

/** Everything that must hold of a Kashi database, in the order in which one would look. */
export const PROOFS = [
  ...LEDGER_PROOFS,
  ...INVENTORY_PROOFS,
  ...RESERVATION_PROOFS,
  ...METERING_PROOFS,
  ...BILLING_PROOFS,
  ...SLA_PROOFS,
  ...VOUCHER_PROOFS,
  ...FAPIAO_PROOFS,
  ...ARREARS_PROOFS,
];

/** Proves the whole database, one snapshot a proof; `onProof` hears each as it is done. */
export async function verifyDatabase(
  ctx: Ctx,
  onProof: (result: ProofResult, milliseconds: number) => void = () => {},
): Promise<ProofResult[]> {
  authorize(ctx, 'ledger:prove');
  const results: ProofResult[] = [];
  for (const { name, claim, run } of PROOFS) {
    const startedMs = monotonicMs();
    const found = await withTx(ctx, run, { timeoutMs: 600_000 });
    const result = { name, claim, ...found };
    results.push(result);
    onProof(result, Math.round(monotonicMs() - startedMs));
  }
  return results;
}
