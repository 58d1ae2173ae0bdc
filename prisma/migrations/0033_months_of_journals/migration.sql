-- Closed months lie behind almost every journal. Whether one would become effective in such a month is asked of its name, which costs
-- a call a journal; now only of journals that are earlier than the end of the last closed month. No wall moves: a month is closed by
-- its name, and what has that name is earlier than its end.
CREATE OR REPLACE FUNCTION journal_check_month() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  -- The first instant behind it, in Shanghai; null before any month was closed.
  v_closed_until timestamptz := (SELECT ((max(month) || '-01')::timestamp + interval '1 month' - interval '8 hours') AT TIME ZONE 'UTC' FROM closed_month);
  v_key text;
BEGIN
  IF NOT EXISTS (SELECT FROM added WHERE effective_at < v_closed_until) THEN RETURN NULL; END IF;
  SELECT j.key INTO v_key FROM added j JOIN closed_month m ON m.month = shanghai_month(j.effective_at)
    WHERE NOT (j.kind IN ('reversal', 'creditNoteIssued') AND month_is_reopened(m.month)) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'journal % would become effective in a closed month', v_key USING ERRCODE = 'KL403';
  END IF;
  RETURN NULL;
END $$;
