-- What a drain would do is worked out and kept before anybody confirms it; maintenance windows keep cards from the market
-- for their time; spares are kept from sale to stand in for cards that fail.

ALTER TABLE "pool" ADD COLUMN "spare_bps" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pool ADD CONSTRAINT pool_spare_bps_check CHECK (spare_bps BETWEEN 0 AND 5000);
ALTER TABLE card DROP CONSTRAINT card_commercial_check,
  ADD CONSTRAINT card_commercial_check CHECK (commercial IN ('on-sale', 'withheld', 'spare'));

CREATE TABLE "drain_plan" (
    "id" TEXT NOT NULL,
    "pool_id" TEXT NOT NULL,
    "card_ids" TEXT[],
    "start_at" TIMESTAMPTZ(3) NOT NULL,
    "end_at" TIMESTAMPTZ(3),
    "plan_version" BIGINT NOT NULL,
    "made_by" TEXT NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "outcome" JSONB NOT NULL,
    CONSTRAINT "drain_plan_pkey" PRIMARY KEY ("id")
);
ALTER TABLE drain_plan ADD FOREIGN KEY (pool_id) REFERENCES pool,
  ADD CONSTRAINT drain_plan_interval_check CHECK (end_at > start_at);

CREATE TABLE "maintenance_window" (
    "id" TEXT NOT NULL,
    "pool_id" TEXT NOT NULL,
    "start_at" TIMESTAMPTZ(3) NOT NULL,
    "end_at" TIMESTAMPTZ(3),
    "handling" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "notices_given" INTEGER NOT NULL,
    "retry_at" TIMESTAMPTZ(3),
    "planned_by" TEXT NOT NULL,
    "planned_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    CONSTRAINT "maintenance_window_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "maintenance_window_pool_id_state_idx" ON "maintenance_window"("pool_id", "state");
ALTER TABLE maintenance_window ADD FOREIGN KEY (pool_id) REFERENCES pool,
  ADD CONSTRAINT maintenance_window_interval_check CHECK (end_at > start_at),
  ADD CONSTRAINT maintenance_window_handling_check CHECK (handling IN ('wait', 'move')),
  ADD CONSTRAINT maintenance_window_state_check CHECK (state IN ('planned', 'running', 'done', 'cancelled')),
  ADD CONSTRAINT maintenance_window_notices_check CHECK (notices_given BETWEEN 0 AND 2),
  ADD CONSTRAINT maintenance_window_ended_check CHECK ((state IN ('done', 'cancelled')) = (ended_at IS NOT NULL)),
  ADD CONSTRAINT maintenance_window_retry_check CHECK (retry_at IS NULL OR state = 'running');

CREATE TABLE "maintenance_card" (
    "window_id" TEXT NOT NULL,
    "card_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "start_at" TIMESTAMPTZ(3) NOT NULL,
    "end_at" TIMESTAMPTZ(3),
    "is_live" BOOLEAN NOT NULL,
    CONSTRAINT "maintenance_card_pkey" PRIMARY KEY ("window_id", "card_id"),
    CONSTRAINT "maintenance_card_window_id_fkey" FOREIGN KEY ("window_id") REFERENCES "maintenance_window"("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
ALTER TABLE maintenance_card ADD FOREIGN KEY (card_id) REFERENCES card,
  ADD CONSTRAINT maintenance_card_state_check
    CHECK (state IN ('planned', 'waiting', 'taken', 'returned', 'left', 'missed', 'skipped')),
  -- A card is in one live window at a time.
  ADD CONSTRAINT maintenance_card_no_overlap
    EXCLUDE USING gist (card_id WITH =, tstzrange(start_at, end_at, '[)') WITH &&) WHERE (is_live);

-- Only the pool's leader writes them; what was worked out stays as it was; staff and the system alone see them.
CREATE TRIGGER drain_plan_epoch AFTER INSERT ON drain_plan REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION pool_epoch_check();
CREATE TRIGGER maintenance_window_epoch_insert AFTER INSERT ON maintenance_window REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION pool_epoch_check();
CREATE TRIGGER maintenance_window_epoch_update AFTER UPDATE ON maintenance_window REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION pool_epoch_check();

CREATE FUNCTION maintenance_window_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state IN ('done', 'cancelled') OR (OLD.state = 'running' AND NEW.state NOT IN ('running', 'done')) THEN
    RAISE EXCEPTION 'window % does not go from % to %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'KS006';
  END IF;
  IF (NEW.id, NEW.pool_id, NEW.start_at, NEW.end_at, NEW.handling, NEW.reason) IS DISTINCT FROM
     (OLD.id, OLD.pool_id, OLD.start_at, OLD.end_at, OLD.handling, OLD.reason) THEN
    RAISE EXCEPTION 'window % does not change', OLD.id USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER maintenance_window_change BEFORE UPDATE ON maintenance_window FOR EACH ROW
  EXECUTE FUNCTION maintenance_window_check_change();

CREATE TRIGGER drain_plan_fixed BEFORE UPDATE OR DELETE ON drain_plan FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change();
CREATE TRIGGER drain_plan_kept BEFORE TRUNCATE ON drain_plan FOR EACH STATEMENT EXECUTE FUNCTION kashi_refuse_change();

DO $$
DECLARE
  v_table text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['drain_plan', 'maintenance_window', 'maintenance_card'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
    EXECUTE format('CREATE POLICY wide ON %I USING ((SELECT kashi_is_wide())) WITH CHECK ((SELECT kashi_is_wide()))', v_table);
  END LOOP;
END $$;
GRANT SELECT, INSERT ON drain_plan TO kashi_app;
GRANT SELECT, INSERT, UPDATE ON maintenance_window, maintenance_card TO kashi_app;
