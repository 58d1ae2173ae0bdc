-- What the database refuses by itself: impossible states, two tenants of one card, writes of a deposed leader,
-- changes of what is final, and rows of another organisation.

-- Closed sets of values -------------------------------------------------------------------------------------------
ALTER TABLE user_account ADD CHECK (kind IN ('customer', 'staff')), ADD CHECK (email = lower(email)), ADD CHECK (locale IN ('zh-CN', 'en'));
ALTER TABLE organisation ADD CHECK (card_quota >= 0), ADD CHECK (slug ~ '^[a-z0-9](-?[a-z0-9])*$');
ALTER TABLE membership ADD CHECK (role IN ('owner', 'admin', 'member', 'billing'));
ALTER TABLE invitation ADD CHECK (role IN ('owner', 'admin', 'member', 'billing'));
ALTER TABLE api_key ADD CHECK (role IN ('owner', 'admin', 'member', 'billing'));
ALTER TABLE staff_role ADD CHECK (role IN ('ops', 'finance', 'admin', 'auditor'));
ALTER TABLE sku ADD CHECK (purchase IN ('by-hour', 'by-card')), ADD CHECK (tax_rate_bps BETWEEN 0 AND 10000);
ALTER TABLE price_version ADD CHECK (price_e10_per_card_hour >= 0);
ALTER TABLE price_band ADD CHECK (from_hour >= 0 AND from_hour < to_hour AND to_hour <= 24), ADD CHECK (factor_bps >= 0);
ALTER TABLE price_term ADD CHECK (term_seconds > 0), ADD CHECK (factor_bps > 0);
ALTER TABLE quote ADD CHECK (cards BETWEEN 1 AND 10000), ADD CHECK (duration_seconds > 0), ADD CHECK (total_units >= 0);
ALTER TABLE card ADD CHECK (health IN ('healthy', 'degraded', 'unhealthy', 'unknown')),
  ADD CHECK (schedulability IN ('schedulable', 'cordoned')), ADD CHECK (commercial IN ('on-sale', 'withheld'));
ALTER TABLE card_outage ADD CHECK (kind IN ('cordoned', 'down')), ADD CHECK (end_at >= start_at);
ALTER TABLE fault_case ADD CHECK (severity IN ('warning', 'fatal')), ADD CHECK (count > 0);
ALTER TABLE command ADD CHECK (state IN ('pending', 'answered')),
  ADD CHECK ((state = 'answered') = (answer IS NOT NULL AND decided_at IS NOT NULL AND decision_number IS NOT NULL));
ALTER TABLE reservation ADD CHECK (state IN ('confirmed', 'active', 'ended', 'cancelled')),
  ADD CHECK (purchase IN ('by-hour', 'by-card')), ADD CHECK (cards BETWEEN 1 AND 10000),
  ADD CHECK (topology IN ('any', 'same-server', 'same-supernode', 'whole-servers')),
  ADD CHECK (end_at > start_at), ADD CHECK (placements > 0),
  ADD CHECK ((state IN ('ended', 'cancelled')) = (ended_at IS NOT NULL)),
  ADD CHECK ((purchase = 'by-card') = (term IS NOT NULL AND term_seconds > 0 AND term_price_units IS NOT NULL)),
  ADD CHECK (settled_at IS NULL OR ended_at IS NOT NULL);
ALTER TABLE allocation ADD CHECK (end_at >= start_at), ADD CHECK (start_at = date_trunc('second', start_at) AND end_at = date_trunc('second', end_at));
ALTER TABLE workload ADD CHECK (state IN ('submitted', 'running', 'succeeded', 'failed', 'cancelled', 'lost')),
  ADD CHECK (cards > 0), ADD CHECK (walltime_seconds > 0);
ALTER TABLE evidence ADD CHECK (end_at >= start_at);
ALTER TABLE usage_charge ADD CHECK (purchase IN ('by-hour', 'by-card')), ADD CHECK (revision >= 0),
  ADD CHECK (used_seconds >= 0 AND down_seconds >= 0 AND unused_seconds >= 0),
  ADD CHECK (used_seconds + down_seconds + unused_seconds = extract(epoch FROM end_at - start_at)),
  ADD CHECK (start_at >= hour_at AND end_at <= hour_at + interval '1 hour');
ALTER TABLE payment ADD CHECK (method IN ('bank-transfer', 'sandbox')), ADD CHECK (state IN ('open', 'settled', 'cancelled')),
  ADD CHECK (amount_fen > 0), ADD CHECK ((state = 'settled') = (settled_at IS NOT NULL AND journal_key IS NOT NULL AND settled_fen > 0));
ALTER TABLE bank_line ADD CHECK (state IN ('unmatched', 'matched')), ADD CHECK (amount_fen > 0),
  ADD CHECK ((state = 'matched') = (payment_id IS NOT NULL AND matched_at IS NOT NULL));
ALTER TABLE billing_period ADD CHECK (state IN ('closing', 'closed')), ADD CHECK ((state = 'closed') = (closed_at IS NOT NULL));
ALTER TABLE invoice ADD CHECK (net_fen + tax_fen = gross_fen), ADD CHECK (gross_units = gross_fen * 1000000 + residue_units),
  ADD CHECK (residue_units BETWEEN 0 AND 999999);

-- References that the Prisma models leave to the database; a child's organisation is its parent's. -----------------
ALTER TABLE quote ADD FOREIGN KEY (organisation_id) REFERENCES organisation, ADD FOREIGN KEY (sku_id) REFERENCES sku,
  ADD FOREIGN KEY (price_version_id) REFERENCES price_version, ADD FOREIGN KEY (image_id) REFERENCES image;
ALTER TABLE command ADD FOREIGN KEY (organisation_id) REFERENCES organisation, ADD FOREIGN KEY (pool_id) REFERENCES pool;
CREATE UNIQUE INDEX command_idempotency ON command (coalesce(organisation_id, ''), idempotency_key);
ALTER TABLE pool_lease ADD FOREIGN KEY (pool_id) REFERENCES pool;
ALTER TABLE reservation ADD UNIQUE (id, organisation_id), ADD FOREIGN KEY (organisation_id) REFERENCES organisation,
  ADD FOREIGN KEY (pool_id) REFERENCES pool, ADD FOREIGN KEY (price_version_id) REFERENCES price_version, ADD FOREIGN KEY (sku_id) REFERENCES sku;
ALTER TABLE reservation_event ADD FOREIGN KEY (reservation_id, organisation_id) REFERENCES reservation (id, organisation_id);
ALTER TABLE allocation ADD UNIQUE (id, organisation_id, card_id), ADD FOREIGN KEY (card_id) REFERENCES card,
  ADD FOREIGN KEY (reservation_id, organisation_id) REFERENCES reservation (id, organisation_id);
ALTER TABLE device_grant ADD FOREIGN KEY (reservation_id, organisation_id) REFERENCES reservation (id, organisation_id);
ALTER TABLE workload ADD FOREIGN KEY (reservation_id, organisation_id) REFERENCES reservation (id, organisation_id);
ALTER TABLE evidence ADD FOREIGN KEY (allocation_id, organisation_id, card_id) REFERENCES allocation (id, organisation_id, card_id);
ALTER TABLE usage_charge ADD FOREIGN KEY (allocation_id, organisation_id, card_id) REFERENCES allocation (id, organisation_id, card_id),
  ADD FOREIGN KEY (price_version_id) REFERENCES price_version;
ALTER TABLE account ADD FOREIGN KEY (organisation_id) REFERENCES organisation;
ALTER TABLE payment ADD FOREIGN KEY (organisation_id) REFERENCES organisation;
ALTER TABLE invoice ADD UNIQUE (id, organisation_id), ADD FOREIGN KEY (organisation_id) REFERENCES organisation;
ALTER TABLE invoice_line ADD FOREIGN KEY (invoice_id, organisation_id) REFERENCES invoice (id, organisation_id);

-- A card is never in two allocations at once, nor proven for two. --------------------------------------------------
ALTER TABLE allocation ADD COLUMN during tstzrange GENERATED ALWAYS AS (tstzrange(start_at, end_at, '[)')) STORED,
  ADD CONSTRAINT allocation_no_overlap EXCLUDE USING gist (card_id WITH =, during WITH &&);
ALTER TABLE evidence ADD CONSTRAINT evidence_no_overlap EXCLUDE USING gist (card_id WITH =, tstzrange(start_at, end_at, '[)') WITH &&);
ALTER TABLE card_outage ADD CONSTRAINT card_outage_no_overlap
  EXCLUDE USING gist (card_id WITH =, kind WITH =, tstzrange(start_at, end_at, '[)') WITH &&);

-- A person is a customer or staff, never both. ---------------------------------------------------------------------
CREATE FUNCTION user_kind_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF (SELECT kind FROM user_account WHERE id = NEW.user_id) <> TG_ARGV[0] THEN
    RAISE EXCEPTION '% is for % accounts', TG_TABLE_NAME, TG_ARGV[0] USING ERRCODE = 'KS004';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER membership_kind BEFORE INSERT OR UPDATE ON membership FOR EACH ROW EXECUTE FUNCTION user_kind_check('customer');
CREATE TRIGGER staff_role_kind BEFORE INSERT OR UPDATE ON staff_role FOR EACH ROW EXECUTE FUNCTION user_kind_check('staff');

-- Fencing: allocations and answers are written only under the current epoch of their pool. -------------------------
CREATE FUNCTION pool_epoch_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_pool text;
BEGIN
  SELECT DISTINCT a.pool_id INTO v_pool FROM added a WHERE NOT EXISTS (
    SELECT FROM pool_lease l WHERE l.pool_id = a.pool_id AND l.epoch::text = current_setting('kashi.epoch', true)) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'not the leader of pool %', v_pool USING ERRCODE = 'KS005';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER allocation_epoch_insert AFTER INSERT ON allocation REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION pool_epoch_check();
CREATE TRIGGER allocation_epoch_update AFTER UPDATE ON allocation REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION pool_epoch_check();
CREATE TRIGGER command_epoch AFTER UPDATE ON command REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION pool_epoch_check();

-- A command is answered once, and what was asked does not change. --------------------------------------------------
CREATE FUNCTION command_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'answered' THEN
    RAISE EXCEPTION 'command % is answered', OLD.id USING ERRCODE = 'KS001';
  END IF;
  IF (NEW.id, NEW.pool_id, NEW.kind, NEW.payload_hash, NEW.idempotency_key, NEW.actor) IS DISTINCT FROM
     (OLD.id, OLD.pool_id, OLD.kind, OLD.payload_hash, OLD.idempotency_key, OLD.actor) OR NEW.payload IS DISTINCT FROM OLD.payload THEN
    RAISE EXCEPTION 'command % does not change', OLD.id USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER command_change BEFORE UPDATE ON command FOR EACH ROW EXECUTE FUNCTION command_check_change();

-- Proof that is closed does not change; open proof only closes. ----------------------------------------------------
CREATE FUNCTION evidence_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.end_at IS NOT NULL OR (NEW.id, NEW.allocation_id, NEW.card_id, NEW.start_at) IS DISTINCT FROM
     (OLD.id, OLD.allocation_id, OLD.card_id, OLD.start_at) THEN
    RAISE EXCEPTION 'evidence only closes' USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER evidence_change BEFORE UPDATE ON evidence FOR EACH ROW EXECUTE FUNCTION evidence_check_change();
CREATE TRIGGER evidence_kept BEFORE DELETE ON evidence FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change();
CREATE UNIQUE INDEX evidence_open ON evidence (allocation_id) WHERE end_at IS NULL;

CREATE FUNCTION proof_mark_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.proven_until < OLD.proven_until THEN
    RAISE EXCEPTION 'the mark of proof does not go back' USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER proof_mark_change BEFORE UPDATE ON proof_mark FOR EACH ROW EXECUTE FUNCTION proof_mark_check_change();

-- A period closes once. ---------------------------------------------------------------------------------------------
CREATE FUNCTION billing_period_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'closed' THEN
    RAISE EXCEPTION 'month % is closed', OLD.month USING ERRCODE = 'KS001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER billing_period_change BEFORE UPDATE ON billing_period FOR EACH ROW EXECUTE FUNCTION billing_period_check_change();

-- Append-only tables. -------------------------------------------------------------------------------------------------
DO $$
DECLARE
  v_table text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['audit_event', 'price_version', 'price_band', 'price_term', 'reservation_event', 'usage_charge',
                                 'invoice', 'invoice_line', 'metered_hour', 'quote'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change()', v_table || '_fixed', v_table);
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION kashi_refuse_change()', v_table || '_kept', v_table);
  END LOOP;
END $$;

-- Grants: the application's role reads and writes rows, except where only a function may write. -----------------------
GRANT USAGE ON SCHEMA public TO kashi_app;
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO kashi_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO kashi_app;
REVOKE INSERT, UPDATE ON account_kind, journal_rule, account, journal, posting, hold, closed_month, clock, _prisma_migrations FROM kashi_app;
GRANT DELETE ON membership, staff_role, sign_in_attempt, device_grant, card_reading TO kashi_app;

-- Row-level security: without a context no row is seen or written. ----------------------------------------------------
DO $$
DECLARE
  v_table text;
BEGIN
  FOR v_table IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
    -- Staff and the system.
    EXECUTE format('CREATE POLICY wide ON %I USING ((SELECT kashi_is_wide())) WITH CHECK ((SELECT kashi_is_wide()))', v_table);
  END LOOP;

  -- Rows of one organisation.
  FOREACH v_table IN ARRAY ARRAY['quote', 'command', 'reservation', 'reservation_event', 'allocation', 'device_grant', 'workload',
      'evidence', 'usage_charge', 'account', 'journal', 'hold', 'payment', 'invoice', 'invoice_line', 'membership', 'invitation',
      'api_key', 'audit_event', 'card_reading'] LOOP
    EXECUTE format('CREATE POLICY tenant ON %I USING (organisation_id = (SELECT kashi_organisation()))
      WITH CHECK (organisation_id = (SELECT kashi_organisation()))', v_table);
  END LOOP;

  -- Reference data that every visitor may read.
  FOREACH v_table IN ARRAY ARRAY['card_model', 'sku', 'price_version', 'price_band', 'price_term', 'image', 'level', 'place', 'server_host',
      'pool', 'availability', 'clock', 'account_kind', 'journal_rule'] LOOP
    EXECUTE format('CREATE POLICY reference ON %I FOR SELECT USING ((SELECT kashi_in_context()))', v_table);
  END LOOP;
END $$;

CREATE POLICY tenant ON organisation USING (id = (SELECT kashi_organisation())) WITH CHECK (id = (SELECT kashi_organisation()));
-- People see the people of their organisation, cards they hold or held, legs of accounts of their own.
CREATE POLICY colleagues ON user_account FOR SELECT USING (EXISTS (SELECT FROM membership m WHERE m.user_id = user_account.id));
CREATE POLICY holders ON card FOR SELECT USING (EXISTS (SELECT FROM allocation a WHERE a.card_id = card.id));
CREATE POLICY tenant ON posting FOR SELECT USING (EXISTS (SELECT FROM account a WHERE a.id = posting.account_id));

ALTER TABLE card_reading SET UNLOGGED;
