import { describe, test } from 'vitest';
import { CONFORMANCE_RULES } from '../conformance.ts';
import { conformanceSubject, openRig } from './testing-rig.ts';

describe.each(['zw810e', 'm890'])('a %s server behind ppu-smi conforms', (modelId) => {
  test.each(CONFORMANCE_RULES)('$name', ({ check }) => check(conformanceSubject(openRig({ modelId }))));
});
