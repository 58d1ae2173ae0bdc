/** How a vendor's cards appear in a container: what its own device plugin hands out. */
export type ContainerConventions = {
  /** Extended resource of Kubernetes, and kind of the CDI devices. */
  readonly resourceName: string;
  /** Nodes that every container with a card needs. */
  readonly commonNodes: readonly string[];
  /** What stands before the number of a card's own node. */
  readonly cardNodePrefix: string;
  readonly nodePermissions: string;
  /** Several variables get the same ordered list. */
  readonly visibleDevicesVariables: readonly string[];
  /** How a card is named in that list. */
  readonly visibleDevice: 'ppu_uuid' | 'uuid' | 'index';
};

/** Any PPU. Native and CUDA mode have a variable each; source: the vendor's SDK manual and recorded servers. */
export const PPU_CONTAINER: ContainerConventions = {
  resourceName: 'alibabacloud.com/ppu',
  commonNodes: ['/dev/alixpu', '/dev/alixpu_ctl'],
  cardNodePrefix: '/dev/alixpu_ppu',
  nodePermissions: 'rw',
  visibleDevicesVariables: ['HGGC_VISIBLE_DEVICES', 'CUDA_VISIBLE_DEVICES'],
  visibleDevice: 'ppu_uuid',
};
