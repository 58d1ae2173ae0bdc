import { describe, expect, test } from 'vitest';
import { checkRegistration } from './registration.ts';

const GOOD = { version: 'v1beta1', endpoint: 'ppu.sock', resource_name: 'alibabacloud.com/ppu', options: null };

describe('a registration', () => {
  test.each(['alibabacloud.com/ppu', 'nvidia.com/gpu', 'nvidia.com/mig-1g.5gb', 'alibabacloud.com/ppu-4u.4g48gb'])(
    'of %s is accepted',
    (resource_name) => expect(checkRegistration({ ...GOOD, resource_name })).toBeNull(),
  );

  test.each(['', 'v1', 'v1alpha', 'V1BETA1'])('of version "%s" is refused', (version) =>
    expect(checkRegistration({ ...GOOD, version })).toBe('version_not_supported'),
  );

  test.each([
    '',
    'ppu',
    '/ppu',
    'alibabacloud.com/',
    'alibabacloud.com/ppu/x',
    'Alibabacloud.com/ppu',
    'a..b/ppu',
    'kubernetes.io/ppu',
    'x.kubernetes.io/ppu',
    'alibabacloud.com/-ppu',
    `alibabacloud.com/${'p'.repeat(64)}`,
    `${'a'.repeat(254)}/ppu`,
  ])('of the resource "%s" is refused', (resource_name) =>
    expect(checkRegistration({ ...GOOD, resource_name })).toBe('resource_name_invalid'),
  );

  test.each([
    '',
    '.',
    '..',
    '../ppu.sock',
    'a/ppu.sock',
    '/tmp/ppu.sock',
    'ppu\u0000.sock',
    '..\\ppu.sock',
    'kubelet.sock',
  ])('with the endpoint "%s" is refused', (endpoint) =>
    expect(checkRegistration({ ...GOOD, endpoint })).toBe('endpoint_invalid'),
  );
});
