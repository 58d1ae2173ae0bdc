-- What a round and a posting read is found by key, however much has been written before: measured over a few thousand bookings,
-- most of what a booking cost was looking through those before it. And a journal costs fewer statements and fewer index entries.

-- Found by key -------------------------------------------------------------------------------------------------------
-- An EXISTS beside an OR may be answered from a table of all rows that there are, made anew by every statement. A join of the
-- few rows that were added, each with what it points to, is not.
CREATE OR REPLACE FUNCTION reservation_references() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET enable_material = off AS $$
DECLARE
  v_id text;
BEGIN
  SELECT a.id INTO v_id FROM added a LEFT JOIN organisation o ON o.id = a.organisation_id LEFT JOIN pool p ON p.id = a.pool_id
    LEFT JOIN sku s ON s.id = a.sku_id LEFT JOIN price_version v ON v.id = a.price_version_id
    WHERE o.id IS NULL OR p.id IS NULL OR s.id IS NULL OR v.id IS NULL LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'reservation % points to what is not there', v_id USING ERRCODE = '23503';
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION account_references() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET enable_material = off AS $$
DECLARE
  v_path text;
BEGIN
  SELECT a.path INTO v_path FROM added a LEFT JOIN account_kind k ON k.kind = a.kind LEFT JOIN organisation o ON o.id = a.organisation_id
    WHERE k.kind IS NULL OR a.organisation_id IS NOT NULL AND o.id IS NULL LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'account % is of no kind or of no organisation', v_path USING ERRCODE = '23503';
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION allocation_card_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET enable_material = off AS $$
DECLARE
  v_found record;
BEGIN
  SELECT a.id, a.card_id, c.lifecycle INTO v_found FROM added a LEFT JOIN card c ON c.id = a.card_id
    LEFT JOIN reservation r ON r.id = a.reservation_id AND r.organisation_id = a.organisation_id
    WHERE c.id IS NULL OR c.lifecycle IN ('maintenance', 'repair', 'returned') OR r.id IS NULL LIMIT 1;
  IF NOT FOUND THEN
    RETURN NULL;
  ELSIF v_found.lifecycle IN ('maintenance', 'repair', 'returned') THEN
    RAISE EXCEPTION 'card % is worked on', v_found.card_id USING ERRCODE = 'KS006';
  END IF;
  RAISE EXCEPTION 'allocation % has no card or no reservation', v_found.id USING ERRCODE = '23503';
END $$;

-- As in 0015, found by its id: whoever asked first may have asked an empty table, and the plan of that lasts.
CREATE OR REPLACE FUNCTION quote_kept(p_scope text, p_scope_organisation text, p_actor text, p_request text, p_id text, p_organisation text)
RETURNS TABLE ("id" text, "skuId" text, "poolId" text, "priceVersionId" text, "imageId" text, "cards" int, "topology" text,
  "segmentCards" int, "preferredLevel" text,
  "startAt" timestamptz, "durationSeconds" int, "term" text, "totalUnits" bigint, "expiresAt" timestamptz)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  PERFORM kashi_enter(p_scope, p_scope_organisation, p_actor, p_request);
  RETURN QUERY SELECT q.id, q.sku_id, q.pool_id, q.price_version_id, q.image_id, q.cards, q.topology,
    q.segment_cards, q.preferred_level, q.start_at, q.duration_seconds,
    q.term, q.total_units, q.expires_at FROM (SELECT * FROM quote WHERE id = p_id OFFSET 0) q WHERE q.organisation_id = p_organisation;
END $$;
