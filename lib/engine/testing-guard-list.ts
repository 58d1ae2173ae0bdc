import { check, type Guard, like, trigger, unique, type Wall } from './testing-guards.ts';

const policy = (change: Readonly<Record<string, unknown>>) =>
  like('sla_policy', `id = 'slp_waiting'`, { id: 'slp_new', ...change });
const approved = (change: Readonly<Record<string, unknown>>) =>
  like('sla_policy', `id = 'slp_next'`, { id: 'slp_new', ...change });
const credit = (change: Readonly<Record<string, unknown>>) =>
  like('sla_credit', `id = 'cmp_one'`, { id: 'cmp_new', month: '2026-10', journal_key: 'sla:cmp_new', ...change });
const waiver = (change: Readonly<Record<string, unknown>>) =>
  like('hour_waiver', `id = 'wvr_waiting'`, { id: 'wvr_new', hour_at: '2026-11-03T00:00:00Z', ...change });
const report = (change: Readonly<Record<string, unknown>>) =>
  like('late_report', 'outcome IS NULL', {
    id: 9_000,
    start_at: '2026-11-02T05:00:00Z',
    end_at: '2026-11-02T06:00:00Z',
    ...change,
  });
const file = (change: Readonly<Record<string, unknown>>) =>
  like('settlement_file', 'true', { id: 'stf_new', sha256: 'b'.repeat(64), ...change });
const row = (change: Readonly<Record<string, unknown>>) =>
  like('settlement_row', 'true', { transaction_id: 'txn_new', ...change });
const back = (change: Readonly<Record<string, unknown>>) =>
  like('voucher_burn', `journal_key IS NULL`, { id: 9_000, amount_units: -10, journal_key: 'correct:new', ...change });

/** Guards of the credits for broken availability. */
export const SLA_GUARDS: readonly Guard[] = [
  check(
    'sla_policy',
    'sla_policy_reason_check',
    policy({ reason: '', state: 'declined', decided_by: 'user:b', decided_at: '2026-10-01T00:00:00Z' }),
  ),
  check('sla_policy', 'sla_policy_tiers_check', approved({ valid_from: '2027-05', tiers: [] })),
  check('sla_policy', 'sla_policy_valid_from_check', approved({ valid_from: '2027-13' })),
  check('sla_policy', 'sla_policy_state_check', approved({ state: 'agreed' })),
  check('sla_policy', 'sla_policy_decided', approved({ valid_from: '2027-05', decided_by: null })),
  check('sla_policy', 'sla_policy_two_people', approved({ valid_from: '2027-05', decided_by: 'user:a' })),
  check('sla_policy', 'sla_policy_ahead', approved({ valid_from: '2026-09' })),
  unique('sla_policy', 'sla_policy_proposed', policy({})),
  unique('sla_policy', 'sla_policy_of_month', approved({})),
  trigger('sla_policy', 'sla_policy_change', `UPDATE sla_policy SET reason = 'another' WHERE id = 'slp_next'`),
  trigger('sla_policy', 'sla_policy_kept', `DELETE FROM sla_policy WHERE id = 'slp_next'`),
  check('sla_credit', 'sla_credit_seconds', credit({ down_seconds: 101 })),
  check('sla_credit', 'sla_credit_tier', credit({ used_seconds: 950, down_seconds: 50 })),
  check('sla_credit', 'sla_credit_share', credit({ charged_units: 1_001 })),
  check('sla_credit', 'sla_credit_amount', credit({ amount_units: 999 })),
  check('sla_credit', 'sla_credit_check', credit({ journal_key: 'sla:cmp_other' })),
  check('sla_credit', 'sla_credit_owed', credit({ owed_units: 1_001 })),
  unique('sla_credit', 'sla_credit_reservation_id_month_revision_key', credit({ month: '2026-11' })),
  unique(
    'sla_credit',
    'sla_credit_journal_key_key',
    `ALTER TABLE sla_credit DROP CONSTRAINT sla_credit_check; ${credit({ journal_key: 'sla:cmp_one' })}`,
  ),
  // The first credit of a month is no second one; the table has no such line; nothing was booked on account.
  trigger('sla_credit', 'sla_credit_new', credit({ revision: 1 })),
  trigger('sla_credit', 'sla_credit_new', credit({ credit_bps: 5_000, due_units: 500, amount_units: 500 })),
  trigger('sla_credit', 'sla_credit_owed', credit({ owed_units: 1 })),
  trigger('sla_credit', 'sla_credit_owed', credit({ owed_units: null })),
  trigger('sla_credit', 'sla_credit_fixed', `UPDATE sla_credit SET amount_units = 1000`),
  trigger('sla_credit', 'sla_credit_fixed', `DELETE FROM sla_credit`),
  trigger('sla_credit', 'sla_credit_kept', `TRUNCATE sla_credit`),
  trigger('sla_month', 'sla_month_kept', `DELETE FROM sla_month`),
];

/** Guards of hours left out, late evidence and settlements, and of what corrections give back to vouchers. */
export const LATE_GUARDS: readonly Guard[] = [
  check('hour_waiver', 'hour_waiver_reason_check', waiver({ reason: 'no' })),
  check('hour_waiver', 'hour_waiver_hour_check', waiver({ hour_at: '2026-11-03T00:30:00Z' })),
  check(
    'hour_waiver',
    'hour_waiver_state_check',
    waiver({ state: 'granted', decided_by: 'user:b', decided_at: '2026-11-03T00:00:00Z' }),
  ),
  check('hour_waiver', 'hour_waiver_decided_check', waiver({ state: 'agreed' })),
  check(
    'hour_waiver',
    'hour_waiver_two_people',
    waiver({ state: 'agreed', decided_by: 'user:a', decided_at: '2026-11-03T00:00:00Z' }),
  ),
  unique('hour_waiver', 'hour_waiver_once', waiver({ hour_at: '2026-11-02T00:00:00Z' })),
  trigger(
    'hour_waiver',
    'hour_waiver_change',
    waiver({ state: 'agreed', decided_by: 'user:b', decided_at: '2026-11-03T00:00:00Z' }),
  ),
  trigger(
    'hour_waiver',
    'hour_waiver_change',
    `UPDATE hour_waiver SET reason = 'another reason' WHERE id = 'wvr_waiting'`,
  ),
  trigger('hour_waiver', 'hour_waiver_kept', `DELETE FROM hour_waiver WHERE id = 'wvr_waiting'`),
  trigger('hour_waiver', 'hour_waiver_whole', `TRUNCATE hour_waiver`),
  check('late_report', 'late_report_time_check', report({ end_at: '2026-11-02T05:00:00Z' })),
  check('late_report', 'late_report_taken_check', report({ outcome: 'taken' })),
  unique(
    'late_report',
    'late_report_allocation_id_start_at_end_at_is_proven_key',
    report({ start_at: '2026-11-02T03:00:00Z', end_at: '2026-11-02T04:00:00Z' }),
  ),
  trigger('late_report', 'late_report_change', `UPDATE late_report SET reason = 'another' WHERE outcome IS NULL`),
  trigger('late_report', 'late_report_change', `UPDATE late_report SET attempts = 9 WHERE outcome IS NOT NULL`),
  trigger('late_report', 'late_report_kept', `DELETE FROM late_report`),
  trigger('late_report', 'late_report_whole', `TRUNCATE late_report`),
  check('settlement_file', 'settlement_file_check', file({ rows: 0 })),
  unique('settlement_file', 'settlement_file_provider_sha256_key', file({ sha256: 'a'.repeat(64) })),
  trigger('settlement_file', 'settlement_file_fixed', `UPDATE settlement_file SET rows = 2`),
  trigger(
    'settlement_file',
    'settlement_file_kept',
    `ALTER TABLE settlement_row DISABLE TRIGGER settlement_row_kept; TRUNCATE settlement_file CASCADE`,
  ),
  check('settlement_row', 'settlement_row_check', row({ net_fen: 1 })),
  trigger('settlement_row', 'settlement_row_fixed', `DELETE FROM settlement_row`),
  trigger('settlement_row', 'settlement_row_kept', `TRUNCATE settlement_row`),
  check('voucher_burn', 'voucher_burn_amount_check', back({ journal_key: null })),
  unique('voucher_burn', 'voucher_burn_returned_once', `${back({})}; ${back({ id: 9_001 })}`),
  // More than it paid of the hour; and when it is over.
  trigger('voucher_burn', 'voucher_burn_return', back({ amount_units: -101 }), 'KS008'),
  trigger('voucher_burn', 'voucher_burn_return', back({ charged_at: '2027-11-01T00:00:00Z' }), 'KS008'),
];

/** Who sees nothing of what, by row-level security. `one` and `other` are customers; `one` has everything that there is. */
export const wallsOf = (other: string): readonly Wall[] => [
  { table: 'sla_policy', policy: 'wide', organisationId: null, hidden: 'true' },
  { table: 'sla_policy', policy: 'shown', organisationId: other, hidden: `state = 'proposed'` },
  { table: 'sla_credit', policy: 'wide', organisationId: null, hidden: 'true' },
  { table: 'sla_credit', policy: 'tenant', organisationId: other, hidden: `organisation_id <> '${other}'` },
  { table: 'sla_month', policy: 'wide', organisationId: other, hidden: 'true' },
  { table: 'hour_waiver', policy: 'wide', organisationId: null, hidden: 'true' },
  { table: 'hour_waiver', policy: 'tenant', organisationId: other, hidden: `organisation_id <> '${other}'` },
  { table: 'late_report', policy: 'wide', organisationId: other, hidden: 'true' },
  { table: 'settlement_file', policy: 'wide', organisationId: other, hidden: 'true' },
  { table: 'settlement_row', policy: 'wide', organisationId: other, hidden: 'true' },
];
