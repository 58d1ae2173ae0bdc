import { expect, test } from 'vitest';
import type { CardReadout } from './observe.ts';
import { at } from './testing.ts';
import { type DeviceInfo, DriverCode, type RecoveryAction } from './types.ts';
import { WatchedCards } from './watched-cards.ts';

const READ_AT = at('2026-11-21T06:00:00Z');
const CARD = { uuid: 'GPU-1', arch: 'ppu001' } as DeviceInfo;

const ok = <T>(value: T): { ok: true; value: T; at: typeof READ_AT } => ({ ok: true, value, at: READ_AT });
const notListed = { ok: false, code: DriverCode.NOT_FOUND } as const;

const WELL: CardReadout = {
  arch: 'ppu001',
  presence: 'present',
  recovery: ok<RecoveryAction>('none'),
  throttleBits: ok(0),
  memUsableBytes: ok(1_000),
  eccCorVol: ok(0),
  links: { ok: true, value: { down: 0, reducedWidth: 0 } },
  fabric: { ok: false, code: DriverCode.NOT_SUPPORTED },
  soldMemoryBytes: 900,
};
const DRAINED: CardReadout = {
  ...WELL,
  presence: 'draining',
  recovery: notListed,
  throttleBits: notListed,
  memUsableBytes: notListed,
  eccCorVol: notListed,
  links: notListed,
};

test('what a drained card was heard of counts until its driver tells of it again', () => {
  const cards = new WatchedCards('nod_1', () => undefined);
  const learn = (readout: CardReadout): string | undefined => {
    cards.learn(new Map([[CARD.uuid, readout]]), null, READ_AT);
    return cards.verdict(CARD.uuid)?.reason;
  };
  cards.meet({ infos: [CARD], presence: new Map([[CARD.uuid, 'present']]) });
  expect(learn(WELL)).toBe('none');
  expect(learn(DRAINED)).toBe('drained');
  cards.hear({ type: 'xid', code: 16_256, seq: 0, at: READ_AT, uuid: CARD.uuid });
  expect(learn(DRAINED)).toBe('reset_required');
  expect(learn(DRAINED)).toBe('reset_required');
  expect(learn(WELL)).toBe('none');
});
