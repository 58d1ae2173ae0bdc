-- Queued jobs: what waits for cards and starts by itself, projects whose quotas and limits count, and the prices of tiers.

-- A tier's price is a price version of its own, made from the standard one of the same day; charges need nothing new. ---
ALTER TABLE "price_version" ADD COLUMN "tier" TEXT NOT NULL DEFAULT 'standard', ADD COLUMN "base_id" TEXT,
  ADD COLUMN "tier_factor_bps" INTEGER,
  ADD CONSTRAINT "price_version_base_id_fkey" FOREIGN KEY ("base_id") REFERENCES "price_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE price_version ADD CONSTRAINT price_version_tier_check CHECK (tier IN ('urgent', 'standard', 'flex')),
  ADD CONSTRAINT price_version_base_check CHECK ((tier = 'standard') = (base_id IS NULL) AND (tier = 'standard') = (tier_factor_bps IS NULL)),
  ADD CONSTRAINT price_version_factor_check CHECK (tier_factor_bps > 0);
DROP INDEX "price_version_sku_id_valid_from_key";
CREATE UNIQUE INDEX "price_version_sku_id_valid_from_tier_key" ON "price_version"("sku_id", "valid_from", "tier");
CREATE UNIQUE INDEX price_version_base_tier ON price_version (base_id, tier) WHERE base_id IS NOT NULL;

CREATE FUNCTION price_version_tier_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM price_version b WHERE b.id = NEW.base_id AND b.sku_id = NEW.sku_id AND b.valid_from = NEW.valid_from
      AND b.tier = 'standard' AND NEW.price_e10_per_card_hour = b.price_e10_per_card_hour * NEW.tier_factor_bps / 10000) THEN
    RAISE EXCEPTION 'price version % is not made from its base', NEW.id USING ERRCODE = 'KS007';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER price_version_tier BEFORE INSERT ON price_version FOR EACH ROW WHEN (NEW.tier <> 'standard')
  EXECUTE FUNCTION price_version_tier_check();

-- Projects. ----------------------------------------------------------------------------------------------------------
CREATE TABLE "project" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "card_quota" INTEGER,
    "monthly_spending_limit_units" BIGINT,
    "is_closed" BOOLEAN NOT NULL DEFAULT false,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "project_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "project_organisation_id_name_key" ON "project"("organisation_id", "name");
ALTER TABLE project ADD UNIQUE (id, organisation_id), ADD FOREIGN KEY (organisation_id) REFERENCES organisation,
  ADD CHECK (card_quota >= 0), ADD CHECK (monthly_spending_limit_units >= 0), ADD CHECK (name = btrim(name) AND name <> '');

-- Jobs. --------------------------------------------------------------------------------------------------------------
CREATE TABLE "queued_job" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "project_id" TEXT,
    "pool_id" TEXT NOT NULL,
    "sku_id" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "name" TEXT NOT NULL,
    "tier" TEXT NOT NULL,
    "cards" INTEGER NOT NULL,
    "walltime_seconds" INTEGER NOT NULL,
    "deadline_at" TIMESTAMPTZ(3),
    "price_cap_e10" BIGINT,
    "image_id" TEXT NOT NULL,
    "command" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "submitted_by" TEXT NOT NULL,
    "submitted_at" TIMESTAMPTZ(3) NOT NULL,
    "explanation" JSONB,
    "explained_at" TIMESTAMPTZ(3),
    "decided_at" TIMESTAMPTZ(3),
    "reservation_id" TEXT,
    "leave_at" TIMESTAMPTZ(3),
    CONSTRAINT "queued_job_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "queued_job_pool_id_sequence_key" ON "queued_job"("pool_id", "sequence");
CREATE UNIQUE INDEX "queued_job_reservation_id_key" ON "queued_job"("reservation_id");
CREATE INDEX "queued_job_organisation_id_submitted_at_idx" ON "queued_job"("organisation_id", "submitted_at");
CREATE INDEX queued_job_waiting ON queued_job (pool_id, sequence) WHERE state = 'queued';
ALTER TABLE queued_job ADD FOREIGN KEY (organisation_id) REFERENCES organisation,
  ADD FOREIGN KEY (project_id, organisation_id) REFERENCES project (id, organisation_id),
  ADD FOREIGN KEY (pool_id) REFERENCES pool, ADD FOREIGN KEY (sku_id) REFERENCES sku, ADD FOREIGN KEY (image_id) REFERENCES image,
  ADD FOREIGN KEY (reservation_id, organisation_id) REFERENCES reservation (id, organisation_id),
  ADD CHECK (tier IN ('urgent', 'standard', 'flex')), ADD CHECK (state IN ('queued', 'started', 'refused', 'cancelled')),
  ADD CHECK (cards BETWEEN 1 AND 10000), ADD CHECK (walltime_seconds > 0), ADD CHECK (price_cap_e10 > 0),
  ADD CHECK ((state = 'started') = (reservation_id IS NOT NULL)), ADD CHECK ((state = 'queued') = (decided_at IS NULL)),
  ADD CHECK (leave_at IS NULL OR (state = 'started' AND tier = 'flex')), ADD CHECK (state <> 'refused' OR explanation IS NOT NULL);

-- A job leaves the queue once; what was asked never changes; a notice stays as given.
CREATE FUNCTION queued_job_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'queued' AND (OLD.state <> NEW.state OR OLD.leave_at IS NOT NULL AND OLD.leave_at IS DISTINCT FROM NEW.leave_at) THEN
    RAISE EXCEPTION 'job % has left the queue', OLD.id USING ERRCODE = 'KS001';
  END IF;
  IF (NEW.id, NEW.organisation_id, NEW.project_id, NEW.pool_id, NEW.sku_id, NEW.sequence, NEW.tier, NEW.cards, NEW.walltime_seconds,
      NEW.deadline_at, NEW.price_cap_e10, NEW.image_id, NEW.command) IS DISTINCT FROM
     (OLD.id, OLD.organisation_id, OLD.project_id, OLD.pool_id, OLD.sku_id, OLD.sequence, OLD.tier, OLD.cards, OLD.walltime_seconds,
      OLD.deadline_at, OLD.price_cap_e10, OLD.image_id, OLD.command) THEN
    RAISE EXCEPTION 'job % does not change', OLD.id USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER queued_job_change BEFORE UPDATE ON queued_job FOR EACH ROW EXECUTE FUNCTION queued_job_check_change();
CREATE TRIGGER queued_job_kept BEFORE DELETE ON queued_job FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change();
CREATE TRIGGER queued_job_not_emptied BEFORE TRUNCATE ON queued_job FOR EACH STATEMENT EXECUTE FUNCTION kashi_refuse_change();

-- Only the leader of the pool writes its queue.
CREATE TRIGGER queued_job_epoch_insert AFTER INSERT ON queued_job REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION pool_epoch_check();
CREATE TRIGGER queued_job_epoch_update AFTER UPDATE ON queued_job REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION pool_epoch_check();

DO $$
DECLARE
  v_table text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['project', 'queued_job'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
    EXECUTE format('CREATE POLICY wide ON %I USING ((SELECT kashi_is_wide())) WITH CHECK ((SELECT kashi_is_wide()))', v_table);
    EXECUTE format('CREATE POLICY tenant ON %I USING (organisation_id = (SELECT kashi_organisation()))
      WITH CHECK (organisation_id = (SELECT kashi_organisation()))', v_table);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE ON project, queued_job TO kashi_app;
