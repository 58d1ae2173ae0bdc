import { describe, expect, test } from 'vitest';
import { CARD_PROFILES } from '../profiles.ts';
import { listen, openTestFleet } from '../testing.ts';
import { CARD_FAULT_KINDS, type FaultKind } from '../fault-types.ts';
import { decodeXid, type XidFacts } from '../xid.ts';

const CLASS_OF: Partial<Record<FaultKind, XidFacts['class']>> = {
  lost: 'device_lost',
  hbm_uecc: 'ecc_uncorrectable',
  sram_ecc: 'ecc_uncorrectable',
  cecc_storm: 'ecc_correctable',
  icn_down: 'interconnect',
  kill_overtime: 'blocked',
  app_xid: 'application',
};

describe.each(CARD_PROFILES.map(({ modelId, arch }) => [modelId, arch] as const))('a simulated %s', (modelId, arch) => {
  test.each(CARD_FAULT_KINDS)('reports %s by codes of its own architecture', async (kind) => {
    const fleet = openTestFleet({ modelId });
    const { heard } = listen(await fleet.driver(), ['xid']);
    await fleet.inject(kind, 0);
    const classes = (await heard()).flatMap((event) =>
      event.type === 'xid' ? [decodeXid(arch, event.code).class] : [],
    );
    const expected = CLASS_OF[kind];
    expect(new Set(classes)).toEqual(new Set(expected === undefined ? [] : [expected]));
  });
});
