import 'server-only';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { type FaultRates, LLAMA3_RATES } from '#lib/devices/fault-rates.ts';
import type { Hosts } from '#lib/devices/hosts.ts';
import type { HealthReason } from '#lib/devices/health.ts';
import { readSilentFaults } from '#lib/devices/records.ts';
import { SIMULATED_FAULT_OF } from '#lib/devices/simulated-fault.ts';
import type { OpenFault } from '#lib/devices/simulation.ts';
import { nextResolution, readOpenFaults } from '#lib/inventory/faults.ts';
import { readPool, readPoolIds, writeDriverKinds } from '#lib/inventory/fleet.ts';
import { readMark, readOpenEvidence } from '#lib/metering/evidence-log.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { SimulatedBackend } from '#lib/workloads/simulated-backend.ts';
import { EvidenceKeeper } from './evidence-keeper.ts';
import { FleetSide } from './fleet-side.ts';
import { heldOf } from './following.ts';
import { type Lease, takeLease } from './leadership.ts';
import type { Pool } from './pool.ts';
import { COMMANDS_PER_ROUND, DUES_PER_ROUND } from './round-size.ts';
import { loadMind } from './pool-loading.ts';
import { FIRST_PACE } from './queue-pace.ts';
import { loadUnsettled } from './settling.ts';
import { adoptWorkloads } from './workload-round.ts';

export type FleetChoice = {
  readonly seed: number;
  readonly faultRates: 'none' | 'llama3';
  readonly hosts: Hosts;
};

const RATES: Readonly<Record<FleetChoice['faultRates'], FaultRates | null>> = { none: null, llama3: LLAMA3_RATES };

async function loadOpenFaults(tx: Tx, poolId: string): Promise<OpenFault[]> {
  const rows = await readOpenFaults(tx, poolId);
  return rows.flatMap(({ uuid, kind, since }) => {
    const fault = SIMULATED_FAULT_OF[kind as HealthReason] ?? null;
    return fault === null ? [] : [{ uuid, kind: fault, since }];
  });
}

/**
 * Becomes the leader of a pool and builds its memory from the database; null while another leads. Allocations whose
 * evidence is open are taken over as held: their proof goes on from the pool's mark, or breaks there.
 */
export async function openPool(
  ctx: Ctx,
  poolId: Id<'pool'>,
  holder: string,
  choice: FleetChoice,
): Promise<Pool | null> {
  const lease: Lease | null = await withTx(ctx, (tx) => takeLease(tx, poolId, holder));
  if (!lease) return null;
  return withTx(ctx, async (tx) => {
    const drivers = new Map([...choice.hosts].map(([id, { driver }]) => [id, driver]));
    await writeDriverKinds(tx, poolId, drivers);
    const fleet = await readPool(tx, poolId);
    const mind = await loadMind(tx, ctx, fleet);
    const devices = new FleetSide(fleet, {
      seed: choice.seed,
      rates: RATES[choice.faultRates],
      startAt: ctx.now,
      openFaults: [...(await loadOpenFaults(tx, poolId)), ...(await readSilentFaults(tx, poolId))],
      hosts: choice.hosts,
    });
    const pool: Pool = {
      id: poolId,
      fleet,
      cardById: new Map(fleet.cards.map((card) => [card.id, card])),
      devices,
      backend: new SimulatedBackend(devices.hosts),
      isAlone: (await readPoolIds(tx)).length === 1,
      lease,
      mind,
      keeper: new EvidenceKeeper(),
      markedAt: 0,
      unwritten: [],
      reports: [],
      casesDueAt: await nextResolution(tx, poolId),
      unsettled: await loadUnsettled(tx, poolId),
      nextHourAt: null,
      commandsPerRound: COMMANDS_PER_ROUND,
      duesPerRound: DUES_PER_ROUND,
      failedRounds: [],
      doubt: null,
      decidingMs: 0,
      mayHaveCommands: true,
      mayHaveRequests: true,
      mayHaveWorkloads: true,
      mayHaveOverJobs: true,
      mayHaveMoney: true,
      queuePace: FIRST_PACE,
      walltimesAt: [],
      published: { version: -1, hourAt: 0, atMs: -1e9 },
      readAtMs: -1e9,
    };
    const open = await readOpenEvidence(tx, poolId);
    if (open.size > 0) {
      const mark = present(await readMark(tx, poolId), `mark of ${poolId}`);
      for (const bound of pool.mind.book.allBindings())
        if (open.has(bound.id)) pool.keeper.hold(heldOf(pool, bound, mark), mark);
    }
    await adoptWorkloads(ctx, tx, pool);
    return pool;
  });
}
