-- Commands of one moment are handed in as one set of rows, and no disk is waited for before they are decided: the round that
-- answers them is flushed, and with it everything that was written before.

-- What commands point to is there: one look a statement, as for all that a round writes.
DROP TRIGGER command_references ON command;
DROP FUNCTION command_references();
CREATE FUNCTION command_references() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET enable_material = off AS $$
DECLARE
  v_id text;
BEGIN
  SELECT a.id INTO v_id FROM added a LEFT JOIN pool p ON p.id = a.pool_id LEFT JOIN organisation o ON o.id = a.organisation_id
    WHERE p.id IS NULL OR a.organisation_id IS NOT NULL AND o.id IS NULL LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'command % points to what is not there', v_id USING ERRCODE = '23503';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER command_references AFTER INSERT ON command REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION command_references();

-- A number stands in the index of those that wait; nobody looks for one by it alone.
DROP INDEX command_number_key;

-- Writes commands into the log, each with who asked for it, and announces them. One array an argument, one entry a command.
-- The same key is the same command for ever: what comes again finds the row that is there, with its answer; a caller whose
-- hash differs has used the key for another request, and nothing is recorded. `n` says, from one, whose a row is.
--
-- It writes for its callers, so it asks what the policies of its tables ask: a command of an organisation comes from that
-- organisation, or from staff or the system, who see all. One that does not refuses the whole set.
DROP FUNCTION command_submit;
CREATE FUNCTION command_submit(
  p_scopes text[], p_scope_organisations text[], p_actors text[], p_requests text[],
  p_ids text[], p_pools text[], p_organisations text[], p_kinds text[], p_payloads text[], p_hashes text[], p_keys text[],
  p_at timestamptz[], p_asked text[]
) RETURNS TABLE (n int, id text, payload_hash text, answer jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
  v_made text[];
BEGIN
  PERFORM FROM unnest(p_scopes, p_scope_organisations, p_organisations) AS i (scope, own, organisation)
    WHERE coalesce(i.scope IN ('staff', 'system'), false) IS FALSE AND (i.organisation = nullif(i.own, '')) IS NOT TRUE;
  IF FOUND THEN
    RAISE EXCEPTION 'a command is handed in for another organisation' USING ERRCODE = '42501';
  END IF;

  WITH made AS (
    INSERT INTO command (id, pool_id, organisation_id, kind, payload, payload_hash, idempotency_key, actor, request_id, submitted_at, state)
    SELECT i.id, i.pool, i.organisation, i.kind, i.payload::jsonb, i.hash, i.key, i.actor, i.request, i.at, 'pending'
    FROM unnest(p_ids, p_pools, p_organisations, p_kinds, p_payloads, p_hashes, p_keys, p_actors, p_requests, p_at)
      WITH ORDINALITY AS i (id, pool, organisation, kind, payload, hash, key, actor, request, at, n) ORDER BY i.n
    ON CONFLICT DO NOTHING RETURNING id
  )
  SELECT coalesce(array_agg(id), '{}') INTO v_made FROM made;

  -- New commands are answered by a round that is flushed behind them. What comes again may have its answer from here.
  IF cardinality(v_made) = cardinality(p_ids) THEN
    PERFORM set_config('synchronous_commit', 'off', true);
    INSERT INTO audit_event (at, actor, organisation_id, action, target, data, request_id)
    SELECT i.at, i.actor, nullif(i.own, ''), 'command.' || i.kind, i.id, i.asked::jsonb, i.request
    FROM unnest(p_at, p_actors, p_scope_organisations, p_kinds, p_ids, p_asked, p_requests)
      WITH ORDINALITY AS i (at, actor, own, kind, id, asked, request, n) ORDER BY i.n;
    PERFORM pg_notify('kashi_command', 'commands');
    RETURN QUERY SELECT i.n::int, i.id, i.hash, NULL::jsonb FROM unnest(p_ids, p_hashes) WITH ORDINALITY AS i (id, hash, n);
    RETURN;
  END IF;

  RETURN QUERY
    WITH found AS (
      SELECT i.n, c.id, c.payload_hash, c.answer, i.hash FROM unnest(p_organisations, p_keys, p_hashes) WITH ORDINALITY AS i (organisation, key, hash, n)
        CROSS JOIN LATERAL (SELECT * FROM command c
          WHERE coalesce(c.organisation_id, '') = coalesce(i.organisation, '') AND c.idempotency_key = i.key OFFSET 0) AS c
    ), recorded AS (
      INSERT INTO audit_event (at, actor, organisation_id, action, target, data, request_id)
      SELECT i.at, i.actor, nullif(i.own, ''), 'command.' || i.kind, f.id, i.asked::jsonb, i.request
      FROM unnest(p_at, p_actors, p_scope_organisations, p_kinds, p_asked, p_requests)
        WITH ORDINALITY AS i (at, actor, own, kind, asked, request, n) JOIN found f ON f.n = i.n AND f.payload_hash = f.hash ORDER BY i.n
    )
    SELECT f.n::int, f.id, f.payload_hash, f.answer FROM found f;
  PERFORM pg_notify('kashi_command', 'commands');
END $$;

-- A command as it stands: one row while it waits, with no answer; none when it is not the caller's, or is not in the log.
CREATE OR REPLACE FUNCTION command_answer(p_scope text, p_scope_organisation text, p_actor text, p_request text, p_id text)
RETURNS TABLE (answer jsonb)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  PERFORM kashi_enter(p_scope, p_scope_organisation, p_actor, p_request);
  RETURN QUERY SELECT c.answer FROM command c WHERE c.id = p_id;
END $$;
