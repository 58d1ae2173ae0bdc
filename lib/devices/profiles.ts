import type { CardProfile } from './card-profile.ts';
import { ASCEND910B } from './profile-ascend910b.ts';
import { H100 } from './profile-h100.ts';
import { M890 } from './profile-m890.ts';
import { ZW810E } from './profile-zw810e.ts';

export const CARD_PROFILES: readonly CardProfile[] = [ZW810E, M890, H100, ASCEND910B];

/** The profile of a model by our id for it, or null. */
export function findProfile(modelId: string): CardProfile | null {
  return CARD_PROFILES.find((profile) => profile.modelId === modelId) ?? null;
}

/** The profile of a model by the name that its driver reports, or null. */
export function findProfileByName(name: string): CardProfile | null {
  return CARD_PROFILES.find((profile) => profile.name === name) ?? null;
}
