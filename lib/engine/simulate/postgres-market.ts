import 'server-only';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { type Id, idFrom, makeId } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import { fen, parsePrice } from '#lib/core/money.ts';
import { readPool } from '#lib/inventory/fleet.ts';
import { openWallet, post } from '#lib/ledger/posting.ts';
import { topUpSettled } from '#lib/ledger/templates.ts';
import { startDemoClock } from '#lib/platform/clock.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { seedModels, seedSku } from '#prisma/seed/catalog.ts';
import type { SitePlan } from '#lib/inventory/fleet-plan.ts';
import { FOSHAN, SHAOGUAN, seedLevels, seedSite } from '#prisma/seed/fleet.ts';
import { cardStatesOf, loadCatalog, topologyOf } from '../pool-loading.ts';
import { beginningsOf, projectsOf, REFUNDS, STARTS_AT, TIERS } from './market.ts';
import { agreePrices, grantLines, grantVouchers, slugOf } from './postgres-grants.ts';
import { writeOrganisation, writeProject, writeRefundTerms } from './postgres-store.ts';
import type { Rows } from './rows.ts';
import type { Market } from './steps.ts';

/** The simulation's own statements. */
export const HAND: Omit<Ctx, 'now'> = {
  scope: { kind: 'system' },
  actor: { kind: 'system', job: 'seeding' },
  requestId: 'req_simulate',
};

let payments = 0;

/** Pays into a wallet. */
export async function payIn(tx: Tx, organisationId: Id<'organisation'>, yuan: number, now: Instant): Promise<void> {
  payments += 1;
  const bytes = new Uint8Array(10);
  new DataView(bytes.buffer).setUint32(0, payments);
  const payment = makeId('payment', now, bytes);
  await post({ ...HAND, now }, tx, [topUpSettled(payment, organisationId, 'sandbox', fen(BigInt(yuan) * 100n), now)]);
}

async function seedOrganisations(tx: Tx, market: Market): Promise<void> {
  for (const [i, { id, limits: all }] of beginningsOf(market).entries()) {
    // The grace comes from the operator's policy, which every database begins with.
    const { graceSeconds: _, ...limits } = all;
    await writeOrganisation(tx, { id, slug: slugOf(i), createdAt: STARTS_AT, ...limits });
    await openWallet(tx, id);
    const { yuan } = present(market.organisations[i], 'organisation');
    if (yuan > 0) await payIn(tx, id, yuan, STARTS_AT);
  }
  for (const project of projectsOf(market)) await writeProject(tx, project, STARTS_AT);
}

/** A site with its pool on sale, at a price that differs from site to site. */
async function seedPool(tx: Tx, plan: SitePlan, seed: number, yuan: string): Promise<Id<'pool'>> {
  const site = await seedSite(tx, { ...plan, spareServers: 0 }, seed, STARTS_AT);
  const price = present(parsePrice(yuan), 'price');
  const sku = { ...site, modelId: plan.modelId, price, validFrom: STARTS_AT, bands: [] };
  await seedSku(tx, { ...sku, purchase: 'by-hour', terms: [], tiers: TIERS });
  await seedSku(tx, { ...sku, purchase: 'by-card', terms: [{ term: 'day', factorBps: 9_000 }] });
  return idFrom('pool', site.poolId);
}

/** What the rows of a simulated market begin with: its customers, and its pools. */
export type Begun = { readonly market: Market; readonly pools: readonly Rows['pool'][] };

/** Seeds the market of a script into the database in use. */
export async function seedMarket(market: Market): Promise<Begun> {
  const { servers, cardsPerServer, neighbourServers } = market;
  const poolIds = await withTx(HAND, async (tx) => {
    await startDemoClock(tx, STARTS_AT);
    await seedLevels(tx);
    await seedModels(tx);
    const ids = [await seedPool(tx, { ...SHAOGUAN, cardsPerServer, cards: servers * cardsPerServer }, 7, '10')];
    if (neighbourServers !== undefined) {
      const neighbour = { ...SHAOGUAN, code: FOSHAN.code, name: FOSHAN.name, cardsPerServer };
      ids.push(await seedPool(tx, { ...neighbour, cards: neighbourServers * cardsPerServer }, 8, '8'));
    }
    await writeRefundTerms(tx, REFUNDS);
    await seedOrganisations(tx, market);
    return ids;
  });
  await grantLines(market);
  await grantVouchers(market);
  await agreePrices(market);
  return withTx(HAND, async (tx) => {
    const catalog = await loadCatalog(tx, STARTS_AT);
    const pools: Rows['pool'][] = [];
    for (const poolId of poolIds) {
      const fleet = await readPool(tx, poolId);
      pools.push({ poolId, cards: cardStatesOf(fleet), topology: topologyOf(fleet), catalog });
    }
    return { market, pools };
  });
}
