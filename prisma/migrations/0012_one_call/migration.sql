-- Handing a command in and reading its answer: what every booking does, each as one statement that is a transaction of
-- its own. The statement carries its context, so row-level security holds within it as in any other transaction.

-- Sets the context of the transaction that calls it. Whoever may set it by hand may call this; it gives no rights.
CREATE FUNCTION kashi_enter(p_scope text, p_organisation text, p_actor text, p_request text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('kashi.scope', p_scope, true), set_config('kashi.organisation', p_organisation, true),
    set_config('kashi.epoch', '', true), set_config('kashi.actor', p_actor, true), set_config('kashi.request', p_request, true);
END $$;

-- Writes a command into the log, records who asked, and announces it. The same key is the same command for ever: what
-- comes again finds the row that is there, with its answer; a caller whose hash differs has used the key for another
-- request, and nothing is recorded.
CREATE FUNCTION command_submit(
  p_scope text, p_scope_organisation text, p_actor text, p_request text,
  p_id text, p_pool text, p_organisation text, p_kind text, p_payload text, p_hash text, p_key text, p_at timestamptz, p_asked text
) RETURNS TABLE (id text, payload_hash text, answer jsonb)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  PERFORM kashi_enter(p_scope, p_scope_organisation, p_actor, p_request);
  INSERT INTO command (id, pool_id, organisation_id, kind, payload, payload_hash, idempotency_key, actor, request_id, submitted_at, state)
  VALUES (p_id, p_pool, p_organisation, p_kind, p_payload::jsonb, p_hash, p_key, p_actor, p_request, p_at, 'pending')
  ON CONFLICT DO NOTHING;
  IF FOUND THEN
    id := p_id;
    payload_hash := p_hash;
  ELSE
    SELECT c.id, c.payload_hash, c.answer INTO id, payload_hash, answer FROM command c
      WHERE coalesce(c.organisation_id, '') = coalesce(p_organisation, '') AND c.idempotency_key = p_key;
  END IF;
  IF payload_hash = p_hash THEN
    INSERT INTO audit_event (at, actor, organisation_id, action, target, data, request_id)
    VALUES (p_at, p_actor, nullif(p_scope_organisation, ''), 'command.' || p_kind, id, p_asked::jsonb, p_request);
    PERFORM pg_notify('kashi_command', 'commands');
  END IF;
  RETURN NEXT;
END $$;

-- The answer of a command; no row while it waits, or when it is not the caller's.
CREATE FUNCTION command_answer(p_scope text, p_scope_organisation text, p_actor text, p_request text, p_id text)
RETURNS TABLE (answer jsonb)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  PERFORM kashi_enter(p_scope, p_scope_organisation, p_actor, p_request);
  RETURN QUERY SELECT c.answer FROM command c WHERE c.id = p_id AND c.state = 'answered';
END $$;

-- A quote of one organisation, as its row keeps it.
CREATE FUNCTION quote_kept(p_scope text, p_scope_organisation text, p_actor text, p_request text, p_id text, p_organisation text)
RETURNS TABLE ("id" text, "skuId" text, "poolId" text, "priceVersionId" text, "imageId" text, "cards" int, "topology" text,
  "startAt" timestamptz, "durationSeconds" int, "term" text, "totalUnits" bigint, "expiresAt" timestamptz)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  PERFORM kashi_enter(p_scope, p_scope_organisation, p_actor, p_request);
  RETURN QUERY SELECT q.id, q.sku_id, q.pool_id, q.price_version_id, q.image_id, q.cards, q.topology, q.start_at, q.duration_seconds,
    q.term, q.total_units, q.expires_at FROM quote q WHERE q.id = p_id AND q.organisation_id = p_organisation;
END $$;
