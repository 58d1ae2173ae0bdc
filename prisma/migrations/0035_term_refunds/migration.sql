-- Terms that are refunded whole within days of their purchase: the rule as data, and that each customer uses it once for a SKU.

-- The rule -----------------------------------------------------------------------------------------------------------------
-- A version holds for what is bought from its decision on, until a later one does. No days: none are refunded.
CREATE TABLE "term_refund_policy" (
    "id" TEXT NOT NULL,
    "terms" TEXT[],
    "window_days" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "proposed_by" TEXT NOT NULL,
    "proposed_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    CONSTRAINT "term_refund_policy_pkey" PRIMARY KEY ("id"),
    CONSTRAINT term_refund_policy_terms_check CHECK (terms IS NOT NULL AND terms <@ ARRAY['day', 'week', 'month'] AND cardinality(terms) BETWEEN 1 AND 3),
    CONSTRAINT term_refund_policy_days_check CHECK (window_days BETWEEN 0 AND 30),
    CONSTRAINT term_refund_policy_reason_check CHECK (reason <> ''),
    CONSTRAINT term_refund_policy_state_check CHECK (state IN ('proposed', 'approved', 'declined')),
    CONSTRAINT term_refund_policy_decided_check CHECK ((state = 'proposed') = (decided_by IS NULL) AND (state = 'proposed') = (decided_at IS NULL)),
    CONSTRAINT term_refund_policy_two_people CHECK (state <> 'approved' OR decided_by <> proposed_by)
);
CREATE UNIQUE INDEX term_refund_policy_proposed ON term_refund_policy (state) WHERE state = 'proposed';
CREATE UNIQUE INDEX term_refund_policy_at ON term_refund_policy (decided_at) WHERE state = 'approved';

CREATE FUNCTION term_refund_policy_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'proposed' OR to_jsonb(NEW) - ARRAY['state', 'decided_by', 'decided_at'] <> to_jsonb(OLD) - ARRAY['state', 'decided_by', 'decided_at'] THEN
    RAISE EXCEPTION 'a rule for refunds is proposed and decided once, and changes in nothing else: %', OLD.id USING ERRCODE = 'KS001';
  END IF;
  -- What was bought before keeps the rule that was shown to its buyer.
  IF NEW.state = 'approved' AND NEW.decided_at <= (SELECT max(decided_at) FROM term_refund_policy WHERE state = 'approved') THEN
    RAISE EXCEPTION 'a rule for refunds holds from its decision on: %', OLD.id USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER term_refund_policy_change BEFORE UPDATE ON term_refund_policy FOR EACH ROW EXECUTE FUNCTION term_refund_policy_check_change();
CREATE TRIGGER term_refund_policy_kept BEFORE DELETE ON term_refund_policy FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change();

INSERT INTO term_refund_policy (id, terms, window_days, reason, state, proposed_by, proposed_at, decided_by, decided_at)
VALUES ('trp_operator', '{month}', 5, 'The rule of a new market', 'approved', 'system:migration', 'epoch', 'system:seeding', 'epoch');

CREATE FUNCTION term_refund_policy_of(p_at timestamptz) RETURNS term_refund_policy
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT * FROM term_refund_policy WHERE state = 'approved' AND decided_at <= p_at ORDER BY decided_at DESC LIMIT 1
$$;

-- What was refunded ----------------------------------------------------------------------------------------------------------
CREATE TABLE "term_refund" (
    "reservation_id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "sku_id" TEXT NOT NULL,
    "policy_id" TEXT NOT NULL,
    "bought_at" TIMESTAMPTZ(3) NOT NULL,
    "refunded_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "term_refund_pkey" PRIMARY KEY ("reservation_id"),
    FOREIGN KEY (reservation_id, organisation_id) REFERENCES reservation (id, organisation_id),
    FOREIGN KEY (sku_id) REFERENCES sku,
    FOREIGN KEY (policy_id) REFERENCES term_refund_policy
);
CREATE UNIQUE INDEX "term_refund_organisation_id_sku_id_key" ON "term_refund"("organisation_id", "sku_id");

-- The rule again, whatever the code above says: a term that the rule of its purchase names, in time, none of its cards given
-- back for the published share.
CREATE FUNCTION term_refund_check_new() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM reservation r, term_refund_policy_of(r.created_at) p
    WHERE r.id = NEW.reservation_id AND r.sku_id = NEW.sku_id AND r.purchase = 'by-card' AND r.pay_by = 'wallet'
      AND r.state = 'ended' AND r.end_reason = 'refunded' AND r.settled_at IS NULL AND r.created_at = NEW.bought_at
      AND p.id = NEW.policy_id AND r.term = ANY (p.terms)
      AND NEW.refunded_at <= r.created_at + p.window_days * interval '24 hours')
    OR EXISTS (SELECT FROM allocation a WHERE a.reservation_id = NEW.reservation_id AND a.unused_until IS NOT NULL) THEN
    RAISE EXCEPTION '% is not to be refunded', NEW.reservation_id USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER term_refund_new BEFORE INSERT ON term_refund FOR EACH ROW EXECUTE FUNCTION term_refund_check_new();
CREATE TRIGGER term_refund_fixed BEFORE UPDATE OR DELETE ON term_refund FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change();
CREATE TRIGGER term_refund_kept BEFORE TRUNCATE ON term_refund FOR EACH STATEMENT EXECUTE FUNCTION kashi_refuse_change();

-- Credits for broken availability -----------------------------------------------------------------------------------------------
CREATE OR REPLACE FUNCTION sla_figures(p_month text, p_reservations text[]) RETURNS TABLE (reservation_id text, organisation_id text, sku_id text,
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
      -- What was paid for a refunded term went back whole; a credit that was given before keeps the figures that it follows from.
      AND (r.end_reason IS DISTINCT FROM 'refunded' OR EXISTS (SELECT FROM sla_credit g WHERE g.reservation_id = r.id AND g.month = p_month))
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

-- Who may read and write -------------------------------------------------------------------------------------------------------
GRANT SELECT, INSERT, UPDATE ON term_refund_policy TO kashi_app;
GRANT SELECT, INSERT ON term_refund TO kashi_app;
ALTER TABLE term_refund_policy ENABLE ROW LEVEL SECURITY;
ALTER TABLE term_refund ENABLE ROW LEVEL SECURITY;
CREATE POLICY wide ON term_refund_policy USING ((SELECT kashi_is_wide())) WITH CHECK ((SELECT kashi_is_wide()));
-- The rule is public; what is only proposed is the operator's business.
CREATE POLICY shown ON term_refund_policy FOR SELECT USING ((SELECT kashi_in_context()) AND state = 'approved');
CREATE POLICY wide ON term_refund USING ((SELECT kashi_is_wide())) WITH CHECK ((SELECT kashi_is_wide()));
CREATE POLICY tenant ON term_refund FOR SELECT USING (organisation_id = (SELECT kashi_organisation()));
