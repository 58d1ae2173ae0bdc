import { findProfile } from '../profiles.ts';
import type { DeviceInfo } from '../types.ts';
import { labelText } from './exposition.ts';
import type { MetricFleet, MetricServer } from './types.ts';

/**
 * The labels of a card's series as text, made once and kept: nearly every byte of a scrape is labels. Our own ids and
 * the card's identity never change; `gpu` and `device` hold for one boot, so they stand only while the driver lists
 * the card, and are made anew when its index is another one.
 */
export class CardLabels {
  readonly #lasting: string;
  #listed: { readonly index: number; readonly deviceNode: string; readonly text: string } | null = null;

  constructor(fleet: MetricFleet, server: MetricServer, card: MetricServer['cards'][number]) {
    this.#lasting = labelText({
      UUID: card.uuid,
      modelName: findProfile(fleet.modelId)?.name ?? fleet.modelId,
      Hostname: server.hostname,
      site: fleet.siteId,
      supernode: server.supernodeId,
      pool: fleet.poolId,
      server: server.serverId,
      card: card.cardId,
    });
  }

  /** `info` is the card as its driver lists it now; null when it does not. */
  text(info: Pick<DeviceInfo, 'index' | 'deviceNode'> | null): string {
    if (info === null) return this.#lasting;
    const { index, deviceNode } = info;
    if (this.#listed?.index !== index || this.#listed.deviceNode !== deviceNode) {
      const device = deviceNode.slice(deviceNode.lastIndexOf('/') + 1);
      this.#listed = { index, deviceNode, text: `${labelText({ gpu: `${index}`, device })},${this.#lasting}` };
    }
    return this.#listed.text;
  }
}
