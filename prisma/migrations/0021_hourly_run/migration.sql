-- The hourly run as one statement a shard, charges that are put right later, and what the run is proven by.

-- Charges out of turn --------------------------------------------------------------------------------------------------

-- `number` is the order of booking, in which charges to date telescope. `late_at` is null for a charge in its turn; one that
-- was put right later counts from there: from its own hour, or from the first instant of the next open month.
ALTER TABLE usage_charge ADD COLUMN "number" BIGINT, ADD COLUMN "late_at" TIMESTAMPTZ(3);
ALTER TABLE usage_charge DISABLE TRIGGER usage_charge_fixed;
UPDATE usage_charge u SET number = o.number FROM (
  SELECT allocation_id, hour_at, revision, row_number() OVER (ORDER BY hour_at, allocation_id, revision) AS number FROM usage_charge) o
  WHERE (o.allocation_id, o.hour_at, o.revision) = (u.allocation_id, u.hour_at, u.revision);
ALTER TABLE usage_charge ENABLE TRIGGER usage_charge_fixed;
CREATE SEQUENCE usage_charge_number_seq OWNED BY usage_charge.number;
SELECT setval('usage_charge_number_seq', coalesce((SELECT max(number) FROM usage_charge), 0) + 1, false);
ALTER TABLE usage_charge ALTER COLUMN number SET DEFAULT nextval('usage_charge_number_seq'), ALTER COLUMN number SET NOT NULL;
GRANT USAGE ON SEQUENCE usage_charge_number_seq TO kashi_app;
ALTER TABLE usage_charge ADD COLUMN counts_at timestamptz(3) GENERATED ALWAYS AS (coalesce(late_at, hour_at)) STORED;

DROP INDEX usage_charge_organisation_id_hour_at_idx;
DROP INDEX usage_charge_hour_at_idx;
CREATE INDEX usage_charge_organisation_id_counts_at_idx ON usage_charge (organisation_id, counts_at);
CREATE INDEX usage_charge_counts_at_idx ON usage_charge (counts_at);
CREATE UNIQUE INDEX usage_charge_late ON usage_charge (allocation_id, number) WHERE late_at IS NOT NULL;

-- The charge of an hour in its turn says what every second of it was; a revision says what changes, and no second comes or goes.
ALTER TABLE usage_charge DROP CONSTRAINT usage_charge_check, DROP CONSTRAINT usage_charge_check1,
  ADD CONSTRAINT usage_charge_seconds CHECK (CASE WHEN revision = 0
    THEN used_seconds >= 0 AND down_seconds >= 0 AND unused_seconds >= 0
      AND used_seconds + down_seconds + unused_seconds = extract(epoch FROM end_at - start_at)
    ELSE used_seconds + down_seconds + unused_seconds = 0 END),
  ADD CONSTRAINT usage_charge_turn CHECK (revision = 0 OR late_at IS NOT NULL),
  ADD CONSTRAINT usage_charge_late_after CHECK (late_at = hour_at OR late_at > hour_at
    AND timezone('UTC', late_at) + interval '8 hours' = date_trunc('month', timezone('UTC', late_at) + interval '8 hours'));

-- What new charges point to is there, proven once a statement; neither is ever deleted or renumbered.
ALTER TABLE usage_charge DROP CONSTRAINT usage_charge_price_version_id_fkey;
CREATE FUNCTION usage_charge_references() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET enable_material = off AS $$
DECLARE
  v_id text;
BEGIN
  SELECT a.allocation_id INTO v_id FROM added a LEFT JOIN allocation l ON l.id = a.allocation_id
    LEFT JOIN price_version v ON v.id = a.price_version_id
    WHERE l.id IS NULL OR (l.organisation_id, l.card_id) IS DISTINCT FROM (a.organisation_id, a.card_id) OR v.id IS NULL LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'a charge points to allocation %, its card or a price that is not there', v_id USING ERRCODE = '23503';
  END IF;
  RETURN NULL;
END $$;
DROP TRIGGER usage_charge_references ON usage_charge;
CREATE TRIGGER usage_charge_references AFTER INSERT ON usage_charge REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION usage_charge_references();

-- Evidence that comes late ---------------------------------------------------------------------------------------------

-- What was found out afterwards about an interval of an allocation: proven after all, or not. The later word counts.
CREATE TABLE "evidence_correction" (
    "id" BIGSERIAL NOT NULL,
    "allocation_id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "card_id" TEXT NOT NULL,
    "start_at" TIMESTAMPTZ(3) NOT NULL,
    "end_at" TIMESTAMPTZ(3) NOT NULL,
    "is_proven" BOOLEAN NOT NULL,
    "reason" TEXT NOT NULL,
    "recorded_by" TEXT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "evidence_correction_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "evidence_correction_allocation_id_start_at_idx" ON "evidence_correction"("allocation_id", "start_at");
ALTER TABLE evidence_correction ADD CHECK (end_at > start_at),
  ADD CHECK (start_at = date_trunc('second', start_at) AND end_at = date_trunc('second', end_at));
CREATE TRIGGER evidence_correction_references AFTER INSERT ON evidence_correction REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION evidence_references();
CREATE TRIGGER evidence_correction_fixed BEFORE UPDATE OR DELETE ON evidence_correction FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change();
CREATE TRIGGER evidence_correction_kept BEFORE TRUNCATE ON evidence_correction FOR EACH STATEMENT EXECUTE FUNCTION kashi_refuse_change();
GRANT SELECT, INSERT ON evidence_correction TO kashi_app;
GRANT USAGE ON SEQUENCE evidence_correction_id_seq TO kashi_app;
ALTER TABLE evidence_correction ENABLE ROW LEVEL SECURITY;
CREATE POLICY wide ON evidence_correction USING ((SELECT kashi_is_wide())) WITH CHECK ((SELECT kashi_is_wide()));
CREATE POLICY tenant ON evidence_correction FOR SELECT USING (organisation_id = (SELECT kashi_organisation()));

-- The proven seconds of an allocation within an interval, with every correction in the order in which they were recorded.
CREATE FUNCTION corrected_seconds(p_allocation text, p_from timestamptz, p_to timestamptz, p_mark timestamptz) RETURNS int
LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_proven tstzmultirange;
  v_correction record;
BEGIN
  SELECT coalesce(range_agg(tstzrange(e.start_at, coalesce(e.end_at, greatest(p_mark, e.start_at)))), '{}') INTO v_proven
    FROM evidence e WHERE e.allocation_id = p_allocation AND e.start_at < p_to AND coalesce(e.end_at, p_mark) > p_from;
  FOR v_correction IN SELECT tstzmultirange(tstzrange(start_at, end_at)) AS part, is_proven FROM evidence_correction
    WHERE allocation_id = p_allocation AND start_at < p_to AND end_at > p_from ORDER BY id
  LOOP
    v_proven := CASE WHEN v_correction.is_proven THEN v_proven + v_correction.part ELSE v_proven - v_correction.part END;
  END LOOP;
  RETURN (SELECT coalesce(sum(extract(epoch FROM upper(part) - lower(part))), 0)::int
    FROM unnest(v_proven * tstzmultirange(tstzrange(p_from, p_to))) AS part);
END $$;

-- When the correction of an hour counts: with the hour, or with the first instant of the next month whose close has not begun.
CREATE FUNCTION charge_counts_at(p_hour timestamptz) RETURNS timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_at timestamptz := p_hour;
BEGIN
  WHILE EXISTS (SELECT FROM billing_period WHERE month = shanghai_month(v_at)) OR EXISTS (SELECT FROM closed_month WHERE month = shanghai_month(v_at)) LOOP
    v_at := (date_trunc('month', v_at AT TIME ZONE 'UTC' + interval '8 hours') + interval '1 month' - interval '8 hours') AT TIME ZONE 'UTC';
  END LOOP;
  RETURN v_at;
END $$;

-- A close begins when nothing is being put right in its month; whoever puts something right shares this lock with posting.
CREATE FUNCTION billing_period_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(20_26, 11);
  RETURN NULL;
END $$;
CREATE TRIGGER billing_period_begins BEFORE INSERT ON billing_period FOR EACH STATEMENT EXECUTE FUNCTION billing_period_begins();

INSERT INTO journal_kind (kind, is_reversible) VALUES ('usageCorrected', false);
INSERT INTO journal_rule (journal_kind, debit_kind, credit_kind) VALUES
  ('usageCorrected', 'wallet', 'revenueAccrued'),
  ('usageCorrected', 'revenueAccrued', 'wallet'),
  ('usageCorrected', 'capacityDown', 'capacityUsed'),
  ('usageCorrected', 'capacityUsed', 'capacityDown');

-- The hourly run -------------------------------------------------------------------------------------------------------

-- Which of so many shards an organisation belongs to.
CREATE FUNCTION shard_of(p_organisation text, p_shards int) RETURNS int LANGUAGE sql IMMUTABLE AS $$
  SELECT ((hashtext(p_organisation) & 2147483647) % p_shards)
$$;

-- The stretches of a pool's allocations that are to be charged in the clock hour from `p_hour`: of some reservations, or of a
-- shard of organisations. An allocation that goes on counts to the end of the hour; a paid term that was left early, and cards
-- of one that were given back, go on as unused. Each branch is written for its index.
CREATE FUNCTION hour_due(p_pool text, p_hour timestamptz, p_reservations text[], p_shard int, p_shards int)
RETURNS TABLE (id text, card_id text, reservation_id text, organisation_id text, sku_id text, price_version_id text, purchase text,
  term_seconds int, term_price_units bigint, from_at timestamptz, bound_until timestamptz, to_at timestamptz)
LANGUAGE sql STABLE AS $$
  SELECT DISTINCT ON (d.id) d.id, d.card_id, d.reservation_id, d.organisation_id, r.sku_id, r.price_version_id, r.purchase, r.term_seconds, r.term_price_units,
    greatest(d.start_at, p_hour),
    greatest(d.start_at, p_hour, least(coalesce(d.end_at, 'infinity'), d.charged_until, p_hour + interval '1 hour')),
    least(coalesce(d.charged_until, 'infinity'), p_hour + interval '1 hour')
  FROM (
    SELECT a.*, a.end_at AS charged_until FROM allocation a WHERE a.pool_id = p_pool AND a.end_at > p_hour AND a.start_at < p_hour + interval '1 hour'
    UNION ALL
    SELECT a.*, NULL FROM allocation a WHERE a.pool_id = p_pool AND a.end_at IS NULL AND a.start_at < p_hour + interval '1 hour'
    UNION ALL
    SELECT a.*, r.end_at FROM reservation r JOIN allocation a ON a.reservation_id = r.id AND a.end_at = r.ended_at
    WHERE r.pool_id = p_pool AND r.state = 'ended' AND r.purchase = 'by-card' AND r.end_reason = 'released' AND r.settled_at IS NULL AND r.end_at > p_hour
    UNION ALL
    SELECT a.*, a.unused_until FROM allocation a JOIN reservation r ON r.id = a.reservation_id
    WHERE a.pool_id = p_pool AND a.unused_until > p_hour AND r.settled_at IS NULL
  ) d JOIN reservation r ON r.id = d.reservation_id
  WHERE r.state IN ('active', 'ended') AND (p_reservations IS NULL OR r.id = ANY (p_reservations))
    AND (p_shards = 1 OR shard_of(d.organisation_id, p_shards) = p_shard)
    AND greatest(d.start_at, p_hour) < least(coalesce(d.charged_until, 'infinity'), p_hour + interval '1 hour')
  ORDER BY d.id, d.charged_until DESC NULLS FIRST
$$;

-- What an allocation was charged up to now, by the order of booking: with its last charge in turn, or with one out of turn after
-- it. The hour is that of the last in turn.
CREATE FUNCTION charged_before(p_allocation text) RETURNS TABLE (hour_at timestamptz, weighted bigint, charged bigint)
LANGUAGE sql STABLE AS $$
  SELECT t.hour_at, coalesce(l.weighted_seconds_to_date, t.weighted_seconds_to_date), coalesce(l.charged_to_date_units, t.charged_to_date_units)
  FROM (SELECT * FROM usage_charge u WHERE u.allocation_id = p_allocation AND u.late_at IS NULL ORDER BY u.hour_at DESC, u.revision DESC LIMIT 1) t
  LEFT JOIN LATERAL (SELECT * FROM usage_charge u WHERE u.allocation_id = p_allocation AND u.late_at IS NOT NULL AND u.number > t.number
    ORDER BY u.number DESC LIMIT 1) l ON true
$$;

-- The published formulas, as the rating of a whole hour needs them; `rate.ts` is their readable form and is compared with them.
CREATE FUNCTION rated_units(p_price_e10 bigint, p_term_price bigint, p_term_seconds int, p_weighted bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN p_term_price IS NULL THEN div(p_price_e10::numeric * p_weighted, 3600000000)::bigint
    ELSE div(p_term_price::numeric * p_weighted, p_term_seconds)::bigint END
$$;

-- Posts the journals of an hour's charges, one a reservation: what `charged()` of the ledger's templates says, and what
-- ledger_post() would do with it, for ten thousand at once. Arrays run in parallel, one entry a reservation; an end is that of its
-- last second, a group that of reservations of one organisation and SKU, numbered from 1 without a gap. The order of refusals:
-- KL402 insufficient funds, KL423 hold resolved, KL409 key reused, KL403 closed month, then those of every posting.
CREATE FUNCTION ledger_post_charges(p_actor text, p_at timestamptz, p_pool text, p_hour timestamptz, p_reservations text[], p_organisations text[],
  p_skus text[], p_groups int[], p_purchases text[], p_ends timestamptz[], p_amounts bigint[], p_used bigint[], p_unused bigint[], p_down bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off SET enable_mergejoin = off SET enable_hashjoin = off SET enable_material = off AS $$
DECLARE
  v_hour text := to_char(p_hour AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
  v_ids bigint[]; v_set_aside bigint[]; v_reserved bigint[];
  v_revenue bigint[]; v_used bigint[]; v_idle bigint[]; v_down bigint[];
  v_text text;
BEGIN
  IF NOT kashi_is_wide() THEN RAISE EXCEPTION 'no context' USING ERRCODE = '42501'; END IF;
  PERFORM pg_advisory_xact_lock_shared(20_26, 11);

  -- 1. Accounts: those that reservations share are opened when they are needed, and found once a group.
  INSERT INTO account (path, kind, asset, organisation_id)
  SELECT DISTINCT m.path, m.kind, m.asset, m.organisation FROM (
      SELECT organisation, sku, sum(amount) AS amount, sum(used) AS used, sum(unused) AS unused, sum(down) AS down
      FROM unnest(p_organisations, p_skus, p_amounts, p_used, p_unused, p_down) AS i (organisation, sku, amount, used, unused, down) GROUP BY 1, 2) g,
    LATERAL (VALUES ('revenue:accrued:' || sku, 'revenueAccrued', 'CNY/8', NULL, amount),
      ('capacity:used:' || organisation || ':' || sku, 'capacityUsed', 'CARDSEC:' || p_pool, organisation, used),
      ('capacity:idle:' || organisation || ':' || sku, 'capacityIdle', 'CARDSEC:' || p_pool, organisation, unused),
      ('capacity:down:' || organisation || ':' || sku, 'capacityDown', 'CARDSEC:' || p_pool, organisation, down)) AS m (path, kind, asset, organisation, amount)
    WHERE m.amount > 0 AND NOT EXISTS (SELECT FROM account a WHERE a.path = m.path)
  ORDER BY 1 ON CONFLICT (path) DO NOTHING;
  SELECT array_agg(coalesce((SELECT id FROM account WHERE path = 'revenue:accrued:' || sku), 0) ORDER BY n),
    array_agg(coalesce((SELECT id FROM account WHERE path = 'capacity:used:' || organisation || ':' || sku), 0) ORDER BY n),
    array_agg(coalesce((SELECT id FROM account WHERE path = 'capacity:idle:' || organisation || ':' || sku), 0) ORDER BY n),
    array_agg(coalesce((SELECT id FROM account WHERE path = 'capacity:down:' || organisation || ':' || sku), 0) ORDER BY n)
    INTO v_revenue, v_used, v_idle, v_down
    FROM (SELECT DISTINCT i.n, organisation, sku FROM unnest(p_groups, p_organisations, p_skus) AS i (n, organisation, sku)) g;
  SELECT array_agg(coalesce((SELECT id FROM account
      WHERE path = CASE purchase WHEN 'by-hour' THEN 'hold:' ELSE 'commitment:' END || organisation || ':' || reservation), 0) ORDER BY n),
    array_agg(coalesce((SELECT id FROM account WHERE path = 'capacity:reserved:' || reservation), 0) ORDER BY n),
    array_agg(nextval('journal_id_seq') ORDER BY n)
    INTO v_set_aside, v_reserved, v_ids
    FROM unnest(p_reservations, p_organisations, p_purchases) WITH ORDINALITY AS i (reservation, organisation, purchase, n);

  -- 2. What was set aside pays, in id order, so that two calls never wait for each other in a ring.
  SELECT reservation INTO v_text FROM unnest(p_reservations, v_set_aside, v_reserved, p_amounts) AS i (reservation, set_aside, reserved, amount)
    WHERE reserved = 0 OR set_aside = 0 AND amount > 0 LIMIT 1;
  IF FOUND THEN RAISE EXCEPTION 'nothing is set aside for %', v_text USING ERRCODE = 'KL402'; END IF;
  PERFORM set_config('kashi.posting', 'yes', true);
  BEGIN
    UPDATE account a SET balance_units = a.balance_units - i.amount, posting_count = a.posting_count + 1
      FROM (SELECT * FROM unnest(v_set_aside, p_amounts) AS i (id, amount) WHERE amount > 0 ORDER BY id) i WHERE a.id = i.id;
  EXCEPTION WHEN check_violation THEN
    RAISE EXCEPTION 'insufficient funds: %', SQLERRM USING ERRCODE = 'KL402';
  END;
  PERFORM set_config('kashi.posting', '', true);
  UPDATE hold h SET captured_units = h.captured_units + i.amount
    FROM (SELECT * FROM unnest(v_set_aside, p_amounts) AS i (id, amount) WHERE amount > 0 ORDER BY id) i WHERE h.account_id = i.id;

  -- 3. Journals and their legs. A month's usage lies in the month: what ends with it counts a millisecond before its end.
  BEGIN
    INSERT INTO journal (id, key, kind, organisation_id, effective_at, posted_at, actor, source, content_hash)
    SELECT i.id, 'meter:' || reservation || ':' || left(v_hour, 13) || ':0', t.kind, organisation, t.effective_at, p_at, p_actor,
      jsonb_build_object('hour', v_hour, 'reservation', reservation, 'revision', 0),
      encode(sha256(convert_to(format('{"effectiveAt":%s,"kind":"%s","legs":[%s]}', (extract(epoch FROM t.effective_at) * 1000)::bigint, t.kind, concat_ws(',',
        CASE WHEN amount > 0 THEN format('["%s:%s:%s","%s","0"],["revenue:accrued:%s","0","%s"]',
          t.set_aside, organisation, reservation, amount, sku, amount) END,
        CASE WHEN used > 0 THEN format('["capacity:reserved:%s","%s","0"],["capacity:used:%s:%s","0","%s"]', reservation, used, organisation, sku, used) END,
        CASE WHEN unused > 0 THEN format('["capacity:reserved:%s","%s","0"],["capacity:idle:%s:%s","0","%s"]', reservation, unused, organisation, sku, unused) END,
        CASE WHEN down > 0 THEN format('["capacity:reserved:%s","%s","0"],["capacity:down:%s:%s","0","%s"]', reservation, down, organisation, sku, down) END)),
        'UTF8')), 'hex')
    FROM unnest(v_ids, p_reservations, p_organisations, p_skus, p_purchases, p_ends, p_amounts, p_used, p_unused, p_down)
        AS i (id, reservation, organisation, sku, purchase, end_at, amount, used, unused, down),
      LATERAL (SELECT CASE purchase WHEN 'by-hour' THEN 'usageAccrued' ELSE 'commitmentEarned' END AS kind,
        CASE purchase WHEN 'by-hour' THEN 'hold' ELSE 'commitment' END AS set_aside,
        CASE WHEN shanghai_month(end_at) = shanghai_month(end_at - interval '1 millisecond') THEN end_at ELSE end_at - interval '1 millisecond' END AS effective_at) t;
  EXCEPTION WHEN unique_violation THEN
    RAISE EXCEPTION 'an hour was posted with other content: %', SQLERRM USING ERRCODE = 'KL409';
  END;
  INSERT INTO posting (journal_id, leg, account_id, asset, debit_units, credit_units)
  SELECT i.id, m.leg, m.account, m.asset, m.debited, m.credited
  FROM unnest(v_ids, v_set_aside, v_reserved, p_groups, p_amounts, p_used, p_unused, p_down) AS i (id, set_aside, reserved, g, amount, used, unused, down),
    LATERAL (SELECT 2 * (amount > 0)::int AS after_money, 2 * ((amount > 0)::int + (used > 0)::int) AS after_used,
      2 * ((amount > 0)::int + (used > 0)::int + (unused > 0)::int) AS after_idle, 'CARDSEC:' || p_pool AS seconds) b,
    LATERAL (VALUES (1, set_aside, 'CNY/8', amount, 0), (2, v_revenue[g], 'CNY/8', 0, amount),
      (after_money + 1, reserved, seconds, used, 0), (after_money + 2, v_used[g], seconds, 0, used),
      (after_used + 1, reserved, seconds, unused, 0), (after_used + 2, v_idle[g], seconds, 0, unused),
      (after_idle + 1, reserved, seconds, down, 0), (after_idle + 2, v_down[g], seconds, 0, down)) AS m (leg, account, asset, debited, credited)
  WHERE m.debited + m.credited > 0;
END $$;

-- Charges a clock hour of a pool, of some reservations or of a shard of organisations: seconds become charges, and the charges
-- of a reservation one journal. What is charged already is left alone. `p_bands` is the factor of each price in that hour.
-- Answers how many charges it made.
CREATE FUNCTION charge_hour(p_actor text, p_at timestamptz, p_pool text, p_hour timestamptz, p_prices text[], p_bands int[],
  p_reservations text[], p_shard int, p_shards int) RETURNS int
LANGUAGE plpgsql SET search_path = public, pg_temp SET enable_mergejoin = off AS $$
DECLARE
  v_mark timestamptz;
  v_hour text := left(to_char(p_hour AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24'), 13);
  v_charges int;
  v_reservations text[]; v_organisations text[]; v_skus text[]; v_groups int[]; v_purchases text[]; v_ends timestamptz[];
  v_amounts bigint[]; v_used bigint[]; v_unused bigint[]; v_down bigint[];
BEGIN
  IF NOT kashi_is_wide() THEN RAISE EXCEPTION 'no context' USING ERRCODE = '42501'; END IF;
  SELECT proven_until INTO v_mark FROM proof_mark WHERE pool_id = p_pool;
  IF NOT FOUND THEN RETURN 0; END IF;

  WITH metered AS MATERIALIZED (
    SELECT d.*, extract(epoch FROM d.bound_until - d.from_at)::int AS bound, extract(epoch FROM d.to_at - d.bound_until)::int AS unused,
      CASE WHEN EXISTS (SELECT FROM evidence_correction c WHERE c.allocation_id = d.id AND c.start_at < d.bound_until AND c.end_at > d.from_at)
        THEN corrected_seconds(d.id, d.from_at, d.bound_until, v_mark)
        ELSE (SELECT coalesce(sum(extract(epoch FROM least(coalesce(e.end_at, v_mark), d.bound_until) - greatest(e.start_at, d.from_at))), 0)::int
          FROM evidence e WHERE e.allocation_id = d.id AND e.start_at < d.bound_until AND coalesce(e.end_at, v_mark) > d.from_at) END AS used
    FROM hour_due(p_pool, p_hour, p_reservations, p_shard, p_shards) d
  ), weighed AS MATERIALIZED (
    SELECT m.*, b.band, coalesce(l.charged, 0) AS before, v.price_e10_per_card_hour AS price,
      coalesce(l.weighted, 0) + CASE WHEN m.term_seconds IS NULL THEN m.used::bigint * b.band ELSE m.used + m.unused END AS weighted
    FROM metered m JOIN price_version v ON v.id = m.price_version_id
    LEFT JOIN unnest(p_prices, p_bands) AS b (id, band) ON b.id = m.price_version_id
    LEFT JOIN LATERAL charged_before(m.id) l ON true
    WHERE NOT EXISTS (SELECT FROM usage_charge u WHERE u.allocation_id = m.id AND u.hour_at = p_hour)
  ), rated AS MATERIALIZED (
    SELECT *, rated_units(price, term_price_units, term_seconds, weighted) AS charged FROM weighed
  ), made AS (
    INSERT INTO usage_charge (allocation_id, hour_at, revision, organisation_id, reservation_id, card_id, pool_id, sku_id, price_version_id,
      purchase, start_at, end_at, used_seconds, down_seconds, unused_seconds, band_bps, weighted_seconds_to_date, charged_to_date_units,
      amount_units, journal_key, charged_at)
    SELECT id, p_hour, 0, organisation_id, reservation_id, card_id, p_pool, sku_id, price_version_id, purchase, from_at, to_at,
      used, bound - used, unused, CASE WHEN term_seconds IS NULL THEN band ELSE 10000 END, weighted,
      charged, charged - before,
      'meter:' || reservation_id || ':' || v_hour || ':0', p_at
    FROM rated ORDER BY reservation_id, id
    ON CONFLICT DO NOTHING
    RETURNING reservation_id, organisation_id, sku_id, purchase, end_at, amount_units, used_seconds, unused_seconds, down_seconds
  ), journal AS (
    SELECT reservation_id, organisation_id, sku_id, purchase, max(end_at) AS end_at, sum(amount_units)::bigint AS amount,
      sum(used_seconds) AS used, sum(unused_seconds) AS unused, sum(down_seconds) AS down, count(*) AS charges,
      dense_rank() OVER (ORDER BY organisation_id, sku_id)::int AS g
    FROM made GROUP BY 1, 2, 3, 4
  )
  SELECT sum(charges), array_agg(reservation_id ORDER BY reservation_id), array_agg(organisation_id ORDER BY reservation_id), array_agg(sku_id ORDER BY reservation_id),
    array_agg(g ORDER BY reservation_id), array_agg(purchase ORDER BY reservation_id), array_agg(end_at ORDER BY reservation_id), array_agg(amount ORDER BY reservation_id),
    array_agg(used ORDER BY reservation_id), array_agg(unused ORDER BY reservation_id), array_agg(down ORDER BY reservation_id)
    INTO v_charges, v_reservations, v_organisations, v_skus, v_groups, v_purchases, v_ends, v_amounts, v_used, v_unused, v_down FROM journal;
  IF v_charges IS NULL THEN RETURN 0; END IF;
  PERFORM ledger_post_charges(p_actor, p_at, p_pool, p_hour, v_reservations, v_organisations, v_skus, v_groups, v_purchases, v_ends,
    v_amounts, v_used, v_unused, v_down);
  RETURN v_charges;
END $$;
