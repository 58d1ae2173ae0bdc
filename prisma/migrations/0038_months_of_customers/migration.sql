-- Months due for service credits begin with the first that had a customer or use. As long as there was no use, every month since
-- the first promise counted: a new market gave the credits of 322 months, of nobody, in its engine's first turn, for a second.
CREATE OR REPLACE FUNCTION sla_months_due(p_now timestamptz) RETURNS TABLE (month text, put_right bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH late AS (
    SELECT shanghai_month(hour_at) AS month, count(*) AS put_right FROM usage_charge WHERE late_at IS NOT NULL GROUP BY 1
  ), market AS (
    SELECT least((SELECT min(counts_at) FROM usage_charge), (SELECT min(created_at) FROM organisation)) AT TIME ZONE 'UTC' + interval '8 hours' AS began_at
  ), months AS (
    SELECT to_char(m, 'YYYY-MM') AS month, (m - interval '8 hours') AT TIME ZONE 'UTC' AS from_at, (m + interval '1 month' - interval '8 hours') AT TIME ZONE 'UTC' AS to_at
    FROM market k, generate_series(
      date_trunc('month', greatest(k.began_at, (SELECT to_date(min(valid_from COLLATE "C"), 'YYYY-MM')::timestamp FROM sla_policy WHERE state = 'approved'))),
      date_trunc('month', p_now AT TIME ZONE 'UTC' + interval '8 hours') - interval '1 month', '1 month') m
    WHERE k.began_at IS NOT NULL
  )
  SELECT m.month, coalesce(l.put_right, 0) FROM months m LEFT JOIN late l USING (month) LEFT JOIN sla_month g USING (month)
  WHERE kashi_is_wide() AND g.put_right IS DISTINCT FROM coalesce(l.put_right, 0)
    AND (g.month IS NOT NULL OR NOT EXISTS (
      SELECT FROM allocation a JOIN reservation r ON r.id = a.reservation_id
      WHERE a.start_at < m.to_at AND coalesce(a.end_at, 'infinity') > m.from_at AND r.state <> 'cancelled' AND r.settled_at IS NULL
        AND NOT EXISTS (SELECT FROM metered_hour h WHERE h.pool_id = a.pool_id AND h.hour_at >= m.to_at - interval '1 hour')))
  ORDER BY m.month
$$;
