import 'server-only';
import type { Proof } from '#lib/core/proof.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { proofByQuery } from '#lib/platform/proof-query.ts';

/** What must hold of arrears at any time. */
export const ARREARS_PROOFS: readonly Proof<Tx>[] = [
  proofByQuery(
    'arrearsTold',
    'every step of an organisation was told to it, once',
    Prisma.sql`SELECT s.organisation_id AS what FROM arrears_step s
      LEFT JOIN notice n ON n.organisation_id = s.organisation_id AND n.source_key = 'arrears:' || s.number
      GROUP BY s.organisation_id, s.number HAVING count(n.*) <> 1`,
  ),
  proofByQuery(
    'arrearsStanding',
    'an organisation stands where its last step led, and none was stopped or released before what was announced',
    Prisma.sql`SELECT a.organisation_id AS what FROM arrears a
      LEFT JOIN arrears_step s ON s.organisation_id = a.organisation_id AND s.number = a.steps
      WHERE (a.state, a.episode, a.since_at) IS DISTINCT FROM (s.to_state, s.episode, s.at)
      UNION ALL SELECT s.organisation_id FROM arrears_step s JOIN arrears_step b ON b.organisation_id = s.organisation_id AND b.number = s.number - 1
      WHERE (s.to_state = 'stopped' AND s.at < b.stop_at) OR (s.to_state = 'released' AND s.at < b.release_at)`,
  ),
  proofByQuery(
    'graceLentToOpenEnds',
    'hours of grace were lent to open ends only, each of whom got as much on credit as its history says',
    Prisma.sql`SELECT j.key AS what FROM journal j JOIN posting p ON p.journal_id = j.id JOIN account a ON a.id = p.account_id AND a.kind = 'arrears'
      WHERE j.kind = 'gracePlaced' AND NOT EXISTS (SELECT FROM reservation_event e WHERE e.reservation_id = j.source->>'reservation'
        AND e.kind = 'graceGiven' AND (e.data->>'amountUnits')::bigint = p.debit_units)`,
  ),
];
