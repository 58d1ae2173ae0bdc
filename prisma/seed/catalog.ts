import 'server-only';
import type { Purchase, Term, TierPrice } from '#lib/catalog/types.ts';
import { DAY_MS, type Instant } from '#lib/core/instant.ts';
import type { PriceE10 } from '#lib/core/money.ts';
import type { Tx } from '#lib/platform/db.ts';

const MODELS = [
  {
    id: 'zw810e',
    vendor: 'T-Head',
    name: '真武 810E',
    arch: 'ppu001',
    memoryMib: 98_304,
    icnGbPerSec: 700,
    powerWatts: 400,
    facts: { memory: 'HBM2e', pcie: '5.0 x16', cardsPerServer: 16 },
  },
  {
    id: 'm890',
    vendor: 'T-Head',
    name: '真武 M890',
    arch: 'ppu0015',
    memoryMib: 147_456,
    icnGbPerSec: 800,
    powerWatts: 600,
    facts: { memory: 'HBM3', cardsPerServer: 8 },
  },
];

const IMAGES = [
  {
    id: 'img_ppu-pytorch-2-10',
    name: 'PyTorch 2.10 · PPU SDK 2.2',
    version: '2.10.0-ppu2.2-py312',
    sdk: '2.2',
    archs: ['ppu001', 'ppu0015'],
  },
  {
    id: 'img_ppu-vllm-0-12',
    name: 'vLLM 0.12 · PPU SDK 2.2',
    version: '0.12.0-ppu2.2-py312',
    sdk: '2.2',
    archs: ['ppu001', 'ppu0015'],
  },
  { id: 'img_ppu-base-1-5', name: 'PPU SDK 1.5 base', version: '1.5.1-ubuntu22.04', sdk: '1.5', archs: ['ppu001'] },
];

/** Card models and images. Figures of the models are published ones; see the device fact sheet for their certainty. */
export async function seedModels(tx: Tx): Promise<void> {
  await tx.cardModel.createMany({ data: MODELS, skipDuplicates: true });
  await tx.image.createMany({ data: IMAGES, skipDuplicates: true });
}

const TERM_SECONDS: Readonly<Record<Term, number>> = { day: 86_400, week: 7 * 86_400, month: 30 * 86_400 };

export type SkuSeed = {
  readonly poolId: string;
  readonly siteId: string;
  readonly modelId: string;
  readonly purchase: Purchase;
  readonly price: PriceE10;
  readonly validFrom: Instant;
  readonly bands: readonly { fromHour: number; toHour: number; factorBps: number }[];
  readonly terms: readonly { term: Term; factorBps: number }[];
  /** Other tiers of queued jobs, at their part of the price. */
  readonly tiers?: readonly Pick<TierPrice, 'tier' | 'factorBps'>[];
};

/** Puts a pool on sale in one way to buy, with its first price version. Tax 6 %: an IT service. */
export async function seedSku(tx: Tx, sku: SkuSeed): Promise<{ skuId: string; priceVersionId: string }> {
  const name = `${sku.poolId.slice('pol_'.length)}-${sku.purchase === 'by-hour' ? 'hour' : 'card'}`;
  const [skuId, priceVersionId] = [`sku_${name}`, `prv_${name}-1`];
  await tx.sku.create({
    data: {
      id: skuId,
      siteId: sku.siteId,
      cardModelId: sku.modelId,
      poolId: sku.poolId,
      purchase: sku.purchase,
      taxRateBps: 600,
    },
  });
  await tx.priceVersion.create({
    data: { id: priceVersionId, skuId, validFrom: new Date(sku.validFrom - DAY_MS), priceE10PerCardHour: sku.price },
  });
  await tx.priceBand.createMany({ data: sku.bands.map((band) => ({ priceVersionId, ...band })) });
  await tx.priceTerm.createMany({
    data: sku.terms.map(({ term, factorBps }) => ({
      priceVersionId,
      term,
      termSeconds: TERM_SECONDS[term],
      factorBps,
    })),
  });
  for (const { tier, factorBps } of sku.tiers ?? []) {
    const id = `${priceVersionId}-${tier}`;
    const priceE10PerCardHour = (sku.price * BigInt(factorBps)) / 10_000n;
    const validFrom = new Date(sku.validFrom - DAY_MS);
    await tx.priceVersion.create({
      data: { id, skuId, validFrom, priceE10PerCardHour, tier, baseId: priceVersionId, tierFactorBps: factorBps },
    });
    await tx.priceBand.createMany({ data: sku.bands.map((band) => ({ priceVersionId: id, ...band })) });
  }
  return { skuId, priceVersionId };
}
