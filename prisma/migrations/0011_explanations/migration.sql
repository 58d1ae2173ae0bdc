-- Why a command was refused, stored with the decision. What stands in the way by name is kept apart: a tenant reads the
-- counts of everybody's and the names of its own.
CREATE TABLE "explanation" (
    "command_id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    CONSTRAINT "explanation_pkey" PRIMARY KEY ("command_id")
);

CREATE TABLE "explanation_blocker" (
    "command_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "organisation_id" TEXT,
    "cards" INTEGER NOT NULL,
    "until_at" TIMESTAMPTZ(3),
    CONSTRAINT "explanation_blocker_pkey" PRIMARY KEY ("command_id", "position"),
    CONSTRAINT "explanation_blocker_command_id_fkey" FOREIGN KEY ("command_id") REFERENCES "explanation"("command_id") ON DELETE RESTRICT ON UPDATE CASCADE
);
-- An explanation belongs to whoever asked.
ALTER TABLE command ADD UNIQUE (id, organisation_id);
ALTER TABLE explanation ADD FOREIGN KEY (command_id, organisation_id) REFERENCES command (id, organisation_id),
  ADD CONSTRAINT explanation_token_check CHECK (token <> '' AND body->>'token' = token);
ALTER TABLE explanation_blocker ADD CONSTRAINT explanation_blocker_kind_check CHECK (kind IN ('reservation', 'maintenance', 'repair')),
  ADD CONSTRAINT explanation_blocker_cards_check CHECK (cards >= 0 AND position >= 0);

-- A promise that is planned anew says so: its page tells how often, and when last.
ALTER TABLE "reservation" ADD COLUMN "replans" INTEGER NOT NULL DEFAULT 0, ADD COLUMN "replanned_at" TIMESTAMPTZ(3);
ALTER TABLE reservation ADD CONSTRAINT reservation_replans_check CHECK (replans >= 0 AND (replans > 0) = (replanned_at IS NOT NULL));

DO $$
DECLARE
  v_table text;
BEGIN
  FOREACH v_table IN ARRAY ARRAY['explanation', 'explanation_blocker'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION kashi_refuse_change()', v_table || '_fixed', v_table);
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION kashi_refuse_change()', v_table || '_kept', v_table);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
    EXECUTE format('CREATE POLICY wide ON %I USING ((SELECT kashi_is_wide())) WITH CHECK ((SELECT kashi_is_wide()))', v_table);
  END LOOP;
END $$;
CREATE POLICY tenant ON explanation FOR SELECT USING (organisation_id = (SELECT kashi_organisation()));
-- Of what blocks one's own request, one's own reservations; never that one blocks somebody else's.
CREATE POLICY tenant ON explanation_blocker FOR SELECT USING (organisation_id = (SELECT kashi_organisation())
  AND EXISTS (SELECT FROM explanation e WHERE e.command_id = explanation_blocker.command_id));
GRANT SELECT, INSERT ON explanation, explanation_blocker TO kashi_app;
-- Whoever asks why has the reservation's id, which a refused request never became.
CREATE INDEX command_asked ON command ((payload->>'reservationId')) WHERE kind = 'reserve';
