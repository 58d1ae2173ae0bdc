-- What people decide about a card becomes one word with a table of allowed ways between its states, kept as history;
-- a card that was down is on probation; fault cases get a cause, an owner, and an end that somebody answers for.

-- The states of a card's life, and the ways between them. --------------------------------------------------------------
CREATE TABLE "card_lifecycle_rule" (
    "act" TEXT NOT NULL,
    "from_state" TEXT NOT NULL,
    "to_state" TEXT NOT NULL,
    CONSTRAINT "card_lifecycle_rule_pkey" PRIMARY KEY ("act", "from_state", "to_state")
);
INSERT INTO card_lifecycle_rule (act, from_state, to_state) VALUES
  ('cordon', 'in_service', 'cordoned'), ('cordon', 'draining', 'cordoned'),
  ('drain', 'in_service', 'draining'), ('drain', 'cordoned', 'draining'),
  ('uncordon', 'cordoned', 'in_service'), ('uncordon', 'draining', 'in_service'),
  ('startMaintenance', 'in_service', 'maintenance'), ('startMaintenance', 'cordoned', 'maintenance'),
  ('startMaintenance', 'draining', 'maintenance'),
  ('finishMaintenance', 'maintenance', 'in_service'),
  ('sendToRepair', 'in_service', 'repair'), ('sendToRepair', 'cordoned', 'repair'),
  ('sendToRepair', 'draining', 'repair'), ('sendToRepair', 'maintenance', 'repair'),
  ('takeBack', 'repair', 'in_service'),
  ('returnToVendor', 'maintenance', 'returned'), ('returnToVendor', 'repair', 'returned'),
  ('receive', 'returned', 'repair');

CREATE TABLE "card_transition" (
    "id" BIGSERIAL NOT NULL,
    "card_id" TEXT NOT NULL,
    "act" TEXT NOT NULL,
    "from_state" TEXT NOT NULL,
    "to_state" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    CONSTRAINT "card_transition_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "card_transition_card_id_fkey" FOREIGN KEY ("card_id") REFERENCES "card"("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "card_transition_act_from_state_to_state_fkey" FOREIGN KEY ("act", "from_state", "to_state")
      REFERENCES "card_lifecycle_rule"("act", "from_state", "to_state") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "card_transition_card_id_id_idx" ON "card_transition"("card_id", "id");
-- What was cordoned before stays so, and its history begins with that.
INSERT INTO card_transition (card_id, act, from_state, to_state, at, actor, reason)
SELECT o.card_id, 'cordon', 'in_service', 'cordoned', o.start_at, o.actor, o.reason
FROM card_outage o JOIN card c ON c.id = o.card_id AND c.schedulability = 'cordoned' WHERE o.kind = 'cordoned' AND o.end_at IS NULL;

ALTER TABLE "card" ADD COLUMN "lifecycle" TEXT, ADD COLUMN "probation_until" TIMESTAMPTZ(3);
UPDATE card SET lifecycle = CASE schedulability WHEN 'cordoned' THEN 'cordoned' ELSE 'in_service' END;
ALTER TABLE "card" ALTER COLUMN "lifecycle" SET NOT NULL, DROP COLUMN "schedulability";
ALTER TABLE card ADD CONSTRAINT card_lifecycle_check
    CHECK (lifecycle IN ('in_service', 'cordoned', 'draining', 'maintenance', 'repair', 'returned')),
  ADD CONSTRAINT card_probation_check CHECK (probation_until IS NULL OR health IN ('healthy', 'degraded'));
ALTER TABLE card_outage DROP CONSTRAINT card_outage_kind_check, ADD CONSTRAINT card_outage_kind_check
  CHECK (kind IN ('cordoned', 'draining', 'maintenance', 'repair', 'returned', 'down', 'blocked', 'probation'));

-- A card goes only where a rule leads, and is worked on only when nobody has it.
CREATE FUNCTION card_lifecycle_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM card_lifecycle_rule r WHERE r.from_state = OLD.lifecycle AND r.to_state = NEW.lifecycle) THEN
    RAISE EXCEPTION 'card % does not go from % to %', OLD.id, OLD.lifecycle, NEW.lifecycle USING ERRCODE = 'KS006';
  END IF;
  IF NEW.lifecycle IN ('maintenance', 'repair', 'returned') AND EXISTS (
      SELECT FROM allocation a WHERE a.card_id = NEW.id AND a.during && tstzrange(kashi_now(), NULL)) THEN
    RAISE EXCEPTION 'card % is held', OLD.id USING ERRCODE = 'KS006';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER card_lifecycle_change BEFORE UPDATE OF lifecycle ON card FOR EACH ROW
  WHEN (OLD.lifecycle IS DISTINCT FROM NEW.lifecycle) EXECUTE FUNCTION card_lifecycle_change();

CREATE FUNCTION allocation_card_check() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_card text;
BEGIN
  SELECT c.id INTO v_card FROM added a JOIN card c ON c.id = a.card_id
    WHERE c.lifecycle IN ('maintenance', 'repair', 'returned') LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'card % is worked on', v_card USING ERRCODE = 'KS006';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER allocation_card AFTER INSERT ON allocation REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION allocation_card_check();

-- Fault cases. ---------------------------------------------------------------------------------------------------------
ALTER TABLE "fault_case" ADD COLUMN "server_id" TEXT, ADD COLUMN "incident_id" TEXT, ADD COLUMN "cause" TEXT,
  ADD COLUMN "reopened" INTEGER NOT NULL DEFAULT 0, ADD COLUMN "well_since" TIMESTAMPTZ(3), ADD COLUMN "owner_id" TEXT,
  ADD COLUMN "resolved_by" TEXT, ADD COLUMN "resolution" TEXT;
UPDATE fault_case f SET server_id = c.server_id, incident_id = f.id,
  resolved_by = CASE WHEN f.resolved_at IS NULL THEN NULL ELSE 'system:engine' END,
  cause = CASE
    WHEN f.kind IN ('page_retired', 'repeated_uncorrectable_ecc', 'memory_below_sold') THEN 'memory'
    WHEN f.kind = 'correctable_ecc_storm' THEN 'correctable_ecc'
    WHEN f.kind IN ('device_lost', 'cold_reboot_required', 'removed') THEN 'lost'
    WHEN f.kind IN ('reset_required', 'drain_and_reset_required') THEN 'blocked'
    WHEN f.kind IN ('node_reboot_required', 'server_reboot_pending', 'icn_link_down') THEN 'reboot'
    WHEN f.kind IN ('icn_reduced_width', 'p2p_drain_required') THEN 'link'
    WHEN f.kind = 'fabric_limited' THEN 'fabric'
    WHEN f.kind IN ('thermal_throttle', 'power_brake') THEN 'throttle'
    WHEN f.kind IN ('driver_not_loaded', 'driver_mismatch') THEN 'driver'
    WHEN f.kind IN ('events_lost', 'stream_broken') THEN 'unheard'
    ELSE 'unread' END
FROM card c WHERE c.id = f.card_id;
-- Of several open cases of one card and cause the newest goes on.
UPDATE fault_case f SET resolved_at = f.last_seen_at, resolved_by = 'system:engine'
WHERE f.resolved_at IS NULL AND EXISTS (SELECT FROM fault_case g WHERE g.card_id = f.card_id AND g.cause = f.cause
  AND g.resolved_at IS NULL AND (g.first_seen_at, g.id) > (f.first_seen_at, f.id));
ALTER TABLE "fault_case" ALTER COLUMN "server_id" SET NOT NULL, ALTER COLUMN "incident_id" SET NOT NULL, ALTER COLUMN "cause" SET NOT NULL;
ALTER TABLE fault_case ADD CONSTRAINT fault_case_resolved_check CHECK ((resolved_at IS NULL) = (resolved_by IS NULL)),
  ADD CONSTRAINT fault_case_resolution_check CHECK (resolution IS NULL OR resolved_at IS NOT NULL),
  ADD CONSTRAINT fault_case_reopened_check CHECK (reopened >= 0),
  ADD FOREIGN KEY (server_id) REFERENCES server_host, ADD FOREIGN KEY (incident_id) REFERENCES fault_case,
  ADD FOREIGN KEY (owner_id) REFERENCES user_account;
CREATE INDEX "fault_case_incident_id_idx" ON "fault_case"("incident_id");
CREATE INDEX "fault_case_resolved_at_idx" ON "fault_case"("resolved_at");
CREATE UNIQUE INDEX fault_case_open ON fault_case (card_id, cause) WHERE resolved_at IS NULL;

CREATE TABLE "fault_event" (
    "id" BIGSERIAL NOT NULL,
    "incident_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    CONSTRAINT "fault_event_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "fault_event_incident_id_id_idx" ON "fault_event"("incident_id", "id");
ALTER TABLE fault_event ADD FOREIGN KEY (incident_id) REFERENCES fault_case,
  ADD CONSTRAINT fault_event_kind_check CHECK (kind IN
    ('opened', 'changed', 'reopened', 'recovered', 'taken', 'givenBack', 'handedOver', 'remarked', 'resolved'));

-- Histories are append-only; the rules are fixed; staff and the system alone see all of it. -------------------------------
DO $$
DECLARE
  v_table text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['card_lifecycle_rule', 'card_transition', 'fault_event'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change()', v_table || '_fixed', v_table);
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION kashi_refuse_change()', v_table || '_kept', v_table);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
    EXECUTE format('CREATE POLICY wide ON %I USING ((SELECT kashi_is_wide())) WITH CHECK ((SELECT kashi_is_wide()))', v_table);
  END LOOP;
END $$;
GRANT SELECT ON card_lifecycle_rule TO kashi_app;
GRANT SELECT, INSERT ON card_transition, fault_event TO kashi_app;
GRANT USAGE ON SEQUENCE card_transition_id_seq, fault_event_id_seq TO kashi_app;
