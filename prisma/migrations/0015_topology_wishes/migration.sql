-- Gangs may take supernodes of their own.
ALTER TABLE reservation DROP CONSTRAINT reservation_topology_check;
ALTER TABLE reservation ADD CONSTRAINT reservation_topology_check
  CHECK (topology IN ('any', 'same-server', 'same-supernode', 'whole-servers', 'whole-supernodes'));

-- A gang may be cut into segments, for each of which the topology holds, and may prefer to lie in one of a level.
ALTER TABLE quote ADD COLUMN segment_cards INTEGER, ADD COLUMN preferred_level TEXT;
ALTER TABLE reservation ADD COLUMN segment_cards INTEGER, ADD COLUMN preferred_level TEXT;
ALTER TABLE reservation ADD CONSTRAINT reservation_segments_check CHECK (
  segment_cards IS NULL
  OR (topology IN ('same-server', 'same-supernode') AND segment_cards > 0 AND cards % segment_cards = 0));
ALTER TABLE reservation ADD CONSTRAINT reservation_preferred_level_check
  CHECK (preferred_level IN ('server', 'supernode'));

-- As in 0012, with what a gang asks for besides its topology.
DROP FUNCTION quote_kept(text, text, text, text, text, text);
CREATE FUNCTION quote_kept(p_scope text, p_scope_organisation text, p_actor text, p_request text, p_id text, p_organisation text)
RETURNS TABLE ("id" text, "skuId" text, "poolId" text, "priceVersionId" text, "imageId" text, "cards" int, "topology" text,
  "segmentCards" int, "preferredLevel" text,
  "startAt" timestamptz, "durationSeconds" int, "term" text, "totalUnits" bigint, "expiresAt" timestamptz)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  PERFORM kashi_enter(p_scope, p_scope_organisation, p_actor, p_request);
  RETURN QUERY SELECT q.id, q.sku_id, q.pool_id, q.price_version_id, q.image_id, q.cards, q.topology,
    q.segment_cards, q.preferred_level, q.start_at, q.duration_seconds,
    q.term, q.total_units, q.expires_at FROM quote q WHERE q.id = p_id AND q.organisation_id = p_organisation;
END $$;
