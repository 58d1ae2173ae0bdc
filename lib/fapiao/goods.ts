/** What is sold, as the tax bureau classifies it. */
export type Goods = { readonly itemName: string; readonly taxCode: string };

/**
 * Item names and 19-digit codes of the classification of goods and services, by tax rate in basis points. Example data
 * of the demo: an operator sets them with its tax adviser before the first fapiao.
 */
const BY_RATE: Readonly<Record<number, Goods>> = {
  1300: { itemName: '*经营租赁*算力设备租赁', taxCode: '3040502029900000000' },
};
const SERVICE: Goods = { itemName: '*信息技术服务*算力服务费', taxCode: '3040203000000000000' };

/** The item that a rate is charged on: at 13 % the lease of equipment, else the service. */
export function goodsOf(taxRateBps: number): Goods {
  return BY_RATE[taxRateBps] ?? SERVICE;
}
