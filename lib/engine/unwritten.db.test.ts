import { expect, test } from 'vitest';
import { askRecovery, injectFault, listRequests } from '#lib/devices/requests.ts';
import { staffCtx } from '#lib/identity/context.ts';
import { newStaff } from '#lib/identity/testing/people.ts';
import { withTx } from '#lib/platform/db.ts';
import { withAdmin } from '#lib/platform/embedded-postgres.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { openTestMarket, settleDown } from './testing-market.ts';

const ownerUrl = await createTestDatabase();
const CARD = 'crd_sg-p01-s01-n1-c03';

const REFUSED = `
  CREATE FUNCTION no_case() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not now'; END $$;
  CREATE TRIGGER no_case BEFORE INSERT ON fault_case FOR EACH ROW EXECUTE FUNCTION no_case()`;

const asOwner = (sql: string) => withAdmin(ownerUrl, (client) => client.query(sql));

const healthOf = () => withTx(SYSTEM, (tx) => tx.card.findUnique({ where: { id: CARD }, select: { health: true } }));

const market = await openTestMarket(16, 0n);
const staff = await newStaff(['ops']);

test('what a device told while nothing could be written is not forgotten', async () => {
  await settleDown(market);
  const ops = await staffCtx(staff);
  await asOwner(REFUSED);
  await injectFault(ops, { target: { kind: 'card', id: CARD }, kind: 'lost', idempotencyKey: 'once' });
  await expect(settleDown(market)).rejects.toThrow('not now');
  expect(await healthOf()).toEqual({ health: 'healthy' });

  await asOwner('DROP TRIGGER no_case ON fault_case');
  await settleDown(market);
  expect(await healthOf()).toEqual({ health: 'unhealthy' });
  expect(await withTx(SYSTEM, (tx) => tx.faultCase.count({ where: { cardId: CARD, resolvedAt: null } }))).toBe(1);
});

test('a request of which nobody heard how it went is not under way for ever, and is not done twice', async () => {
  const ops = await staffCtx(staff);
  const states = async () =>
    Object.fromEntries(
      (await listRequests(ops, { serverId: null }, { skip: 0, take: 10 })).rows.map(({ kind, state }) => [kind, state]),
    );
  const target = { kind: 'card', id: CARD } as const;
  await askRecovery(ops, { target, action: 'device_reset', idempotencyKey: 'reset' });
  await asOwner('UPDATE device_request SET taken_at = now() WHERE taken_at IS NULL');
  expect(await states()).toEqual({ device_reset: 'taken', lost: 'done' });
  await settleDown(market);
  expect(await states()).toEqual({ device_reset: 'interrupted', lost: 'done' });
  expect(await healthOf()).toEqual({ health: 'unhealthy' });
});
