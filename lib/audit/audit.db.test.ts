import { describe, expect, test } from 'vitest';
import type { Ctx } from '#lib/core/context.ts';
import { idFrom } from '#lib/core/id.ts';
import { instant } from '#lib/core/instant.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { databaseErrorOf } from '#lib/platform/database-errors.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase } from '#lib/platform/testing/database.ts';
import { record } from './record.ts';
import { listAudit } from './service.ts';

await createTestDatabase();

const NOW = instant(Date.UTC(2026, 10, 21));

function managerOf(organisation: string): Ctx {
  const organisationId = idFrom('organisation', organisation);
  return {
    actor: { kind: 'customer', userId: idFrom('user', 'usr_1'), organisationId, role: 'admin' },
    scope: { kind: 'organisation', organisationId },
    requestId: 'req_1',
    now: NOW,
  };
}
const AUDITOR: Ctx = {
  actor: { kind: 'staff', userId: idFrom('user', 'usr_9'), roles: ['auditor'] },
  scope: { kind: 'staff' },
  requestId: 'req_9',
  now: NOW,
};

describe('the record of acts', () => {
  test('keeps actor, time, request and big numbers, newest first', async () => {
    const ctx = managerOf('org_a');
    await withTx(ctx, async (tx) => {
      await record(ctx, tx, 'thing.made', 'thg_1', { amountUnits: 9_007_199_254_740_993n });
      await record(ctx, tx, 'thing.changed', 'thg_1', {});
    });
    const [last, first] = await listAudit(ctx);
    expect(last?.action).toBe('thing.changed');
    expect(first).toMatchObject({
      at: NOW,
      actor: 'user:usr_1',
      organisationId: 'org_a',
      action: 'thing.made',
      target: 'thg_1',
      data: { amountUnits: '9007199254740993' },
      requestId: 'req_1',
    });
    expect(await listAudit(ctx, { beforeId: last?.id, limit: 1 })).toEqual([first]);
  });

  test('is read by its organisation and by auditors, and by nobody else', async () => {
    expect(await listAudit(managerOf('org_b'))).toEqual([]);
    expect((await listAudit(AUDITOR, { action: 'thing.made' })).length).toBe(1);
    const member: Ctx = { ...AUDITOR, actor: { kind: 'visitor' }, scope: { kind: 'public' } };
    await expect(listAudit(member)).rejects.toThrow();
    await expect(
      listAudit({ ...AUDITOR, actor: { kind: 'staff', userId: idFrom('user', 'usr_9'), roles: ['ops'] } }),
    ).rejects.toThrow(Forbidden);
  });

  test('an act of staff for an organisation shows there too', async () => {
    const organisationId = idFrom('organisation', 'org_c');
    await withTx(AUDITOR, (tx) => record(AUDITOR, tx, 'payment.matched', 'pay_1', {}, organisationId));
    expect((await listAudit(managerOf('org_c'))).map((event) => event.actor)).toEqual(['user:usr_9']);
  });

  test('no tenant writes into another, and nobody changes what is written', async () => {
    const ctx = managerOf('org_b');
    const stateOf = async (work: Promise<unknown>) =>
      work.then(
        () => undefined,
        (e: unknown) => databaseErrorOf(e)?.sqlState,
      );
    expect(
      await stateOf(withTx(ctx, (tx) => record(ctx, tx, 'thing.made', 'thg_2', {}, idFrom('organisation', 'org_a')))),
    ).toBe('42501');
    expect(await stateOf(withTx(AUDITOR, (tx) => tx.$executeRaw`UPDATE audit_event SET actor = 'nobody'`))).toBe(
      'KS001',
    );
  });
});
