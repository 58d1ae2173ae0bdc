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
