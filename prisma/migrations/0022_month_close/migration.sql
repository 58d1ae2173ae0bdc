-- The close of a month: a watermark that does not move, the sums as of it, and what is stored later.

-- What is stored once a close has begun ------------------------------------------------------------------------------
-- Whoever charges a month holds it shared until commit; whoever begins its close holds it alone. So every charge is either
-- in the sums of the close or refused, and only those who charge that very month wait for the sums: posting goes on.
CREATE FUNCTION billing_month_lock(p_month text) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT replace(p_month, '-', '')::int $$;

DROP TRIGGER billing_period_begins ON billing_period;
DROP FUNCTION billing_period_begins;
-- As before, but the month that is answered stays open until the transaction ends.
CREATE OR REPLACE FUNCTION charge_counts_at(p_hour timestamptz) RETURNS timestamptz
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_at timestamptz := p_hour;
BEGIN
  LOOP
    PERFORM pg_advisory_xact_lock_shared(2028, billing_month_lock(shanghai_month(v_at)));
    EXIT WHEN NOT EXISTS (SELECT FROM billing_period WHERE month = shanghai_month(v_at))
      AND NOT EXISTS (SELECT FROM closed_month WHERE month = shanghai_month(v_at));
    v_at := (date_trunc('month', v_at AT TIME ZONE 'UTC' + interval '8 hours') + interval '1 month' - interval '8 hours') AT TIME ZONE 'UTC';
  END LOOP;
  RETURN v_at;
END $$;

CREATE FUNCTION usage_charge_check_month() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_first timestamptz;
  v_last timestamptz;
  v_month text;
BEGIN
  -- One statement charges one hour, or the hours of a few ended reservations: nearly always one month.
  SELECT min(counts_at), max(counts_at) INTO v_first, v_last FROM added;
  FOR v_month IN
    SELECT to_char(m, 'YYYY-MM') FROM generate_series(
      date_trunc('month', v_first AT TIME ZONE 'UTC' + interval '8 hours'), v_last AT TIME ZONE 'UTC' + interval '8 hours', '1 month') m
  LOOP
    PERFORM pg_advisory_xact_lock_shared(2028, billing_month_lock(v_month));
    IF EXISTS (SELECT FROM billing_period p WHERE p.month = v_month)
      AND EXISTS (SELECT FROM added a WHERE shanghai_month(a.counts_at) = v_month) THEN
      RAISE EXCEPTION 'the close of month % has begun: it takes no more charges', v_month USING ERRCODE = 'KS007';
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER usage_charge_month AFTER INSERT ON usage_charge REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION usage_charge_check_month();

-- A month whose close has begun is not open for what is decided later either.
CREATE OR REPLACE FUNCTION ledger_open_at(p_at timestamptz) RETURNS timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_at timestamptz := p_at;
BEGIN
  WHILE EXISTS (SELECT FROM closed_month WHERE month = shanghai_month(v_at))
    OR EXISTS (SELECT FROM billing_period WHERE month = shanghai_month(v_at)) LOOP
    v_at := (date_trunc('month', v_at AT TIME ZONE 'UTC' + interval '8 hours') + interval '1 month' - interval '8 hours') AT TIME ZONE 'UTC';
  END LOOP;
  RETURN v_at;
END $$;

-- The watermark ----------------------------------------------------------------------------------------------------
ALTER TABLE billing_period ADD COLUMN cutoff_at TIMESTAMPTZ(3);
ALTER TABLE billing_period DISABLE TRIGGER billing_period_change;
UPDATE billing_period SET cutoff_at = coalesce(closed_at, kashi_now());
ALTER TABLE billing_period ENABLE TRIGGER billing_period_change;
ALTER TABLE billing_period ALTER COLUMN cutoff_at SET NOT NULL, ADD CHECK (closed_at >= cutoff_at);

CREATE FUNCTION billing_period_check_cutoff() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the cutoff of month % does not move', OLD.month USING ERRCODE = 'KS001';
END $$;
CREATE TRIGGER billing_period_cutoff BEFORE UPDATE ON billing_period FOR EACH ROW
  WHEN (NEW.cutoff_at <> OLD.cutoff_at OR NEW.month <> OLD.month) EXECUTE FUNCTION billing_period_check_cutoff();

-- As of when a closed month's files say what they say.
CREATE OR REPLACE FUNCTION billing_closed_at(p_month text) RETURNS timestamptz LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT p.cutoff_at FROM billing_period p WHERE p.month = p_month AND p.state = 'closed' AND kashi_scope() IS NOT NULL
$$;

-- The sums as of the watermark ---------------------------------------------------------------------------------------
CREATE TABLE "period_account" (
    "month" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "used_seconds" BIGINT NOT NULL,
    "unused_seconds" BIGINT NOT NULL,
    "amount_units" BIGINT NOT NULL,
    CONSTRAINT "period_account_pkey" PRIMARY KEY ("month","organisation_id")
);
CREATE TABLE "period_sum" (
    "month" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "line" INTEGER NOT NULL,
    "project_id" TEXT,
    "sku_id" TEXT NOT NULL,
    "price_version_id" TEXT NOT NULL,
    "purchase" TEXT NOT NULL,
    "tax_rate_bps" INTEGER NOT NULL,
    "charges" BIGINT NOT NULL,
    "used_seconds" BIGINT NOT NULL,
    "unused_seconds" BIGINT NOT NULL,
    "down_seconds" BIGINT NOT NULL,
    "amount_units" BIGINT NOT NULL,
    CONSTRAINT "period_sum_pkey" PRIMARY KEY ("month","organisation_id","line")
);
ALTER TABLE period_account ADD FOREIGN KEY (month) REFERENCES billing_period, ADD FOREIGN KEY (organisation_id) REFERENCES organisation;
ALTER TABLE period_sum ADD FOREIGN KEY (month, organisation_id) REFERENCES period_account, ADD CHECK (charges > 0),
  ADD FOREIGN KEY (price_version_id) REFERENCES price_version, ADD FOREIGN KEY (sku_id) REFERENCES sku;

DO $$
DECLARE
  v_table text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['period_account', 'period_sum'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change()', v_table || '_fixed', v_table);
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION kashi_refuse_change()', v_table || '_kept', v_table);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
    EXECUTE format('CREATE POLICY wide ON %I USING ((SELECT kashi_is_wide())) WITH CHECK ((SELECT kashi_is_wide()))', v_table);
    EXECUTE format('CREATE POLICY tenant ON %I USING (organisation_id = (SELECT kashi_organisation()))
      WITH CHECK (organisation_id = (SELECT kashi_organisation()))', v_table);
    EXECUTE format('GRANT SELECT ON %I TO kashi_app', v_table);
  END LOOP;
END $$;

-- Sums a month's charges in one pass, by organisation, project, SKU and price, and keeps who was charged under which name.
-- Its order is the order of ids by their bytes, whatever the database sorts by. Memory for every allocation at once, so
-- that millions of charges are not sorted.
CREATE FUNCTION billing_keep_sums(p_month text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp SET work_mem = '64MB' AS $$
  WITH bounds AS MATERIALIZED (
    SELECT (to_date(p_month, 'YYYY-MM')::timestamp - interval '8 hours') AT TIME ZONE 'UTC' AS from_at,
      (to_date(p_month, 'YYYY-MM')::timestamp + interval '1 month' - interval '8 hours') AT TIME ZONE 'UTC' AS to_at
  ), charged AS MATERIALIZED (
    SELECT a.organisation_id, r.project_id, u.sku_id, u.price_version_id, s.purchase, s.tax_rate_bps, u.charges, u.used, u.unused, u.down, u.amount
    FROM (
      SELECT allocation_id, sku_id, price_version_id, count(*) AS charges, sum(used_seconds) AS used,
        sum(unused_seconds) AS unused, sum(down_seconds) AS down, sum(amount_units) AS amount
      FROM (
        SELECT * FROM usage_charge WHERE counts_at >= (SELECT from_at FROM bounds) AND counts_at < (SELECT to_at FROM bounds)) c
      GROUP BY 1, 2, 3) u
    JOIN allocation a ON a.id = u.allocation_id JOIN reservation r ON r.id = a.reservation_id JOIN sku s ON s.id = u.sku_id
  ), accounts AS (
    INSERT INTO period_account (month, organisation_id, name, used_seconds, unused_seconds, amount_units)
    SELECT p_month, o.id, o.name, sum(c.used), sum(c.unused), sum(c.amount)
    FROM charged c JOIN organisation o ON o.id = c.organisation_id WHERE kashi_is_wide() GROUP BY o.id
  )
  INSERT INTO period_sum (month, organisation_id, line, project_id, sku_id, price_version_id, purchase, tax_rate_bps,
    charges, used_seconds, unused_seconds, down_seconds, amount_units)
  SELECT p_month, c.organisation_id, row_number() OVER (PARTITION BY c.organisation_id
      ORDER BY c.sku_id COLLATE "C", c.price_version_id COLLATE "C", c.project_id COLLATE "C" NULLS FIRST),
    c.project_id, c.sku_id, c.price_version_id, c.purchase, c.tax_rate_bps, sum(c.charges),
    sum(c.used), sum(c.unused), sum(c.down), sum(c.amount)
  FROM charged c WHERE kashi_is_wide()
  GROUP BY c.organisation_id, c.project_id, c.sku_id, c.price_version_id, c.purchase, c.tax_rate_bps
$$;
REVOKE EXECUTE ON FUNCTION billing_keep_sums(text) FROM public;
GRANT EXECUTE ON FUNCTION billing_keep_sums(text) TO kashi_app;

-- Months that were closed, or begun, before sums were kept.
DO $$
BEGIN
  PERFORM set_config('kashi.scope', 'system', true);
  PERFORM billing_keep_sums(month) FROM billing_period;
  PERFORM set_config('kashi.scope', '', true);
END $$;
