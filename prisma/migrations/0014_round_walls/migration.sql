-- What a round writes is proven once per statement where it was proven once per row, and a card's intervals are kept apart by
-- a number where they were by a text. No wall goes: each foreign key that goes leaves a check that refuses the same rows,
-- and what it pointed to can no longer be deleted, truncated or renumbered at all.

-- Rows that others point to stay. ------------------------------------------------------------------------------------
CREATE FUNCTION kashi_refuse_loss() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'others point to rows of %: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'KS001';
END $$;

DO $$
DECLARE
  v_table text;
  v_columns text;
BEGIN
  FOR v_table, v_columns IN VALUES
    ('organisation', 'id'), ('pool', 'id'), ('sku', 'id'), ('card', 'id'), ('account_kind', 'kind'),
    ('command', 'id, organisation_id, pool_id'), ('hold', 'account_id, kind, organisation_id, subject'),
    ('reservation', 'id, organisation_id, pool_id, sku_id, price_version_id'),
    ('allocation', 'id, organisation_id, reservation_id, pool_id, card_id') LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE DELETE ON %I FOR EACH ROW EXECUTE FUNCTION kashi_refuse_loss()', v_table || '_lasting', v_table);
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION kashi_refuse_loss()', v_table || '_whole', v_table);
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OF %s ON %I FOR EACH ROW WHEN ((%s) IS DISTINCT FROM (%s)) EXECUTE FUNCTION kashi_refuse_loss()',
      v_table || '_same', v_columns, v_table, regexp_replace(v_columns, '(\w+)', 'OLD.\1', 'g'), regexp_replace(v_columns, '(\w+)', 'NEW.\1', 'g'));
  END LOOP;
END $$;

-- What new rows point to is there. ----------------------------------------------------------------------------------
-- Joins go by key, however the tables were when the plan was made: a scan of all parents would grow with the books.
ALTER TABLE reservation DROP CONSTRAINT reservation_organisation_id_fkey, DROP CONSTRAINT reservation_pool_id_fkey,
  DROP CONSTRAINT reservation_sku_id_fkey, DROP CONSTRAINT reservation_price_version_id_fkey;
CREATE FUNCTION reservation_references() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
  v_id text;
BEGIN
  SELECT a.id INTO v_id FROM added a WHERE NOT EXISTS (SELECT FROM organisation o WHERE o.id = a.organisation_id)
    OR NOT EXISTS (SELECT FROM pool p WHERE p.id = a.pool_id) OR NOT EXISTS (SELECT FROM sku s WHERE s.id = a.sku_id)
    OR NOT EXISTS (SELECT FROM price_version v WHERE v.id = a.price_version_id) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'reservation % points to what is not there', v_id USING ERRCODE = '23503';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER reservation_references AFTER INSERT ON reservation REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION reservation_references();

ALTER TABLE reservation_event DROP CONSTRAINT reservation_event_reservation_id_fkey,
  DROP CONSTRAINT reservation_event_reservation_id_organisation_id_fkey;
CREATE FUNCTION reservation_event_references() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
  v_id text;
BEGIN
  SELECT a.reservation_id INTO v_id FROM added a
    WHERE NOT EXISTS (SELECT FROM reservation r WHERE r.id = a.reservation_id AND r.organisation_id = a.organisation_id) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'an event points to reservation %, which is not there', v_id USING ERRCODE = '23503';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER reservation_event_references AFTER INSERT ON reservation_event REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION reservation_event_references();

ALTER TABLE account DROP CONSTRAINT account_kind_fkey, DROP CONSTRAINT account_organisation_id_fkey;
CREATE FUNCTION account_references() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
  v_path text;
BEGIN
  SELECT a.path INTO v_path FROM added a WHERE NOT EXISTS (SELECT FROM account_kind k WHERE k.kind = a.kind)
    OR a.organisation_id IS NOT NULL AND NOT EXISTS (SELECT FROM organisation o WHERE o.id = a.organisation_id) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'account % is of no kind or of no organisation', v_path USING ERRCODE = '23503';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER account_references AFTER INSERT ON account REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION account_references();

ALTER TABLE hold DROP CONSTRAINT hold_account_id_fkey;
CREATE FUNCTION hold_references() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
  v_subject text;
BEGIN
  SELECT h.subject INTO v_subject FROM added h WHERE NOT EXISTS (
    SELECT FROM account a WHERE a.id = h.account_id AND a.kind = h.kind AND a.organisation_id = h.organisation_id) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the hold of % has no account of its own', v_subject USING ERRCODE = '23503';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER hold_references AFTER INSERT ON hold REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION hold_references();

-- Commands come one at a time. Their foreign keys also locked the row of the pool that everybody's commands point to.
ALTER TABLE command DROP CONSTRAINT command_organisation_id_fkey, DROP CONSTRAINT command_pool_id_fkey;
CREATE FUNCTION command_references() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM pool p WHERE p.id = NEW.pool_id) OR NEW.organisation_id IS NOT NULL
     AND NOT EXISTS (SELECT FROM organisation o WHERE o.id = NEW.organisation_id) THEN
    RAISE EXCEPTION 'command % points to what is not there', NEW.id USING ERRCODE = '23503';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER command_references BEFORE INSERT ON command FOR EACH ROW EXECUTE FUNCTION command_references();

-- The index behind the key was written twice by each command, for the few that are explained.
ALTER TABLE explanation DROP CONSTRAINT explanation_command_id_organisation_id_fkey;
ALTER TABLE command DROP CONSTRAINT command_id_organisation_id_key;
CREATE FUNCTION explanation_references() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
  v_id text;
BEGIN
  SELECT a.command_id INTO v_id FROM added a
    WHERE NOT EXISTS (SELECT FROM command c WHERE c.id = a.command_id AND c.organisation_id = a.organisation_id) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'an explanation points to command %, which is not there', v_id USING ERRCODE = '23503';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER explanation_references AFTER INSERT ON explanation REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION explanation_references();

-- Allocations, and the proof and the charges of them. ----------------------------------------------------------------
ALTER TABLE allocation DROP CONSTRAINT allocation_card_id_fkey, DROP CONSTRAINT allocation_reservation_id_organisation_id_fkey;
CREATE OR REPLACE FUNCTION allocation_card_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
  v_found record;
BEGIN
  SELECT a.id, a.card_id, c.lifecycle INTO v_found FROM added a LEFT JOIN card c ON c.id = a.card_id
    WHERE c.id IS NULL OR c.lifecycle IN ('maintenance', 'repair', 'returned')
      OR NOT EXISTS (SELECT FROM reservation r WHERE r.id = a.reservation_id AND r.organisation_id = a.organisation_id) LIMIT 1;
  IF NOT FOUND THEN
    RETURN NULL;
  ELSIF v_found.lifecycle IN ('maintenance', 'repair', 'returned') THEN
    RAISE EXCEPTION 'card % is worked on', v_found.card_id USING ERRCODE = 'KS006';
  END IF;
  RAISE EXCEPTION 'allocation % has no card or no reservation', v_found.id USING ERRCODE = '23503';
END $$;

ALTER TABLE evidence DROP CONSTRAINT evidence_allocation_id_organisation_id_card_id_fkey;
ALTER TABLE usage_charge DROP CONSTRAINT usage_charge_allocation_id_organisation_id_card_id_fkey;
ALTER TABLE allocation DROP CONSTRAINT allocation_id_organisation_id_card_id_key;
CREATE FUNCTION evidence_references() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
  v_id text;
BEGIN
  SELECT e.allocation_id INTO v_id FROM added e WHERE NOT EXISTS (
    SELECT FROM allocation a WHERE a.id = e.allocation_id AND a.organisation_id = e.organisation_id AND a.card_id = e.card_id) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION '% points to allocation %, which is not there', TG_TABLE_NAME, v_id USING ERRCODE = '23503';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER evidence_references AFTER INSERT ON evidence REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION evidence_references();
CREATE TRIGGER usage_charge_references AFTER INSERT ON usage_charge REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION evidence_references();

-- A card is never in two allocations at once, nor proven for two. The index keeps a card's intervals together by a number
-- of 64 bits: a text there cost most of what binding a card costs. Two cards of one number would refuse each other, never
-- be given twice; among a hundred thousand cards one pair has it once in four thousand million markets.
CREATE FUNCTION card_number(p_card text) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT hashtextextended(p_card, 0) $$;
ALTER TABLE allocation DROP CONSTRAINT allocation_no_overlap,
  ADD CONSTRAINT allocation_no_overlap EXCLUDE USING gist (card_number(card_id) WITH =, during WITH &&);
ALTER TABLE evidence DROP CONSTRAINT evidence_no_overlap,
  ADD CONSTRAINT evidence_no_overlap EXCLUDE USING gist (card_number(card_id) WITH =, tstzrange(start_at, end_at, '[)') WITH &&);
-- Whoever looks for the holders of a card finds them here.
CREATE INDEX allocation_card ON allocation (card_id, end_at);

-- Guards of single rows look at a row only where there is something to refuse. --------------------------------------------
DROP TRIGGER command_change ON command;
CREATE TRIGGER command_change BEFORE UPDATE ON command FOR EACH ROW WHEN (OLD.state = 'answered' OR
  (NEW.id, NEW.pool_id, NEW.kind, NEW.payload_hash, NEW.idempotency_key, NEW.actor, NEW.payload) IS DISTINCT FROM
  (OLD.id, OLD.pool_id, OLD.kind, OLD.payload_hash, OLD.idempotency_key, OLD.actor, OLD.payload)) EXECUTE FUNCTION command_check_change();
DROP TRIGGER account_change ON account;
CREATE TRIGGER account_change BEFORE UPDATE ON account FOR EACH ROW WHEN (
  (NEW.id, NEW.path, NEW.kind, NEW.asset, NEW.organisation_id) IS DISTINCT FROM (OLD.id, OLD.path, OLD.kind, OLD.asset, OLD.organisation_id)
  OR current_setting('kashi.posting', true) IS DISTINCT FROM 'yes') EXECUTE FUNCTION account_check_change();
DROP TRIGGER hold_change ON hold;
CREATE TRIGGER hold_change BEFORE UPDATE ON hold FOR EACH ROW WHEN (OLD.resolved_at IS NOT NULL) EXECUTE FUNCTION hold_check_change();

-- Sets the context of the transaction that calls it, within the caller's own statement.
DROP FUNCTION kashi_enter;
CREATE FUNCTION kashi_enter(p_scope text, p_organisation text, p_actor text, p_request text) RETURNS text LANGUAGE sql AS $$
  SELECT concat(set_config('kashi.scope', p_scope, true), set_config('kashi.organisation', p_organisation, true),
    set_config('kashi.epoch', '', true), set_config('kashi.actor', p_actor, true), set_config('kashi.request', p_request, true))
$$;
