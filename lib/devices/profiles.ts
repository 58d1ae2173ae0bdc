import type { CardProfile } from './card-profile.ts';
import { M890 } from './profile-m890.ts';
import { ZW810E } from './profile-zw810e.ts';

/** How any PPU looks to a container: the same on both models. */
export const PPU_CONTAINER = {
  resourceName: 'alibabacloud.com/ppu',
  commonNodes: ['/dev/alixpu', '/dev/alixpu_ctl'],
  cardNodePrefix: '/dev/alixpu_ppu',
  nodePermissions: 'rw',
  /** Native and CUDA mode; both get the same ordered list. */
  visibleDevicesVariables: ['HGGC_VISIBLE_DEVICES', 'CUDA_VISIBLE_DEVICES'],
} as const;

export const CARD_PROFILES: readonly CardProfile[] = [ZW810E, M890];

/** The profile of a model by our id for it, or null. */
export function findProfile(modelId: string): CardProfile | null {
  return CARD_PROFILES.find((profile) => profile.modelId === modelId) ?? null;
}

/** The profile of a model by the name that its driver reports, or null. */
export function findProfileByName(name: string): CardProfile | null {
  return CARD_PROFILES.find((profile) => profile.name === name) ?? null;
}
