-- Changes of a booking: notices of its end, a rule by which it extends itself.

ALTER TABLE "reservation" ADD COLUMN "noticed_at" TIMESTAMPTZ(3),
  ADD COLUMN "auto_extend_step_seconds" INTEGER,
  ADD COLUMN "auto_extend_price_e10_max" BIGINT,
  ADD COLUMN "auto_extend_until_at" TIMESTAMPTZ(3),
  ADD COLUMN "auto_extend_try_at" TIMESTAMPTZ(3),
  ADD COLUMN "auto_extend_failure" TEXT;
-- What was booked before is told of its end from now on.
UPDATE reservation SET noticed_at = greatest(start_at, kashi_now());
ALTER TABLE "reservation" ALTER COLUMN "noticed_at" SET NOT NULL;
ALTER TABLE reservation ADD CONSTRAINT reservation_auto_extend_check CHECK (
  (auto_extend_step_seconds IS NULL) = (auto_extend_price_e10_max IS NULL)
  AND (auto_extend_step_seconds IS NULL) = (auto_extend_try_at IS NULL)
  AND (auto_extend_step_seconds IS NOT NULL OR (auto_extend_until_at IS NULL AND auto_extend_failure IS NULL))
  AND auto_extend_step_seconds > 0 AND auto_extend_price_e10_max >= 0);

-- Cards given back before the end. By the hour, what was held for them returns; a card of a running term is earned on as
-- unused, and a share of what the rest cost is credited at once (decisions/018).
ALTER TABLE "price_version" ADD COLUMN "return_share_bps" INTEGER NOT NULL DEFAULT 5000;
ALTER TABLE price_version ADD CONSTRAINT price_version_return_share_check CHECK (return_share_bps BETWEEN 0 AND 10000);
ALTER TABLE "allocation" ADD COLUMN "unused_until" TIMESTAMPTZ(3);
ALTER TABLE allocation ADD CONSTRAINT allocation_unused_check CHECK (unused_until IS NULL OR (end_at IS NOT NULL AND unused_until >= end_at));
CREATE INDEX allocation_unused ON allocation (pool_id, unused_until) WHERE unused_until IS NOT NULL;
INSERT INTO account_kind (kind, class, asset, is_locked) VALUES ('contraReturned', 'income', 'CNY/8', false);
INSERT INTO journal_rule (journal_kind, debit_kind, credit_kind) VALUES ('hoursReturned', 'contraReturned', 'wallet');
