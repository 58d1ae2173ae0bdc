-- An hour of ten thousand reservations costs half: the same rows, walls and refusals, found and proven for all at once.

-- Every hour moves each balance and hold in use. With room on its page a row's next version enters no index.
ALTER TABLE account SET (fillfactor = 60);
ALTER TABLE hold SET (fillfactor = 45);

-- A reversal names an original that is there: its own proof looks for it, and journals neither go nor change. As a foreign key
-- this cost every journal an event of its own.
ALTER TABLE journal DROP CONSTRAINT journal_reverses_key_fkey;

-- Whole journals of one statement -----------------------------------------------------------------------------------------

-- Journals whose postings come in the same statement are proven by it, for all at once: `kashi.whole` says which of two proofs
-- of the same rules is used, never that there is none. Others are proven as before, that they have postings at the commit.
DROP TRIGGER posting_whole ON posting;
CREATE TRIGGER posting_whole AFTER INSERT ON posting REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT WHEN (current_setting('kashi.whole', true) IS DISTINCT FROM 'yes') EXECUTE FUNCTION posting_check();
DROP TRIGGER journal_legs ON journal;
CREATE CONSTRAINT TRIGGER journal_legs AFTER INSERT ON journal DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_setting('kashi.whole', true) IS DISTINCT FROM 'yes') EXECUTE FUNCTION journal_check_legs();

CREATE FUNCTION journal_check_whole() RETURNS trigger LANGUAGE plpgsql
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET enable_material = off AS $$
DECLARE
  v_key text;
BEGIN
  SELECT j.key INTO v_key FROM added j WHERE NOT EXISTS (SELECT FROM posting p WHERE p.journal_id = j.id) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'journal % has no postings', v_key USING ERRCODE = 'KL422';
  END IF;
  RETURN NULL;
END $$;
-- Named to come after journal_month, as refusals do.
CREATE TRIGGER journal_whole AFTER INSERT ON journal REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT WHEN (current_setting('kashi.whole', true) = 'yes') EXECUTE FUNCTION journal_check_whole();

-- What posting_check() proves, and in its order. Accounts and journals are fetched by one walk through their keys each, and met by
-- hash: loops, which ledger_post_charges() asks for, would walk once a posting. A side (the legs of one asset) of two legs is a pair
-- by itself; only larger ones are taken apart.
CREATE FUNCTION posting_check_many() RETURNS trigger LANGUAGE plpgsql
SET enable_hashjoin = on SET enable_nestloop = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
  v_accounts bigint[] := ARRAY(SELECT DISTINCT account_id FROM added ORDER BY 1);
  v_journals bigint[] := ARRAY(SELECT DISTINCT journal_id FROM added ORDER BY 1);
  v_found record;
BEGIN
  WITH own AS MATERIALIZED (
    SELECT id, kind COLLATE "C" AS kind, asset FROM account WHERE id = ANY (v_accounts)
  ), side AS MATERIALIZED (
    SELECT p.journal_id, p.asset COLLATE "C" AS asset, min(p.leg) AS leg, count(*) AS legs, sum(p.debit_units) <> sum(p.credit_units) AS is_uneven,
      bool_and(a.id IS NOT NULL) AS is_there, bool_and(a.asset = p.asset) AS is_one_asset,
      min(a.kind) FILTER (WHERE p.debit_units > 0) AS debit, min(a.kind) FILTER (WHERE p.credit_units > 0) AS credit
    FROM added p LEFT JOIN own a ON a.id = p.account_id GROUP BY 1, 2
  ), named AS MATERIALIZED (
    SELECT s.*, j.kind AS journal_kind FROM side s
      LEFT JOIN (SELECT id, kind FROM journal WHERE id = ANY (v_journals) OFFSET 0) j ON j.id = s.journal_id
  ), pair AS (
    SELECT journal_kind, debit, credit, min(journal_id) AS journal_id FROM named WHERE legs = 2 GROUP BY 1, 2, 3
    UNION ALL
    SELECT n.journal_kind, d.kind, c.kind, n.journal_id FROM named n
      JOIN added pd ON pd.journal_id = n.journal_id AND pd.asset = n.asset AND pd.debit_units > 0 JOIN own d ON d.id = pd.account_id
      JOIN added pc ON pc.journal_id = n.journal_id AND pc.asset = n.asset AND pc.credit_units > 0 JOIN own c ON c.id = pc.account_id
      WHERE n.legs > 2
  ), wrong AS (
    SELECT '23503' AS code, journal_id, 'has a posting without an account, or is not there' AS what FROM named
      WHERE NOT is_there OR journal_kind IS NULL
    UNION ALL
    SELECT 'KL422', journal_id, 'does not balance' FROM named WHERE is_uneven OR legs < 2
    UNION ALL
    SELECT 'KL422', journal_id, 'already has its postings' FROM named GROUP BY journal_id HAVING min(leg) <> 1
    UNION ALL
    SELECT 'KL422', journal_id, 'mixes assets in an account' FROM named WHERE NOT is_one_asset
    UNION ALL
    SELECT 'KL424', journal_id, 'pairs accounts that its kind does not permit' FROM pair
      WHERE NOT EXISTS (SELECT FROM journal_rule r
        WHERE r.journal_kind = pair.journal_kind AND r.debit_kind = pair.debit COLLATE "C" AND r.credit_kind = pair.credit COLLATE "C")
  )
  SELECT * INTO v_found FROM wrong ORDER BY code, journal_id LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'journal % %', v_found.journal_id, v_found.what USING ERRCODE = v_found.code;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER posting_whole_many AFTER INSERT ON posting REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT WHEN (current_setting('kashi.whole', true) = 'yes') EXECUTE FUNCTION posting_check_many();

-- The hourly run ---------------------------------------------------------------------------------------------------------

-- What an allocation was charged up to now, as before; the last charge out of turn is found by its number, so that nothing is sorted
-- for each allocation.
CREATE OR REPLACE FUNCTION charged_before(p_allocation text) RETURNS TABLE (hour_at timestamptz, weighted bigint, charged bigint)
LANGUAGE sql STABLE AS $$
  SELECT t.hour_at, coalesce(l.weighted_seconds_to_date, t.weighted_seconds_to_date), coalesce(l.charged_to_date_units, t.charged_to_date_units)
  FROM (SELECT * FROM usage_charge u WHERE u.allocation_id = p_allocation AND u.late_at IS NULL ORDER BY u.hour_at DESC, u.revision DESC LIMIT 1) t
  LEFT JOIN usage_charge l ON l.allocation_id = p_allocation AND l.late_at IS NOT NULL
    AND l.number = (SELECT max(u.number) FROM usage_charge u WHERE u.allocation_id = p_allocation AND u.late_at IS NOT NULL AND u.number > t.number)
$$;

-- Posts the journals of an hour's charges, one a reservation: what `charged()` of the ledger's templates says, and what
-- ledger_post() would do with it, for ten thousand at once. Arrays run in parallel, one entry a reservation; an end is that of its
-- last second, a group that of reservations of one organisation and SKU, numbered from 1 without a gap. The order of refusals:
-- KL402 insufficient funds, KL423 hold resolved, KL409 key reused, KL403 closed month, then those of every posting.
CREATE OR REPLACE FUNCTION ledger_post_charges(p_actor text, p_at timestamptz, p_pool text, p_hour timestamptz, p_reservations text[], p_organisations text[],
  p_skus text[], p_groups int[], p_purchases text[], p_ends timestamptz[], p_amounts bigint[], p_used bigint[], p_unused bigint[], p_down bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off SET enable_mergejoin = off SET enable_hashjoin = off SET enable_material = off AS $$
DECLARE
  v_hour text := to_char(p_hour AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
  v_ids bigint[]; v_set_aside bigint[]; v_reserved bigint[];
  v_revenue bigint[]; v_used bigint[]; v_idle bigint[]; v_down bigint[];
  v_end timestamptz := p_hour + interval '1 hour';
  v_counts_at timestamptz := CASE WHEN shanghai_month(p_hour) = shanghai_month(v_end) THEN v_end ELSE v_end - interval '1 millisecond' END;
  v_counts_ms bigint := extract(epoch FROM v_counts_at) * 1000;
  v_seconds text := 'CARDSEC:' || p_pool;
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

  -- 3. Journals and their legs, in one statement, so that each is proven whole by it. What ends with the hour and the month counts a
  -- millisecond before. The legs wait for all journals: what is wrong with those is told first.
  PERFORM set_config('kashi.whole', 'yes', true);
  BEGIN
    WITH made AS (
      INSERT INTO journal (id, key, kind, organisation_id, effective_at, posted_at, actor, source, content_hash)
      SELECT i.id, 'meter:' || reservation || ':' || left(v_hour, 13) || ':0', t.kind, organisation, t.effective_at, p_at, p_actor,
        jsonb_build_object('hour', v_hour, 'reservation', reservation, 'revision', 0),
        encode(sha256(convert_to('{"effectiveAt":' || CASE WHEN end_at = v_end THEN v_counts_ms ELSE (extract(epoch FROM end_at) * 1000)::bigint END
          || ',"kind":"' || t.kind || '","legs":[' || concat_ws(',',
          CASE WHEN amount > 0 THEN '["' || t.set_aside || organisation || ':' || reservation || '","' || amount
            || '","0"],["revenue:accrued:' || sku || '","0","' || amount || '"]' END,
          CASE WHEN used > 0 THEN '["capacity:reserved:' || reservation || '","' || used
            || '","0"],["capacity:used:' || organisation || ':' || sku || '","0","' || used || '"]' END,
          CASE WHEN unused > 0 THEN '["capacity:reserved:' || reservation || '","' || unused
            || '","0"],["capacity:idle:' || organisation || ':' || sku || '","0","' || unused || '"]' END,
          CASE WHEN down > 0 THEN '["capacity:reserved:' || reservation || '","' || down
            || '","0"],["capacity:down:' || organisation || ':' || sku || '","0","' || down || '"]' END)
          || ']}', 'UTF8')), 'hex')
      FROM unnest(v_ids, p_reservations, p_organisations, p_skus, p_purchases, p_ends, p_amounts, p_used, p_unused, p_down)
          AS i (id, reservation, organisation, sku, purchase, end_at, amount, used, unused, down),
        LATERAL (SELECT CASE purchase WHEN 'by-hour' THEN 'usageAccrued' ELSE 'commitmentEarned' END AS kind,
          CASE purchase WHEN 'by-hour' THEN 'hold:' ELSE 'commitment:' END AS set_aside,
          CASE WHEN end_at = v_end THEN v_counts_at ELSE end_at END AS effective_at) t
      RETURNING 1
    )
    INSERT INTO posting (journal_id, leg, account_id, asset, debit_units, credit_units)
    SELECT i.id, m.leg, m.account, m.asset, m.debited, m.credited
    FROM unnest(v_ids, v_set_aside, v_reserved, p_groups, p_amounts, p_used, p_unused, p_down) AS i (id, set_aside, reserved, g, amount, used, unused, down),
      LATERAL (SELECT 2 * (amount > 0)::int AS after_money, 2 * ((amount > 0)::int + (used > 0)::int) AS after_used,
        2 * ((amount > 0)::int + (used > 0)::int + (unused > 0)::int) AS after_idle) b,
      LATERAL (VALUES (1, set_aside, 'CNY/8', amount, 0), (2, v_revenue[g], 'CNY/8', 0, amount),
        (after_money + 1, reserved, v_seconds, used, 0), (after_money + 2, v_used[g], v_seconds, 0, used),
        (after_used + 1, reserved, v_seconds, unused, 0), (after_used + 2, v_idle[g], v_seconds, 0, unused),
        (after_idle + 1, reserved, v_seconds, down, 0), (after_idle + 2, v_down[g], v_seconds, 0, down)) AS m (leg, account, asset, debited, credited)
    WHERE (SELECT count(*) FROM made) > 0 AND m.debited + m.credited > 0;
  EXCEPTION WHEN unique_violation THEN
    RAISE EXCEPTION 'an hour was posted with other content: %', SQLERRM USING ERRCODE = 'KL409';
  END;
  PERFORM set_config('kashi.whole', '', true);
END $$;

-- Charges a clock hour of a pool, of some reservations or of a shard of organisations: seconds become charges, and the charges
-- of a reservation one journal. What is charged already is left alone. `p_bands` is the factor of each price in that hour.
-- Answers how many charges it made.
CREATE OR REPLACE FUNCTION charge_hour(p_actor text, p_at timestamptz, p_pool text, p_hour timestamptz, p_prices text[], p_bands int[],
  p_reservations text[], p_shard int, p_shards int) RETURNS int
LANGUAGE plpgsql SET search_path = public, pg_temp SET enable_mergejoin = off SET enable_seqscan = off AS $$
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

  -- Whoever charges some of it in the same moment is waited for, and what they charged is left alone by the next look.
  FOR v_look IN 1..3 LOOP
    BEGIN
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
        FROM rated
        RETURNING reservation_id, organisation_id, sku_id, purchase, end_at, amount_units, used_seconds, unused_seconds, down_seconds
      ), journal AS (
        SELECT reservation_id, organisation_id, sku_id, purchase, max(end_at) AS end_at, sum(amount_units)::bigint AS amount,
          sum(used_seconds) AS used, sum(unused_seconds) AS unused, sum(down_seconds) AS down, count(*) AS charges,
          dense_rank() OVER (ORDER BY organisation_id, sku_id)::int AS g
        FROM made GROUP BY 1, 2, 3, 4
      ), sorted AS (
        SELECT * FROM journal ORDER BY reservation_id
      )
      SELECT sum(charges), array_agg(reservation_id), array_agg(organisation_id), array_agg(sku_id), array_agg(g), array_agg(purchase),
        array_agg(end_at), array_agg(amount), array_agg(used), array_agg(unused), array_agg(down)
        INTO v_charges, v_reservations, v_organisations, v_skus, v_groups, v_purchases, v_ends, v_amounts, v_used, v_unused, v_down FROM sorted;
      EXIT;
    EXCEPTION WHEN unique_violation THEN
      IF v_look = 3 THEN RAISE; END IF;
    END;
  END LOOP;
  IF v_charges IS NULL THEN RETURN 0; END IF;
  PERFORM ledger_post_charges(p_actor, p_at, p_pool, p_hour, v_reservations, v_organisations, v_skus, v_groups, v_purchases, v_ends,
    v_amounts, v_used, v_unused, v_down);
  RETURN v_charges;
END $$;

-- The account of a hold is found by its id. Compared in one condition, a plan that was made while the tables were empty went
-- through all accounts of the organisation, once for each hold.
CREATE OR REPLACE FUNCTION hold_references() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
  v_subject text;
BEGIN
  SELECT h.subject INTO v_subject FROM added h WHERE (
    SELECT a.kind = h.kind AND a.organisation_id = h.organisation_id FROM account a WHERE a.id = h.account_id) IS NOT TRUE LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the hold of % has no account of its own', v_subject USING ERRCODE = '23503';
  END IF;
  RETURN NULL;
END $$;
