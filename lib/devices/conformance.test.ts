import { describe, test } from 'vitest';
import { CONFORMANCE_RULES } from './conformance.ts';
import { simulatedSubject } from './testing-conformance.ts';

describe.each(['zw810e', 'm890', 'h100', 'ascend910b'])('a simulated %s server conforms', (modelId) => {
  test.each(CONFORMANCE_RULES)('$name', ({ check }) => check(simulatedSubject(modelId)));
});
