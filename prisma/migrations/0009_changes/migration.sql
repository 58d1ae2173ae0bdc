-- Changes of a booking: notices of its end, a rule by which it extends itself.

ALTER TABLE "reservation" ADD COLUMN "noticed_at" TIMESTAMPTZ(3),
  ADD COLUMN "auto_extend_step_seconds" INTEGER,
  ADD COLUMN "auto_extend_price_e10_max" BIGINT,
  ADD COLUMN "auto_extend_until_at" TIMESTAMPTZ(3),
  ADD COLUMN "auto_extend_try_at" TIMESTAMPTZ(3),
  ADD COLUMN "auto_extend_failure" TEXT;
-- What was booked before is told of its end from now on.
UPDATE reservation SET noticed_at = greatest(start_at, kashi_now());
ALTER TABLE "reservation" ALTER COLUMN "noticed_at" SET NOT NULL;
ALTER TABLE reservation ADD CONSTRAINT reservation_auto_extend_check CHECK (
  (auto_extend_step_seconds IS NULL) = (auto_extend_price_e10_max IS NULL)
  AND (auto_extend_step_seconds IS NULL) = (auto_extend_try_at IS NULL)
  AND (auto_extend_step_seconds IS NOT NULL OR (auto_extend_until_at IS NULL AND auto_extend_failure IS NULL))
  AND auto_extend_step_seconds > 0 AND auto_extend_price_e10_max >= 0);

-- Cards given back before the end. By the hour, what was held for them returns; a card of a running term is earned on as
-- unused, and a share of what the rest cost is credited at once (decisions/018).
ALTER TABLE "price_version" ADD COLUMN "return_share_bps" INTEGER NOT NULL DEFAULT 5000;
ALTER TABLE price_version ADD CONSTRAINT price_version_return_share_check CHECK (return_share_bps BETWEEN 0 AND 10000);
ALTER TABLE "allocation" ADD COLUMN "unused_until" TIMESTAMPTZ(3);
ALTER TABLE allocation ADD CONSTRAINT allocation_unused_check CHECK (unused_until IS NULL OR (end_at IS NOT NULL AND unused_until >= end_at));
CREATE INDEX allocation_unused ON allocation (pool_id, unused_until) WHERE unused_until IS NOT NULL;
INSERT INTO account_kind (kind, class, asset, is_locked) VALUES ('contraReturned', 'income', 'CNY/8', false);
INSERT INTO journal_rule (journal_kind, debit_kind, credit_kind) VALUES ('hoursReturned', 'contraReturned', 'wallet');

-- A booking that has not begun may be offered to another organisation. The offer is all that the other sees of it.
ALTER TABLE "reservation" ADD COLUMN "offered_to" TEXT REFERENCES organisation;
ALTER TABLE reservation ADD CONSTRAINT reservation_offered_check CHECK (offered_to IS NULL OR offered_to <> organisation_id);
CREATE TABLE "transfer_offer" (
    "id" BIGSERIAL NOT NULL,
    "reservation_id" TEXT NOT NULL,
    "pool_id" TEXT NOT NULL,
    "from_organisation_id" TEXT NOT NULL,
    "to_organisation_id" TEXT NOT NULL,
    "from_name" TEXT NOT NULL,
    "to_slug" TEXT NOT NULL,
    "sku_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "cards" INTEGER NOT NULL,
    "topology" TEXT NOT NULL,
    "start_at" TIMESTAMPTZ(3) NOT NULL,
    "end_at" TIMESTAMPTZ(3),
    "term" TEXT,
    "amount_units" BIGINT NOT NULL,
    "offered_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    CONSTRAINT "transfer_offer_pkey" PRIMARY KEY ("id"),
    CONSTRAINT transfer_offer_state_check CHECK (state IN ('open', 'accepted', 'withdrawn') AND (state = 'open') = (closed_at IS NULL)),
    CONSTRAINT transfer_offer_others_check CHECK (from_organisation_id <> to_organisation_id),
    FOREIGN KEY (reservation_id, from_organisation_id) REFERENCES reservation (id, organisation_id),
    FOREIGN KEY (to_organisation_id) REFERENCES organisation,
    FOREIGN KEY (sku_id) REFERENCES sku
);
CREATE INDEX "transfer_offer_to_organisation_id_state_idx" ON "transfer_offer"("to_organisation_id", "state");
CREATE UNIQUE INDEX transfer_offer_open ON transfer_offer (reservation_id) WHERE state = 'open';
ALTER TABLE transfer_offer ENABLE ROW LEVEL SECURITY;
CREATE POLICY wide ON transfer_offer USING ((SELECT kashi_is_wide())) WITH CHECK ((SELECT kashi_is_wide()));
CREATE POLICY parties ON transfer_offer FOR SELECT
  USING (from_organisation_id = (SELECT kashi_organisation()) OR to_organisation_id = (SELECT kashi_organisation()));
GRANT SELECT, INSERT, UPDATE ON transfer_offer TO kashi_app;
GRANT USAGE ON SEQUENCE transfer_offer_id_seq TO kashi_app;
