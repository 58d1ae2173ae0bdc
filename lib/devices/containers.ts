/** How a vendor's cards appear in a container: what its own device plugin hands out. */
export type ContainerConventions = {
  /** Extended resource of Kubernetes, and kind of the CDI devices. */
  readonly resourceName: string;
  /** Nodes that every container with a card needs. */
  readonly commonNodes: readonly string[];
  /** What stands before the number of a card's own node. */
  readonly cardNodePrefix: string;
  /** The minor number of the first card's node: where a vendor's common node has 0, cards begin at 1. */
  readonly firstMinor: 0 | 1;
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
  firstMinor: 1,
  nodePermissions: 'rw',
  visibleDevicesVariables: ['HGGC_VISIBLE_DEVICES', 'CUDA_VISIBLE_DEVICES'],
  visibleDevice: 'ppu_uuid',
};

/**
 * Any NVIDIA card without MIG. The container toolkit reads the first variable, the CUDA runtime the second; both take
 * uuids. The control node has minor 255, so a card's node is named after its own minor from 0 on.
 */
export const NVIDIA_CONTAINER: ContainerConventions = {
  resourceName: 'nvidia.com/gpu',
  commonNodes: ['/dev/nvidiactl', '/dev/nvidia-uvm', '/dev/nvidia-uvm-tools'],
  cardNodePrefix: '/dev/nvidia',
  firstMinor: 0,
  nodePermissions: 'rw',
  visibleDevicesVariables: ['NVIDIA_VISIBLE_DEVICES', 'CUDA_VISIBLE_DEVICES'],
  visibleDevice: 'uuid',
};

/**
 * Any Ascend 910. The vendor's container runtime reads the first variable, CANN the second; both take numbers, so an
 * allocation holds for one boot only. That minors begin at 0 is an assumption.
 */
export const ASCEND_CONTAINER: ContainerConventions = {
  resourceName: 'huawei.com/Ascend910',
  commonNodes: ['/dev/davinci_manager', '/dev/devmm_svm', '/dev/hisi_hdc'],
  cardNodePrefix: '/dev/davinci',
  firstMinor: 0,
  nodePermissions: 'rw',
  visibleDevicesVariables: ['ASCEND_VISIBLE_DEVICES', 'ASCEND_RT_VISIBLE_DEVICES'],
  visibleDevice: 'index',
};
