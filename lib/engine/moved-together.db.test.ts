import { expect, inject, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import { withTx } from '#lib/platform/db.ts';
import { withAdmin } from '#lib/platform/embedded-postgres.ts';
import { createTestDatabase } from '#lib/platform/testing/database.ts';
import { RESERVATION_PROOFS } from '#lib/reservations/proofs.ts';
import { reserve } from '#lib/reservations/service.ts';
import { decideOnce } from './deciding-rounds.ts';
import { runOnServer } from './simulate/postgres-run.ts';
import { readScript } from './simulate/steps.ts';
import { bookerOf, seedBookingMarket, seedQuotes } from './testing-bookings.ts';
import { LEADER, openLeader } from './testing-contest.ts';

/** A server is emptied while half of it is somebody's who wants one server, and the other half somebody's who does not mind. */
const MOVED = readScript(`
{"servers":4,"cardsPerServer":4,"organisations":[{"yuan":50000,"cardQuota":10000,"spendingLimitYuan":null}],"projects":[]}
{"do":"reserve","organisation":0,"cards":2,"topology":"same-server","leadSeconds":null,"by":"hours","seconds":90000,"quote":"good","waits":false}
{"do":"reserve","organisation":0,"cards":4,"topology":"whole-servers","leadSeconds":null,"by":"hours","seconds":90000,"quote":"good","waits":false}
{"do":"window","pick":0,"cards":1,"isServer":true,"leadSeconds":7200,"seconds":3600,"handling":"move","waits":false}
{"do":"window","pick":4,"cards":1,"isServer":true,"leadSeconds":8200,"seconds":3600,"handling":"move","waits":false}
{"do":"advance","seconds":30000,"isPaced":true}
`);

test('what is moved together for maintenance is proven to lie as it was bought', async () => {
  expect((await runOnServer(inject('adminUrl'), 'simulate_test_moved', MOVED)).violations).toEqual([]);
});

test('what lies in pieces at one time is named by the proof', async () => {
  const ownerUrl = await createTestDatabase();
  const market = await seedBookingMarket(64, 1);
  const leader = await openLeader(market, 'moved');
  const organisationId = present(market.organisations[0], 'organisation');
  const wish = { organisationId, cards: 2, topology: 'same-server', startHour: null, hours: 2 } as const;
  const { quoteId } = present((await seedQuotes(market, [wish]))[0], 'quote');
  let isOver = false;
  const booked = reserve(bookerOf(organisationId), { quoteId, name: 'moved', idempotencyKey: quoteId }).finally(() => {
    isOver = true;
  });
  while (!isOver) {
    leader.mayHaveCommands = true;
    await decideOnce(LEADER, leader);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const answer = await booked;
  const reservationId = answer.ok ? answer.value.reservationId : null;
  const proof = present(
    RESERVATION_PROOFS.find(({ name }) => name === 'topologiesKept'),
    'proof',
  );
  expect(await withTx(LEADER, (tx) => proof.run(tx))).toEqual({ violations: 0, example: null });
  await withAdmin(ownerUrl, (owner) =>
    owner.query(`ALTER TABLE allocation DISABLE TRIGGER USER;
    UPDATE allocation SET card_id = (SELECT id FROM card WHERE server_id NOT IN
      (SELECT c.server_id FROM card c JOIN allocation a ON a.card_id = c.id) LIMIT 1)
    WHERE id = (SELECT min(id) FROM allocation)`),
  );
  expect(await withTx(LEADER, (tx) => proof.run(tx))).toEqual({ violations: 1, example: reservationId });
});
