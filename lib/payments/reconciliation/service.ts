import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { readPeriod } from './period.ts';
import { readDifferences, readFlow, readStands } from './store.ts';
import { type Difference, type FlowTotals, FLOWS, type Reconciliation } from './types.ts';

const DIFFERENCES_MAX = 50;

/**
 * Holds a day or a month of bank lines, settlements and journals against each other, as of now. Null when `period` is
 * neither.
 */
export async function reconcile(ctx: Ctx, period: string): Promise<Reconciliation | null> {
  authorize(ctx, 'bankLine:read');
  const interval = readPeriod(period);
  if (interval === null) return null;
  return withTx(ctx, async (tx) => {
    const flows: FlowTotals[] = [];
    const differences: Difference[] = [];
    for (const flow of FLOWS) {
      flows.push(await readFlow(tx, flow, interval));
      differences.push(...(await readDifferences(tx, flow, interval, DIFFERENCES_MAX)));
    }
    differences.sort((a, b) => a.at - b.at);
    const stands = await readStands(tx, interval);
    return { period, interval, flows, stands, differences: differences.slice(0, DIFFERENCES_MAX) };
  });
}
