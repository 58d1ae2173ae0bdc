-- Credits for broken availability: the published table as data, what a month promised and kept, and every credit with its figures.

-- The published table ----------------------------------------------------------------------------------------------------
-- From the highest threshold down, each with a larger share than the one before it. Thresholds in millionths of the promised
-- card-seconds, shares in basis points of what was charged.
CREATE FUNCTION sla_tiers_make_sense(p_tiers jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_typeof(p_tiers) = 'array' AND jsonb_array_length(p_tiers) BETWEEN 1 AND 6 AND (
    SELECT coalesce(bool_and(below BETWEEN 1 AND 1000000 AND bps BETWEEN 1 AND 10000 AND (last_below IS NULL OR below < last_below AND bps > last_bps)), false)
    FROM (SELECT below, bps, lag(below) OVER (ORDER BY n) AS last_below, lag(bps) OVER (ORDER BY n) AS last_bps
      FROM (SELECT n, (tier->>'belowPpm')::int AS below, (tier->>'creditBps')::int AS bps FROM jsonb_array_elements(p_tiers) WITH ORDINALITY AS t (tier, n)) t) t)
$$;
CREATE TABLE "sla_policy" (
    "id" TEXT NOT NULL,
    "sku_id" TEXT,
    "valid_from" TEXT NOT NULL,
    "tiers" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "proposed_by" TEXT NOT NULL,
    "proposed_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    CONSTRAINT "sla_policy_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX sla_policy_proposed ON sla_policy (coalesce(sku_id, '')) WHERE state = 'proposed';
CREATE UNIQUE INDEX sla_policy_of_month ON sla_policy (coalesce(sku_id, ''), valid_from) WHERE state = 'approved';
ALTER TABLE sla_policy ADD FOREIGN KEY (sku_id) REFERENCES sku, ADD CHECK (reason <> ''),
  ADD CONSTRAINT sla_policy_tiers_check CHECK (sla_tiers_make_sense(tiers)),
  ADD CHECK (valid_from ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
  ADD CHECK (state IN ('proposed', 'approved', 'declined', 'replaced')),
  ADD CHECK ((state = 'proposed') = (decided_by IS NULL AND decided_at IS NULL)),
  ADD CONSTRAINT sla_policy_two_people CHECK (state = 'declined' OR decided_by <> proposed_by),
  -- Nobody changes what a month promises once it has begun.
  ADD CONSTRAINT sla_policy_ahead CHECK (state NOT IN ('approved', 'replaced') OR valid_from COLLATE "C" > shanghai_month(decided_at));
CREATE FUNCTION sla_policy_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.state, NEW.state) NOT IN (('proposed', 'approved'), ('proposed', 'declined'), ('approved', 'replaced'))
     OR (NEW.id, NEW.sku_id, NEW.valid_from, NEW.tiers, NEW.reason, NEW.proposed_by, NEW.proposed_at)
     IS DISTINCT FROM (OLD.id, OLD.sku_id, OLD.valid_from, OLD.tiers, OLD.reason, OLD.proposed_by, OLD.proposed_at)
     OR NEW.state = 'replaced' AND ((NEW.decided_by, NEW.decided_at) IS DISTINCT FROM (OLD.decided_by, OLD.decided_at)
       OR NOT OLD.valid_from COLLATE "C" > shanghai_month(kashi_now())) THEN
    RAISE EXCEPTION 'a service promise is proposed, decided, and replaced before its month begins, nothing else: %', OLD.id USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER sla_policy_change BEFORE UPDATE ON sla_policy FOR EACH ROW EXECUTE FUNCTION sla_policy_check_change();
CREATE TRIGGER sla_policy_kept BEFORE DELETE ON sla_policy FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change();

-- The operator's table of a new market. A market that has closed months before gets it from its next month on.
INSERT INTO sla_policy (id, sku_id, valid_from, tiers, reason, state, proposed_by, proposed_at, decided_by, decided_at)
SELECT 'slp_operator', NULL, coalesce(to_char((max(month) || '-01')::date + interval '1 month', 'YYYY-MM'), '2000-01'),
  '[{"belowPpm": 999000, "creditBps": 1000}, {"belowPpm": 990000, "creditBps": 2500}, {"belowPpm": 950000, "creditBps": 10000}]',
  'The promise of a new market', 'approved', 'system:migration', 'epoch', 'system:seeding', 'epoch' FROM billing_period;

-- What a month promised and what it kept -----------------------------------------------------------------------------------
CREATE INDEX usage_charge_put_right ON usage_charge (hour_at) WHERE late_at IS NOT NULL;

-- Of each reservation, as far as its hours are charged: the card-seconds that were promised, from its first second to its last
-- with cards that were given back counted until then; those of announced maintenance in which a card was not proven; proven
-- ones; bound ones without proof; and what the proven ones were charged, with what vouchers paid of it. Everything that was put
-- right counts in the month of its hour. Of all reservations, or of some; customers get their own.
CREATE FUNCTION sla_figures(p_month text, p_reservations text[]) RETURNS TABLE (reservation_id text, organisation_id text, sku_id text,
  promised bigint, excluded bigint, used bigint, down bigint, charged bigint, vouchers bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET work_mem = '64MB' AS $$
  WITH bounds AS MATERIALIZED (
    SELECT (to_date(p_month, 'YYYY-MM')::timestamp - interval '8 hours') AT TIME ZONE 'UTC' AS from_at,
      (to_date(p_month, 'YYYY-MM')::timestamp + interval '1 month' - interval '8 hours') AT TIME ZONE 'UTC' AS to_at
  ), metered AS MATERIALIZED (
    SELECT pool_id, max(hour_at) + interval '1 hour' AS until_at FROM metered_hour GROUP BY pool_id
  ), subject AS MATERIALIZED (
    SELECT r.id, r.organisation_id, r.sku_id, r.cards, greatest(r.start_at, b.from_at) AS from_at,
      CASE WHEN r.settled_at IS NOT NULL THEN b.to_at ELSE least(b.to_at, m.until_at) END AS charged_until,
      least(coalesce(date_trunc('second', r.ended_at), 'infinity'), b.to_at,
        CASE WHEN r.settled_at IS NULL THEN coalesce(m.until_at, '-infinity') ELSE 'infinity' END) AS to_at
    FROM bounds b JOIN reservation r ON r.start_at < b.to_at AND coalesce(r.ended_at, 'infinity') > b.from_at AND r.state IN ('active', 'ended')
    LEFT JOIN metered m ON m.pool_id = r.pool_id
    WHERE (p_reservations IS NULL OR r.id = ANY (p_reservations)) AND (kashi_is_wide() OR r.organisation_id = kashi_organisation())
  ), counted AS (
    SELECT u.reservation_id, u.hour_at, u.used_seconds, u.down_seconds, u.unused_seconds, u.amount_units FROM bounds b, usage_charge u
      WHERE p_reservations IS NULL AND u.counts_at >= b.from_at AND u.counts_at < b.to_at AND u.hour_at >= b.from_at
    UNION ALL SELECT u.reservation_id, u.hour_at, u.used_seconds, u.down_seconds, u.unused_seconds, u.amount_units FROM bounds b, usage_charge u
      WHERE p_reservations IS NULL AND u.late_at >= b.to_at AND u.hour_at >= b.from_at AND u.hour_at < b.to_at
    UNION ALL SELECT u.reservation_id, u.hour_at, u.used_seconds, u.down_seconds, u.unused_seconds, u.amount_units
      FROM bounds b, unnest(p_reservations) AS i (id) JOIN usage_charge u ON u.reservation_id = i.id WHERE u.hour_at >= b.from_at AND u.hour_at < b.to_at
  ), charged AS MATERIALIZED (
    -- In the hour in which cards of a term are given back, its charge is shared by seconds.
    SELECT c.reservation_id, sum(c.used_seconds) AS used, sum(c.down_seconds) AS down,
      sum(CASE WHEN c.unused_seconds = 0 THEN c.amount_units ELSE div(c.amount_units::numeric * c.used_seconds, c.used_seconds + c.unused_seconds) END) AS amount
    FROM counted c JOIN subject s ON s.id = c.reservation_id WHERE c.hour_at < s.charged_until GROUP BY 1
  ), burnt AS (
    SELECT v.reservation_id, sum(v.amount_units) AS amount FROM voucher_burn v JOIN subject s ON s.id = v.reservation_id, bounds b
    WHERE v.hour_at >= b.from_at AND v.hour_at < b.to_at GROUP BY 1
  ), returned AS (
    SELECT e.reservation_id, sum((e.data->>'cards')::bigint * extract(epoch FROM least(date_trunc('second', e.at), s.to_at) - s.from_at)) AS seconds
    FROM reservation_event e JOIN subject s ON s.id = e.reservation_id
    WHERE e.kind = 'shrunk' AND s.to_at > s.from_at AND date_trunc('second', e.at) > s.from_at GROUP BY 1
  ), worked_on AS (
    SELECT o.reservation_id, sum(extract(epoch FROM o.to_at - o.from_at) - corrected_seconds(o.id, o.from_at, o.to_at, o.proven_until)) AS seconds
    FROM (SELECT a.id, a.reservation_id, coalesce(m.proven_until, a.start_at) AS proven_until, greatest(a.start_at, date_trunc('second', w.start_at), s.from_at) AS from_at,
        least(coalesce(a.end_at, 'infinity'), date_trunc('second', coalesce(w.ended_at, w.end_at, 'infinity')), s.to_at) AS to_at
      FROM maintenance_window w JOIN maintenance_card c ON c.window_id = w.id AND c.state NOT IN ('planned', 'skipped')
        JOIN allocation a ON a.card_id = c.card_id JOIN subject s ON s.id = a.reservation_id LEFT JOIN proof_mark m ON m.pool_id = a.pool_id
      WHERE w.state IN ('running', 'done') AND w.planned_at <= w.start_at - interval '24 hours') o
    WHERE o.to_at > o.from_at GROUP BY 1
  )
  SELECT s.id, s.organisation_id, s.sku_id,
    (greatest(extract(epoch FROM s.to_at - s.from_at), 0) * s.cards + coalesce(r.seconds, 0))::bigint,
    coalesce(w.seconds, 0)::bigint, coalesce(c.used, 0)::bigint, coalesce(c.down, 0)::bigint, coalesce(c.amount, 0)::bigint, coalesce(v.amount, 0)::bigint
  FROM subject s LEFT JOIN charged c ON c.reservation_id = s.id LEFT JOIN burnt v ON v.reservation_id = s.id
    LEFT JOIN returned r ON r.reservation_id = s.id LEFT JOIN worked_on w ON w.reservation_id = s.id
$$;

-- Credits -----------------------------------------------------------------------------------------------------------------
CREATE TABLE "sla_credit" (
    "id" TEXT NOT NULL,
    "reservation_id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "sku_id" TEXT NOT NULL,
    "month" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "policy_id" TEXT NOT NULL,
    "promised_seconds" BIGINT NOT NULL,
    "excluded_seconds" BIGINT NOT NULL,
    "used_seconds" BIGINT NOT NULL,
    "down_seconds" BIGINT NOT NULL,
    "charged_units" BIGINT NOT NULL,
    "voucher_units" BIGINT NOT NULL,
    "below_ppm" INTEGER NOT NULL,
    "credit_bps" INTEGER NOT NULL,
    "due_units" BIGINT NOT NULL,
    "amount_units" BIGINT NOT NULL,
    "journal_key" TEXT NOT NULL,
    "effective_at" TIMESTAMPTZ(3) NOT NULL,
    "given_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "sla_credit_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "sla_credit_reservation_id_month_revision_key" ON "sla_credit"("reservation_id", "month", "revision");
CREATE UNIQUE INDEX "sla_credit_journal_key_key" ON "sla_credit"("journal_key");
CREATE INDEX "sla_credit_organisation_id_month_idx" ON "sla_credit"("organisation_id", "month");
CREATE INDEX "sla_credit_effective_at_idx" ON "sla_credit"("effective_at");
CREATE INDEX "sla_credit_month_idx" ON "sla_credit"("month");
ALTER TABLE sla_credit ADD FOREIGN KEY (reservation_id) REFERENCES reservation, ADD FOREIGN KEY (organisation_id) REFERENCES organisation,
  ADD FOREIGN KEY (sku_id) REFERENCES sku, ADD FOREIGN KEY (policy_id) REFERENCES sla_policy,
  ADD CONSTRAINT sla_credit_seconds CHECK (used_seconds >= 0 AND down_seconds >= 0 AND excluded_seconds BETWEEN 0 AND down_seconds
    AND used_seconds + down_seconds <= promised_seconds),
  ADD CONSTRAINT sla_credit_tier CHECK (used_seconds::numeric * 1000000 < below_ppm::numeric * (promised_seconds - excluded_seconds)),
  ADD CONSTRAINT sla_credit_share CHECK (voucher_units >= 0 AND due_units = div((charged_units - voucher_units)::numeric * credit_bps, 10000)),
  ADD CONSTRAINT sla_credit_amount CHECK (amount_units > 0 AND amount_units <= due_units AND (revision > 0 OR amount_units = due_units)),
  ADD CHECK (journal_key = 'sla:' || id);
-- A revision adds what is missing to what was given, by the table of the reservation's SKU in that month.
CREATE FUNCTION sla_credit_check_new() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_given record;
BEGIN
  SELECT count(*)::int AS revisions, coalesce(sum(amount_units), 0) AS units INTO v_given FROM sla_credit
    WHERE reservation_id = NEW.reservation_id AND month = NEW.month;
  IF NEW.revision <> v_given.revisions OR NEW.due_units <> v_given.units + NEW.amount_units THEN
    RAISE EXCEPTION 'credit % of % in % does not follow the one before', NEW.revision, NEW.reservation_id, NEW.month USING ERRCODE = 'KS001';
  END IF;
  IF NOT EXISTS (SELECT FROM sla_policy p, jsonb_array_elements(p.tiers) t WHERE p.id = NEW.policy_id AND p.state = 'approved'
      AND p.valid_from COLLATE "C" <= NEW.month AND (p.sku_id IS NULL OR p.sku_id = NEW.sku_id)
      AND (t->>'belowPpm')::int = NEW.below_ppm AND (t->>'creditBps')::int = NEW.credit_bps)
    OR NOT EXISTS (SELECT FROM reservation r WHERE r.id = NEW.reservation_id AND r.organisation_id = NEW.organisation_id AND r.sku_id = NEW.sku_id) THEN
    RAISE EXCEPTION 'credit of % in % follows from no published table', NEW.reservation_id, NEW.month USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER sla_credit_new BEFORE INSERT ON sla_credit FOR EACH ROW EXECUTE FUNCTION sla_credit_check_new();
CREATE TRIGGER sla_credit_fixed BEFORE UPDATE OR DELETE ON sla_credit FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change();
CREATE TRIGGER sla_credit_kept BEFORE TRUNCATE ON sla_credit FOR EACH STATEMENT EXECUTE FUNCTION kashi_refuse_change();

-- Up to which correction the credits of a month are given: without a row none are.
CREATE TABLE "sla_month" (
    "month" TEXT NOT NULL,
    "put_right" BIGINT NOT NULL,
    "given_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "sla_month_pkey" PRIMARY KEY ("month")
);
CREATE TRIGGER sla_month_kept BEFORE DELETE ON sla_month FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change();

-- Months that are over and whose credits are not given, or not since something was put right, each with the number of its
-- corrections: those of which every hour is charged, since the first that a published table was in force for.
CREATE FUNCTION sla_months_due(p_now timestamptz) RETURNS TABLE (month text, put_right bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH late AS (
    SELECT shanghai_month(hour_at) AS month, count(*) AS put_right FROM usage_charge WHERE late_at IS NOT NULL GROUP BY 1
  ), months AS (
    SELECT to_char(m, 'YYYY-MM') AS month, (m - interval '8 hours') AT TIME ZONE 'UTC' AS from_at, (m + interval '1 month' - interval '8 hours') AT TIME ZONE 'UTC' AS to_at
    FROM generate_series(
      date_trunc('month', greatest((SELECT min(counts_at) FROM usage_charge) AT TIME ZONE 'UTC' + interval '8 hours',
        (SELECT to_date(min(valid_from COLLATE "C"), 'YYYY-MM')::timestamp FROM sla_policy WHERE state = 'approved'))),
      date_trunc('month', p_now AT TIME ZONE 'UTC' + interval '8 hours') - interval '1 month', '1 month') m
  )
  SELECT m.month, coalesce(l.put_right, 0) FROM months m LEFT JOIN late l USING (month) LEFT JOIN sla_month g USING (month)
  WHERE kashi_is_wide() AND g.put_right IS DISTINCT FROM coalesce(l.put_right, 0)
    AND (g.month IS NOT NULL OR NOT EXISTS (
      SELECT FROM allocation a JOIN reservation r ON r.id = a.reservation_id
      WHERE a.start_at < m.to_at AND coalesce(a.end_at, 'infinity') > m.from_at AND r.state <> 'cancelled' AND r.settled_at IS NULL
        AND NOT EXISTS (SELECT FROM metered_hour h WHERE h.pool_id = a.pool_id AND h.hour_at >= m.to_at - interval '1 hour')))
  ORDER BY m.month
$$;

-- Who may read and write --------------------------------------------------------------------------------------------------
GRANT SELECT, INSERT, UPDATE ON sla_policy, sla_month TO kashi_app;
GRANT SELECT, INSERT ON sla_credit TO kashi_app;
ALTER TABLE sla_policy ENABLE ROW LEVEL SECURITY;
ALTER TABLE sla_credit ENABLE ROW LEVEL SECURITY;
ALTER TABLE sla_month ENABLE ROW LEVEL SECURITY;
CREATE POLICY wide ON sla_policy USING ((SELECT kashi_is_wide())) WITH CHECK ((SELECT kashi_is_wide()));
-- What is promised is public; what is only proposed is the operator's business.
CREATE POLICY shown ON sla_policy FOR SELECT USING ((SELECT kashi_in_context()) AND state = 'approved');
CREATE POLICY wide ON sla_credit USING ((SELECT kashi_is_wide())) WITH CHECK ((SELECT kashi_is_wide()));
CREATE POLICY tenant ON sla_credit FOR SELECT USING (organisation_id = (SELECT kashi_organisation()));
CREATE POLICY wide ON sla_month USING ((SELECT kashi_is_wide())) WITH CHECK ((SELECT kashi_is_wide()));
