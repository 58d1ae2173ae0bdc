-- CreateTable
CREATE TABLE "audit_event" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor" TEXT NOT NULL,
    "organisation_id" TEXT,
    "action" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "request_id" TEXT NOT NULL,

    CONSTRAINT "audit_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "usage_charge" (
    "allocation_id" TEXT NOT NULL,
    "hour_at" TIMESTAMPTZ(3) NOT NULL,
    "revision" INTEGER NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "reservation_id" TEXT NOT NULL,
    "card_id" TEXT NOT NULL,
    "pool_id" TEXT NOT NULL,
    "sku_id" TEXT NOT NULL,
    "price_version_id" TEXT NOT NULL,
    "purchase" TEXT NOT NULL,
    "start_at" TIMESTAMPTZ(3) NOT NULL,
    "end_at" TIMESTAMPTZ(3) NOT NULL,
    "used_seconds" INTEGER NOT NULL,
    "down_seconds" INTEGER NOT NULL,
    "unused_seconds" INTEGER NOT NULL,
    "band_bps" INTEGER NOT NULL,
    "weighted_seconds_to_date" BIGINT NOT NULL,
    "charged_to_date_units" BIGINT NOT NULL,
    "amount_units" BIGINT NOT NULL,
    "journal_key" TEXT NOT NULL,
    "charged_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "usage_charge_pkey" PRIMARY KEY ("allocation_id","hour_at","revision")
);

-- CreateTable
CREATE TABLE "metered_hour" (
    "pool_id" TEXT NOT NULL,
    "hour_at" TIMESTAMPTZ(3) NOT NULL,
    "charged_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "metered_hour_pkey" PRIMARY KEY ("pool_id","hour_at")
);

-- CreateTable
CREATE TABLE "billing_period" (
    "month" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    "closed_by" TEXT,
    "totals" JSONB,

    CONSTRAINT "billing_period_pkey" PRIMARY KEY ("month")
);

-- CreateTable
CREATE TABLE "invoice_counter" (
    "entity" TEXT NOT NULL,
    "year" INTEGER NOT NULL,
    "last_number" INTEGER NOT NULL,

    CONSTRAINT "invoice_counter_pkey" PRIMARY KEY ("entity","year")
);

-- CreateTable
CREATE TABLE "invoice" (
    "id" TEXT NOT NULL,
    "number" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "month" TEXT NOT NULL,
    "issued_at" TIMESTAMPTZ(3) NOT NULL,
    "gross_units" BIGINT NOT NULL,
    "residue_units" BIGINT NOT NULL,
    "gross_fen" BIGINT NOT NULL,
    "net_fen" BIGINT NOT NULL,
    "tax_fen" BIGINT NOT NULL,
    "snapshot" JSONB NOT NULL,
    "snapshot_hash" TEXT NOT NULL,
    "previous_hash" TEXT NOT NULL,

    CONSTRAINT "invoice_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invoice_line" (
    "invoice_id" TEXT NOT NULL,
    "line" INTEGER NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "sku_id" TEXT NOT NULL,
    "price_version_id" TEXT NOT NULL,
    "purchase" TEXT NOT NULL,
    "used_seconds" BIGINT NOT NULL,
    "unused_seconds" BIGINT NOT NULL,
    "gross_units" BIGINT NOT NULL,
    "gross_fen" BIGINT NOT NULL,
    "net_fen" BIGINT NOT NULL,
    "tax_fen" BIGINT NOT NULL,
    "tax_rate_bps" INTEGER NOT NULL,

    CONSTRAINT "invoice_line_pkey" PRIMARY KEY ("invoice_id","line")
);

-- CreateTable
CREATE TABLE "card_model" (
    "id" TEXT NOT NULL,
    "vendor" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "arch" TEXT NOT NULL,
    "memory_mib" INTEGER NOT NULL,
    "icn_gb_per_sec" INTEGER NOT NULL,
    "power_watts" INTEGER NOT NULL,
    "facts" JSONB NOT NULL,

    CONSTRAINT "card_model_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sku" (
    "id" TEXT NOT NULL,
    "site_id" TEXT NOT NULL,
    "card_model_id" TEXT NOT NULL,
    "pool_id" TEXT NOT NULL,
    "purchase" TEXT NOT NULL,
    "tax_rate_bps" INTEGER NOT NULL,
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "sku_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "price_version" (
    "id" TEXT NOT NULL,
    "sku_id" TEXT NOT NULL,
    "valid_from" TIMESTAMPTZ(3) NOT NULL,
    "price_e10_per_card_hour" BIGINT NOT NULL,

    CONSTRAINT "price_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "price_band" (
    "price_version_id" TEXT NOT NULL,
    "from_hour" INTEGER NOT NULL,
    "to_hour" INTEGER NOT NULL,
    "factor_bps" INTEGER NOT NULL,

    CONSTRAINT "price_band_pkey" PRIMARY KEY ("price_version_id","from_hour")
);

-- CreateTable
CREATE TABLE "price_term" (
    "price_version_id" TEXT NOT NULL,
    "term" TEXT NOT NULL,
    "term_seconds" INTEGER NOT NULL,
    "factor_bps" INTEGER NOT NULL,

    CONSTRAINT "price_term_pkey" PRIMARY KEY ("price_version_id","term")
);

-- CreateTable
CREATE TABLE "image" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "sdk" TEXT NOT NULL,
    "archs" TEXT[],
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "image_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "quote" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "sku_id" TEXT NOT NULL,
    "pool_id" TEXT NOT NULL,
    "price_version_id" TEXT NOT NULL,
    "image_id" TEXT,
    "purchase" TEXT NOT NULL,
    "cards" INTEGER NOT NULL,
    "topology" TEXT NOT NULL,
    "start_at" TIMESTAMPTZ(3),
    "duration_seconds" INTEGER,
    "term" TEXT,
    "total_units" BIGINT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "quote_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "card_reading" (
    "card_id" TEXT NOT NULL,
    "server_id" TEXT NOT NULL,
    "organisation_id" TEXT,
    "sampled_at" TIMESTAMPTZ(3) NOT NULL,
    "readings" JSONB NOT NULL,

    CONSTRAINT "card_reading_pkey" PRIMARY KEY ("card_id")
);

-- CreateTable
CREATE TABLE "device_grant" (
    "reservation_id" TEXT NOT NULL,
    "server_id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "granted_at" TIMESTAMPTZ(3) NOT NULL,
    "environment" JSONB NOT NULL,
    "devices" JSONB NOT NULL,

    CONSTRAINT "device_grant_pkey" PRIMARY KEY ("reservation_id","server_id")
);

-- CreateTable
CREATE TABLE "device_request" (
    "id" TEXT NOT NULL,
    "pool_id" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "asked_by" TEXT NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "taken_at" TIMESTAMPTZ(3),
    "outcome" TEXT,

    CONSTRAINT "device_request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user_account" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "locale" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "user_account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user_password" (
    "user_id" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "user_password_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "sign_in_attempt" (
    "email" TEXT NOT NULL,
    "failures" INTEGER NOT NULL,
    "blocked_until" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sign_in_attempt_pkey" PRIMARY KEY ("email")
);

-- CreateTable
CREATE TABLE "session" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "user_agent" TEXT NOT NULL,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "organisation" (
    "id" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "card_quota" INTEGER NOT NULL,
    "monthly_spending_limit_units" BIGINT,

    CONSTRAINT "organisation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "membership" (
    "organisation_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "membership_pkey" PRIMARY KEY ("organisation_id","user_id")
);

-- CreateTable
CREATE TABLE "staff_role" (
    "user_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,

    CONSTRAINT "staff_role_pkey" PRIMARY KEY ("user_id","role")
);

-- CreateTable
CREATE TABLE "invitation" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "invited_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "accepted_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "secret_hash" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "level" (
    "id" TEXT NOT NULL,
    "rank" INTEGER NOT NULL,

    CONSTRAINT "level_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "place" (
    "id" TEXT NOT NULL,
    "parent_id" TEXT,
    "level_id" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "name" JSONB NOT NULL,
    "path" TEXT NOT NULL,

    CONSTRAINT "place_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "server_host" (
    "place_id" TEXT NOT NULL,
    "pool_id" TEXT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "card_count" INTEGER NOT NULL,
    "driver_version" TEXT NOT NULL,
    "driver_kind" TEXT NOT NULL,

    CONSTRAINT "server_host_pkey" PRIMARY KEY ("place_id")
);

-- CreateTable
CREATE TABLE "pool" (
    "id" TEXT NOT NULL,
    "site_id" TEXT NOT NULL,
    "card_model_id" TEXT NOT NULL,

    CONSTRAINT "pool_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "card" (
    "id" TEXT NOT NULL,
    "pool_id" TEXT NOT NULL,
    "server_id" TEXT NOT NULL,
    "card_model_id" TEXT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "slot" INTEGER NOT NULL,
    "uuid" TEXT NOT NULL,
    "serial" TEXT NOT NULL,
    "pci_bus_id" TEXT NOT NULL,
    "numa_node" INTEGER NOT NULL,
    "health" TEXT NOT NULL,
    "schedulability" TEXT NOT NULL,
    "commercial" TEXT NOT NULL,
    "in_service_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "card_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "card_outage" (
    "id" BIGSERIAL NOT NULL,
    "card_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "start_at" TIMESTAMPTZ(3) NOT NULL,
    "end_at" TIMESTAMPTZ(3),
    "reason" TEXT NOT NULL,
    "actor" TEXT NOT NULL,

    CONSTRAINT "card_outage_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "fault_case" (
    "id" TEXT NOT NULL,
    "card_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "xid" INTEGER,
    "severity" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "resolved_at" TIMESTAMPTZ(3),

    CONSTRAINT "fault_case_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "account_kind" (
    "kind" TEXT NOT NULL,
    "class" TEXT NOT NULL,
    "asset" TEXT NOT NULL,
    "is_locked" BOOLEAN NOT NULL,

    CONSTRAINT "account_kind_pkey" PRIMARY KEY ("kind")
);

-- CreateTable
CREATE TABLE "journal_rule" (
    "journal_kind" TEXT NOT NULL,
    "debit_kind" TEXT NOT NULL,
    "credit_kind" TEXT NOT NULL,

    CONSTRAINT "journal_rule_pkey" PRIMARY KEY ("journal_kind","debit_kind","credit_kind")
);

-- CreateTable
CREATE TABLE "account" (
    "id" BIGSERIAL NOT NULL,
    "path" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "asset" TEXT NOT NULL,
    "organisation_id" TEXT,
    "balance_units" BIGINT,
    "minimum_units" BIGINT,
    "posting_count" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "journal" (
    "id" BIGSERIAL NOT NULL,
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "organisation_id" TEXT,
    "effective_at" TIMESTAMPTZ(3) NOT NULL,
    "posted_at" TIMESTAMPTZ(3) NOT NULL,
    "actor" TEXT NOT NULL,
    "source" JSONB NOT NULL,
    "content_hash" TEXT NOT NULL,
    "reverses_key" TEXT,

    CONSTRAINT "journal_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "posting" (
    "journal_id" BIGINT NOT NULL,
    "leg" INTEGER NOT NULL,
    "account_id" BIGINT NOT NULL,
    "asset" TEXT NOT NULL,
    "debit_units" BIGINT NOT NULL,
    "credit_units" BIGINT NOT NULL,

    CONSTRAINT "posting_pkey" PRIMARY KEY ("journal_id","leg")
);

-- CreateTable
CREATE TABLE "hold" (
    "account_id" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "placed_units" BIGINT NOT NULL,
    "captured_units" BIGINT NOT NULL,
    "released_units" BIGINT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "resolved_at" TIMESTAMPTZ(3),

    CONSTRAINT "hold_pkey" PRIMARY KEY ("account_id")
);

-- CreateTable
CREATE TABLE "closed_month" (
    "month" TEXT NOT NULL,
    "closed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "closed_month_pkey" PRIMARY KEY ("month")
);

-- CreateTable
CREATE TABLE "chain_block" (
    "chain" TEXT NOT NULL,
    "number" BIGINT NOT NULL,
    "row_count" INTEGER NOT NULL,
    "previous_hash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "sealed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "chain_block_pkey" PRIMARY KEY ("chain","number")
);

-- CreateTable
CREATE TABLE "chain_row" (
    "chain" TEXT NOT NULL,
    "row_id" BIGINT NOT NULL,
    "block_number" BIGINT NOT NULL,

    CONSTRAINT "chain_row_pkey" PRIMARY KEY ("chain","row_id")
);

-- CreateTable
CREATE TABLE "evidence" (
    "id" BIGSERIAL NOT NULL,
    "allocation_id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "card_id" TEXT NOT NULL,
    "start_at" TIMESTAMPTZ(3) NOT NULL,
    "end_at" TIMESTAMPTZ(3),

    CONSTRAINT "evidence_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "proof_mark" (
    "pool_id" TEXT NOT NULL,
    "proven_until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "proof_mark_pkey" PRIMARY KEY ("pool_id")
);

-- CreateTable
CREATE TABLE "payment" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "amount_fen" BIGINT NOT NULL,
    "state" TEXT NOT NULL,
    "remittance_code" TEXT,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),
    "settled_fen" BIGINT,
    "journal_key" TEXT,

    CONSTRAINT "payment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bank_line" (
    "id" TEXT NOT NULL,
    "bank_reference" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "amount_fen" BIGINT NOT NULL,
    "payer_name" TEXT NOT NULL,
    "remark" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "payment_id" TEXT,
    "recorded_by" TEXT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "matched_by" TEXT,
    "matched_at" TIMESTAMPTZ(3),

    CONSTRAINT "bank_line_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "clock" (
    "id" INTEGER NOT NULL,
    "mode" TEXT NOT NULL,
    "business_now" TIMESTAMPTZ(3) NOT NULL,
    "target_at" TIMESTAMPTZ(3) NOT NULL,
    "anchor_real" TIMESTAMPTZ(3) NOT NULL,
    "rate_per_second" INTEGER NOT NULL,

    CONSTRAINT "clock_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "pool_lease" (
    "pool_id" TEXT NOT NULL,
    "epoch" BIGINT NOT NULL,
    "holder" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "decisions" BIGINT NOT NULL,
    "plan_version" BIGINT NOT NULL,

    CONSTRAINT "pool_lease_pkey" PRIMARY KEY ("pool_id")
);

-- CreateTable
CREATE TABLE "command" (
    "id" TEXT NOT NULL,
    "number" BIGSERIAL NOT NULL,
    "pool_id" TEXT NOT NULL,
    "organisation_id" TEXT,
    "kind" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "payload_hash" TEXT NOT NULL,
    "idempotency_key" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "request_id" TEXT NOT NULL,
    "submitted_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "decision_number" BIGINT,
    "decided_at" TIMESTAMPTZ(3),
    "inputs" JSONB,
    "answer" JSONB,
    "epoch" BIGINT,

    CONSTRAINT "command_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reservation" (
    "id" TEXT NOT NULL,
    "pool_id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "sku_id" TEXT NOT NULL,
    "price_version_id" TEXT NOT NULL,
    "image_id" TEXT,
    "name" TEXT NOT NULL,
    "purchase" TEXT NOT NULL,
    "cards" INTEGER NOT NULL,
    "topology" TEXT NOT NULL,
    "start_at" TIMESTAMPTZ(3) NOT NULL,
    "end_at" TIMESTAMPTZ(3),
    "held_until" TIMESTAMPTZ(3),
    "term" TEXT,
    "term_seconds" INTEGER,
    "term_price_units" BIGINT,
    "placements" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "end_reason" TEXT,
    "settled_at" TIMESTAMPTZ(3),
    "lost" JSONB NOT NULL,
    "plan" JSONB NOT NULL,
    "is_bound" BOOLEAN NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "reservation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reservation_event" (
    "id" BIGSERIAL NOT NULL,
    "reservation_id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "data" JSONB NOT NULL,

    CONSTRAINT "reservation_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "allocation" (
    "id" TEXT NOT NULL,
    "reservation_id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "pool_id" TEXT NOT NULL,
    "card_id" TEXT NOT NULL,
    "start_at" TIMESTAMPTZ(3) NOT NULL,
    "end_at" TIMESTAMPTZ(3),

    CONSTRAINT "allocation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "availability" (
    "pool_id" TEXT NOT NULL,
    "plan_version" BIGINT NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL,
    "from_hour_at" TIMESTAMPTZ(3) NOT NULL,
    "total_cards" INTEGER NOT NULL,
    "free_cards" INTEGER[],
    "free_servers" INTEGER[],
    "free_supernodes" INTEGER[],
    "largest_on_server" INTEGER[],
    "largest_on_supernode" INTEGER[],

    CONSTRAINT "availability_pkey" PRIMARY KEY ("pool_id")
);

-- CreateTable
CREATE TABLE "workload" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "reservation_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "image_id" TEXT NOT NULL,
    "command" TEXT NOT NULL,
    "cards" INTEGER NOT NULL,
    "walltime_seconds" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "exit_code" INTEGER,
    "cancel_asked_at" TIMESTAMPTZ(3),
    "submitted_by" TEXT NOT NULL,
    "submitted_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "card_ids" TEXT[],
    "log" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "workload_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "audit_event_organisation_id_id_idx" ON "audit_event"("organisation_id", "id");

-- CreateIndex
CREATE INDEX "audit_event_target_id_idx" ON "audit_event"("target", "id");

-- CreateIndex
CREATE INDEX "usage_charge_organisation_id_hour_at_idx" ON "usage_charge"("organisation_id", "hour_at");

-- CreateIndex
CREATE INDEX "usage_charge_reservation_id_hour_at_idx" ON "usage_charge"("reservation_id", "hour_at");

-- CreateIndex
CREATE INDEX "usage_charge_hour_at_idx" ON "usage_charge"("hour_at");

-- CreateIndex
CREATE UNIQUE INDEX "invoice_number_key" ON "invoice"("number");

-- CreateIndex
CREATE UNIQUE INDEX "invoice_organisation_id_month_key" ON "invoice"("organisation_id", "month");

-- CreateIndex
CREATE UNIQUE INDEX "sku_pool_id_purchase_key" ON "sku"("pool_id", "purchase");

-- CreateIndex
CREATE UNIQUE INDEX "price_version_sku_id_valid_from_key" ON "price_version"("sku_id", "valid_from");

-- CreateIndex
CREATE INDEX "quote_organisation_id_created_at_idx" ON "quote"("organisation_id", "created_at");

-- CreateIndex
CREATE INDEX "card_reading_server_id_idx" ON "card_reading"("server_id");

-- CreateIndex
CREATE INDEX "device_request_pool_id_taken_at_idx" ON "device_request"("pool_id", "taken_at");

-- CreateIndex
CREATE UNIQUE INDEX "user_account_email_key" ON "user_account"("email");

-- CreateIndex
CREATE INDEX "session_user_id_idx" ON "session"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "organisation_slug_key" ON "organisation"("slug");

-- CreateIndex
CREATE INDEX "membership_user_id_idx" ON "membership"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "invitation_token_hash_key" ON "invitation"("token_hash");

-- CreateIndex
CREATE INDEX "invitation_organisation_id_idx" ON "invitation"("organisation_id");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_secret_hash_key" ON "api_key"("secret_hash");

-- CreateIndex
CREATE INDEX "api_key_organisation_id_idx" ON "api_key"("organisation_id");

-- CreateIndex
CREATE UNIQUE INDEX "level_rank_key" ON "level"("rank");

-- CreateIndex
CREATE UNIQUE INDEX "place_path_key" ON "place"("path");

-- CreateIndex
CREATE INDEX "place_parent_id_idx" ON "place"("parent_id");

-- CreateIndex
CREATE UNIQUE INDEX "server_host_pool_id_ordinal_key" ON "server_host"("pool_id", "ordinal");

-- CreateIndex
CREATE UNIQUE INDEX "pool_site_id_card_model_id_key" ON "pool"("site_id", "card_model_id");

-- CreateIndex
CREATE UNIQUE INDEX "card_uuid_key" ON "card"("uuid");

-- CreateIndex
CREATE UNIQUE INDEX "card_pool_id_ordinal_key" ON "card"("pool_id", "ordinal");

-- CreateIndex
CREATE UNIQUE INDEX "card_server_id_slot_key" ON "card"("server_id", "slot");

-- CreateIndex
CREATE INDEX "card_outage_card_id_start_at_idx" ON "card_outage"("card_id", "start_at");

-- CreateIndex
CREATE INDEX "fault_case_card_id_first_seen_at_idx" ON "fault_case"("card_id", "first_seen_at");

-- CreateIndex
CREATE UNIQUE INDEX "account_path_key" ON "account"("path");

-- CreateIndex
CREATE INDEX "account_organisation_id_idx" ON "account"("organisation_id");

-- CreateIndex
CREATE UNIQUE INDEX "journal_key_key" ON "journal"("key");

-- CreateIndex
CREATE UNIQUE INDEX "journal_reverses_key_key" ON "journal"("reverses_key");

-- CreateIndex
CREATE INDEX "journal_organisation_id_id_idx" ON "journal"("organisation_id", "id");

-- CreateIndex
CREATE INDEX "journal_kind_effective_at_idx" ON "journal"("kind", "effective_at");

-- CreateIndex
CREATE INDEX "posting_account_id_journal_id_idx" ON "posting"("account_id", "journal_id");

-- CreateIndex
CREATE UNIQUE INDEX "hold_subject_key" ON "hold"("subject");

-- CreateIndex
CREATE INDEX "hold_organisation_id_idx" ON "hold"("organisation_id");

-- CreateIndex
CREATE INDEX "chain_row_chain_block_number_idx" ON "chain_row"("chain", "block_number");

-- CreateIndex
CREATE INDEX "evidence_allocation_id_start_at_idx" ON "evidence"("allocation_id", "start_at");

-- CreateIndex
CREATE UNIQUE INDEX "payment_remittance_code_key" ON "payment"("remittance_code");

-- CreateIndex
CREATE UNIQUE INDEX "payment_journal_key_key" ON "payment"("journal_key");

-- CreateIndex
CREATE INDEX "payment_organisation_id_created_at_idx" ON "payment"("organisation_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "bank_line_bank_reference_key" ON "bank_line"("bank_reference");

-- CreateIndex
CREATE UNIQUE INDEX "bank_line_payment_id_key" ON "bank_line"("payment_id");

-- CreateIndex
CREATE UNIQUE INDEX "command_number_key" ON "command"("number");

-- CreateIndex
CREATE INDEX "command_pool_id_state_number_idx" ON "command"("pool_id", "state", "number");

-- CreateIndex
CREATE UNIQUE INDEX "command_pool_id_decision_number_key" ON "command"("pool_id", "decision_number");

-- CreateIndex
CREATE INDEX "reservation_organisation_id_created_at_idx" ON "reservation"("organisation_id", "created_at");

-- CreateIndex
CREATE INDEX "reservation_pool_id_state_idx" ON "reservation"("pool_id", "state");

-- CreateIndex
CREATE INDEX "reservation_event_reservation_id_id_idx" ON "reservation_event"("reservation_id", "id");

-- CreateIndex
CREATE INDEX "allocation_reservation_id_idx" ON "allocation"("reservation_id");

-- CreateIndex
CREATE INDEX "allocation_pool_id_end_at_idx" ON "allocation"("pool_id", "end_at");

-- CreateIndex
CREATE INDEX "workload_reservation_id_idx" ON "workload"("reservation_id");

-- CreateIndex
CREATE INDEX "workload_organisation_id_submitted_at_idx" ON "workload"("organisation_id", "submitted_at");

-- AddForeignKey
ALTER TABLE "invoice" ADD CONSTRAINT "invoice_month_fkey" FOREIGN KEY ("month") REFERENCES "billing_period"("month") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invoice_line" ADD CONSTRAINT "invoice_line_invoice_id_fkey" FOREIGN KEY ("invoice_id") REFERENCES "invoice"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sku" ADD CONSTRAINT "sku_card_model_id_fkey" FOREIGN KEY ("card_model_id") REFERENCES "card_model"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sku" ADD CONSTRAINT "sku_pool_id_fkey" FOREIGN KEY ("pool_id") REFERENCES "pool"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "price_version" ADD CONSTRAINT "price_version_sku_id_fkey" FOREIGN KEY ("sku_id") REFERENCES "sku"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "price_band" ADD CONSTRAINT "price_band_price_version_id_fkey" FOREIGN KEY ("price_version_id") REFERENCES "price_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "price_term" ADD CONSTRAINT "price_term_price_version_id_fkey" FOREIGN KEY ("price_version_id") REFERENCES "price_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "user_password" ADD CONSTRAINT "user_password_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_organisation_id_fkey" FOREIGN KEY ("organisation_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "staff_role" ADD CONSTRAINT "staff_role_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_organisation_id_fkey" FOREIGN KEY ("organisation_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_organisation_id_fkey" FOREIGN KEY ("organisation_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "place" ADD CONSTRAINT "place_level_id_fkey" FOREIGN KEY ("level_id") REFERENCES "level"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "place" ADD CONSTRAINT "place_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "place"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "server_host" ADD CONSTRAINT "server_host_place_id_fkey" FOREIGN KEY ("place_id") REFERENCES "place"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "server_host" ADD CONSTRAINT "server_host_pool_id_fkey" FOREIGN KEY ("pool_id") REFERENCES "pool"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pool" ADD CONSTRAINT "pool_site_id_fkey" FOREIGN KEY ("site_id") REFERENCES "place"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pool" ADD CONSTRAINT "pool_card_model_id_fkey" FOREIGN KEY ("card_model_id") REFERENCES "card_model"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "card" ADD CONSTRAINT "card_server_id_fkey" FOREIGN KEY ("server_id") REFERENCES "server_host"("place_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "card" ADD CONSTRAINT "card_pool_id_fkey" FOREIGN KEY ("pool_id") REFERENCES "pool"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "card" ADD CONSTRAINT "card_card_model_id_fkey" FOREIGN KEY ("card_model_id") REFERENCES "card_model"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "card_outage" ADD CONSTRAINT "card_outage_card_id_fkey" FOREIGN KEY ("card_id") REFERENCES "card"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "fault_case" ADD CONSTRAINT "fault_case_card_id_fkey" FOREIGN KEY ("card_id") REFERENCES "card"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account" ADD CONSTRAINT "account_kind_fkey" FOREIGN KEY ("kind") REFERENCES "account_kind"("kind") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "posting" ADD CONSTRAINT "posting_journal_id_fkey" FOREIGN KEY ("journal_id") REFERENCES "journal"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "posting" ADD CONSTRAINT "posting_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "hold" ADD CONSTRAINT "hold_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "chain_row" ADD CONSTRAINT "chain_row_chain_block_number_fkey" FOREIGN KEY ("chain", "block_number") REFERENCES "chain_block"("chain", "number") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bank_line" ADD CONSTRAINT "bank_line_payment_id_fkey" FOREIGN KEY ("payment_id") REFERENCES "payment"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reservation_event" ADD CONSTRAINT "reservation_event_reservation_id_fkey" FOREIGN KEY ("reservation_id") REFERENCES "reservation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
