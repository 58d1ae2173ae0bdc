-- Money that belongs to nobody here goes back to whoever sent it: out of suspense, with a reason.

ALTER TABLE bank_line ADD COLUMN "returned_by" TEXT, ADD COLUMN "returned_at" TIMESTAMPTZ(3), ADD COLUMN "return_reason" TEXT;
ALTER TABLE bank_line DROP CONSTRAINT bank_line_state_check;
ALTER TABLE bank_line ADD CONSTRAINT bank_line_state_check CHECK (state IN ('unmatched', 'matched', 'returned')),
  ADD CONSTRAINT bank_line_returned_check CHECK ((state = 'returned') = (returned_at IS NOT NULL AND returned_by IS NOT NULL AND return_reason IS NOT NULL));

INSERT INTO journal_rule (journal_kind, debit_kind, credit_kind) VALUES ('transferReturned', 'suspense', 'bank');
