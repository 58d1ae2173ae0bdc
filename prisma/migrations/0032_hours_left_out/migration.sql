-- Hours that nobody charged, evidence that devices report late, corrections carried to the next month, settlements of payment providers.

-- Gap hours -----------------------------------------------------------------------------------------------------------------

-- The clock hours in which an allocation had a card, that the hourly run has passed, and that have no charge; of one
-- allocation, or with null of all. Sums by allocation come first, so that only those that lack something are taken apart.
-- `end_at` is the end of what was bound; a paid term that was left runs on as unused to `charged_until`.
CREATE FUNCTION gap_hours(p_from timestamptz, p_to timestamptz, p_allocation text)
RETURNS TABLE (allocation_id text, hour_at timestamptz, start_at timestamptz, end_at timestamptz, charged_until timestamptz, is_settled boolean)
LANGUAGE sql STABLE AS $$
  WITH had AS (
    SELECT a.id, greatest(a.start_at, p_from) AS from_at, r.settled_at IS NOT NULL AS is_settled, a.start_at, a.end_at,
      CASE WHEN a.unused_until IS NOT NULL THEN a.unused_until
        WHEN r.purchase = 'by-card' AND r.end_reason = 'released' AND a.end_at = r.ended_at THEN r.end_at
        ELSE a.end_at END AS charged_until,
      least(coalesce(a.end_at, 'infinity'), p_to, CASE WHEN r.settled_at IS NULL
        THEN (SELECT max(h.hour_at) + interval '1 hour' FROM metered_hour h WHERE h.pool_id = a.pool_id) ELSE 'infinity' END) AS to_at
    FROM allocation a JOIN reservation r ON r.id = a.reservation_id
    WHERE r.state IN ('active', 'ended') AND a.start_at < p_to AND (a.end_at IS NULL OR a.end_at > p_from)
      AND (p_allocation IS NULL OR a.id = p_allocation)
  ), charged AS (
    SELECT u.allocation_id, count(*) AS hours FROM usage_charge u
    WHERE u.counts_at >= p_from AND u.counts_at < p_to AND u.revision = 0 AND u.hour_at >= p_from AND u.used_seconds + u.down_seconds > 0
      AND (p_allocation IS NULL OR u.allocation_id = p_allocation) GROUP BY 1
  ), lacking AS (
    SELECT h.* FROM had h LEFT JOIN charged c ON c.allocation_id = h.id
    WHERE h.to_at > h.from_at
      AND ceil(extract(epoch FROM h.to_at - date_trunc('hour', h.from_at, 'UTC')) / 3600) > coalesce(c.hours, 0)
  )
  SELECT l.id, x.at, greatest(l.start_at, x.at), least(coalesce(l.end_at, 'infinity'), x.at + interval '1 hour'),
    least(coalesce(l.charged_until, 'infinity'), x.at + interval '1 hour'), l.is_settled
  FROM lacking l, generate_series(date_trunc('hour', l.from_at, 'UTC'), l.to_at - interval '1 millisecond', interval '1 hour') AS x (at)
  WHERE NOT EXISTS (SELECT FROM usage_charge u WHERE u.allocation_id = l.id AND u.hour_at = x.at)
$$;

-- A gap hour that is not to be paid: proposed by one person, agreed to by another, and then charged with nothing.
CREATE TABLE "hour_waiver" (
    "id" TEXT NOT NULL,
    "allocation_id" TEXT NOT NULL,
    "hour_at" TIMESTAMPTZ(3) NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "proposed_by" TEXT NOT NULL,
    "proposed_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    CONSTRAINT "hour_waiver_pkey" PRIMARY KEY ("id"),
    FOREIGN KEY (allocation_id) REFERENCES allocation,
    FOREIGN KEY (organisation_id) REFERENCES organisation,
    CONSTRAINT hour_waiver_reason_check CHECK (char_length(reason) BETWEEN 5 AND 500),
    CONSTRAINT hour_waiver_hour_check CHECK (hour_at = date_trunc('hour', hour_at, 'UTC')),
    CONSTRAINT hour_waiver_state_check CHECK (state IN ('proposed', 'agreed', 'declined')),
    CONSTRAINT hour_waiver_decided_check CHECK ((state = 'proposed') = (decided_by IS NULL) AND (state = 'proposed') = (decided_at IS NULL)),
    CONSTRAINT hour_waiver_two_people CHECK (state <> 'agreed' OR decided_by <> proposed_by)
);
CREATE UNIQUE INDEX hour_waiver_once ON hour_waiver (allocation_id, hour_at) WHERE state <> 'declined';
CREATE INDEX "hour_waiver_state_idx" ON "hour_waiver"("state");

CREATE FUNCTION hour_waiver_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_free text[] := ARRAY['state', 'decided_by', 'decided_at'];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state = 'proposed' THEN RETURN NEW; END IF;
  ELSIF OLD.state = 'proposed' AND NEW.state <> 'proposed' AND (to_jsonb(NEW) - v_free) = (to_jsonb(OLD) - v_free) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a waiver is proposed and decided, nothing else: %', NEW.id USING ERRCODE = 'KS001';
END $$;
CREATE TRIGGER hour_waiver_change BEFORE INSERT OR UPDATE ON hour_waiver FOR EACH ROW EXECUTE FUNCTION hour_waiver_check_change();
CREATE TRIGGER hour_waiver_kept BEFORE DELETE ON hour_waiver FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change();
CREATE TRIGGER hour_waiver_whole BEFORE TRUNCATE ON hour_waiver FOR EACH STATEMENT EXECUTE FUNCTION kashi_refuse_change();
ALTER TABLE hour_waiver ENABLE ROW LEVEL SECURITY;
CREATE POLICY wide ON hour_waiver USING ((SELECT kashi_is_wide())) WITH CHECK ((SELECT kashi_is_wide()));
-- A customer sees why an hour of its own costs nothing, and no proposal.
CREATE POLICY tenant ON hour_waiver FOR SELECT USING (state = 'agreed' AND organisation_id = (SELECT kashi_organisation()));
GRANT SELECT, INSERT, UPDATE ON hour_waiver TO kashi_app;

CREATE FUNCTION hour_is_waived(p_allocation text, p_hour timestamptz) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM hour_waiver w WHERE w.allocation_id = p_allocation AND w.hour_at = p_hour AND w.state = 'agreed')
$$;
-- An hour that is charged out of its turn is charged in full, unless two people agreed; then it costs nothing.
CREATE FUNCTION usage_charge_check_waived() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF hour_is_waived(NEW.allocation_id, NEW.hour_at) <> (NEW.band_bps = 0 AND NEW.amount_units = 0)
    AND NOT EXISTS (SELECT FROM price_band b WHERE b.price_version_id = NEW.price_version_id AND b.factor_bps = 0) THEN
    RAISE EXCEPTION 'hour % of % costs nothing when it is waived, and only then', NEW.hour_at, NEW.allocation_id USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER usage_charge_waived BEFORE INSERT ON usage_charge FOR EACH ROW
  WHEN (NEW.late_at IS NOT NULL AND NEW.revision = 0) EXECUTE FUNCTION usage_charge_check_waived();

-- What is settled has given its seconds back to the pool; a gap of it takes them from there.
INSERT INTO journal_rule (journal_kind, debit_kind, credit_kind) VALUES
  ('usageCorrected', 'capacityPool', 'capacityUsed'),
  ('usageCorrected', 'capacityPool', 'capacityIdle'),
  ('usageCorrected', 'capacityPool', 'capacityDown');

-- Evidence that devices report late ---------------------------------------------------------------------------------------------

-- What the watch of a pool found out about a time that was proven otherwise before, until it is taken as a correction.
CREATE TABLE "late_report" (
    "id" BIGSERIAL NOT NULL,
    "allocation_id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "start_at" TIMESTAMPTZ(3) NOT NULL,
    "end_at" TIMESTAMPTZ(3) NOT NULL,
    "is_proven" BOOLEAN NOT NULL,
    "reason" TEXT NOT NULL,
    "reported_at" TIMESTAMPTZ(3) NOT NULL,
    "next_at" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "outcome" TEXT,
    "taken_at" TIMESTAMPTZ(3),
    CONSTRAINT "late_report_pkey" PRIMARY KEY ("id"),
    FOREIGN KEY (allocation_id) REFERENCES allocation,
    CONSTRAINT late_report_time_check CHECK (end_at > start_at AND start_at = date_trunc('second', start_at) AND end_at = date_trunc('second', end_at)),
    CONSTRAINT late_report_taken_check CHECK ((outcome IS NULL) = (taken_at IS NULL) AND (outcome IS NULL) = (next_at IS NOT NULL))
);
CREATE UNIQUE INDEX "late_report_allocation_id_start_at_end_at_is_proven_key" ON "late_report"("allocation_id", "start_at", "end_at", "is_proven");
CREATE INDEX late_report_waits ON late_report (next_at, id) WHERE outcome IS NULL;
CREATE FUNCTION late_report_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_free text[] := ARRAY['next_at', 'attempts', 'outcome', 'taken_at'];
BEGIN
  IF OLD.outcome IS NOT NULL OR (to_jsonb(NEW) - v_free) IS DISTINCT FROM (to_jsonb(OLD) - v_free) THEN
    RAISE EXCEPTION 'a late report is taken once and says what it said: %', OLD.id USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER late_report_change BEFORE UPDATE ON late_report FOR EACH ROW EXECUTE FUNCTION late_report_check_change();
CREATE TRIGGER late_report_kept BEFORE DELETE ON late_report FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change();
CREATE TRIGGER late_report_whole BEFORE TRUNCATE ON late_report FOR EACH STATEMENT EXECUTE FUNCTION kashi_refuse_change();
ALTER TABLE late_report ENABLE ROW LEVEL SECURITY;
CREATE POLICY wide ON late_report USING ((SELECT kashi_is_wide())) WITH CHECK ((SELECT kashi_is_wide()));
GRANT SELECT, INSERT, UPDATE ON late_report TO kashi_app;
GRANT USAGE ON SEQUENCE late_report_id_seq TO kashi_app;

-- A correction that is carried takes from a wallet and gives back to it in one statement: it spends nothing, whatever is owed.
CREATE OR REPLACE FUNCTION posting_check_arrears() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET enable_material = off AS $$
DECLARE
  v_path text;
BEGIN
  SELECT w.path INTO v_path FROM added p
    JOIN account w ON w.id = p.account_id AND w.kind = 'wallet'
    JOIN account d ON d.organisation_id = w.organisation_id AND d.kind = 'arrears' AND d.balance_units < 0
    JOIN journal j ON j.id = p.journal_id AND j.kind NOT IN ('arrearsPaid', 'reversal', 'disputeBlocked') AND j.key NOT LIKE 'carry:%'
    WHERE p.debit_units > 0 AND w.balance_units - w.minimum_units + d.balance_units < 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'what % holds is owed', v_path USING ERRCODE = 'KL402';
  END IF;
  RETURN NULL;
END $$;

-- Settlements of payment providers ------------------------------------------------------------------------------------------------

-- A file of a provider's balance transactions, as it was read: taken once by its hash.
CREATE TABLE "settlement_file" (
    "id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "from_at" TIMESTAMPTZ(3) NOT NULL,
    "until_at" TIMESTAMPTZ(3) NOT NULL,
    "rows" INTEGER NOT NULL,
    "imported_by" TEXT NOT NULL,
    "imported_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "settlement_file_pkey" PRIMARY KEY ("id"),
    CONSTRAINT settlement_file_check CHECK (rows > 0 AND until_at >= from_at AND sha256 ~ '^[0-9a-f]{64}$')
);
CREATE UNIQUE INDEX "settlement_file_provider_sha256_key" ON "settlement_file"("provider", "sha256");
-- A balance transaction. Files of a provider overlap: the same transaction stands in each of them and says the same.
CREATE TABLE "settlement_row" (
    "file_id" TEXT NOT NULL,
    "transaction_id" TEXT NOT NULL,
    "row" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "our_id" TEXT,
    "gross_fen" BIGINT NOT NULL,
    "fee_fen" BIGINT NOT NULL,
    "net_fen" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "settlement_row_pkey" PRIMARY KEY ("file_id", "transaction_id"),
    FOREIGN KEY (file_id) REFERENCES settlement_file,
    CONSTRAINT settlement_row_check CHECK (kind IN ('payment', 'refund', 'fee', 'payout', 'other') AND gross_fen - fee_fen = net_fen)
);
CREATE INDEX "settlement_row_our_id_idx" ON "settlement_row"("our_id");
CREATE INDEX "settlement_row_transaction_id_idx" ON "settlement_row"("transaction_id");
DO $$
DECLARE
  v_table text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['settlement_file', 'settlement_row'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change()', v_table || '_fixed', v_table);
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION kashi_refuse_change()', v_table || '_kept', v_table);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
    EXECUTE format('CREATE POLICY wide ON %I USING ((SELECT kashi_is_wide())) WITH CHECK ((SELECT kashi_is_wide()))', v_table);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO kashi_app', v_table);
  END LOOP;
END $$;
