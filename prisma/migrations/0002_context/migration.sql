-- The application's role, the transaction's context, and the clock.

CREATE EXTENSION IF NOT EXISTS btree_gist;

-- Every application connection runs as this role: it owns nothing, so row-level security holds for it.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kashi_app') THEN
    CREATE ROLE kashi_app NOLOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  NULL; -- another database of this server made it at the same moment
END $$;

DO $$
BEGIN
  EXECUTE format('GRANT kashi_app TO %I', current_user);
EXCEPTION WHEN OTHERS THEN
  IF NOT pg_has_role(current_user, 'kashi_app', 'MEMBER') THEN RAISE; END IF;
END $$;

-- What withTx() sets for one transaction. An unset setting reads as NULL or '', which no policy accepts.
CREATE FUNCTION kashi_scope() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT nullif(current_setting('kashi.scope', true), '')
$$;
CREATE FUNCTION kashi_organisation() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT nullif(current_setting('kashi.organisation', true), '')
$$;
CREATE FUNCTION kashi_in_context() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT kashi_scope() IS NOT NULL
$$;
-- Staff and the system see across organisations.
CREATE FUNCTION kashi_is_wide() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce(kashi_scope() IN ('staff', 'system'), false)
$$;

CREATE FUNCTION kashi_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'KS001';
END $$;

-- The clock. One row; business time never goes back.
ALTER TABLE clock ADD CHECK (id = 1), ADD CHECK (mode IN ('real', 'demo')), ADD CHECK (rate_per_second >= 0);
INSERT INTO clock (id, mode, business_now, target_at, anchor_real, rate_per_second)
VALUES (1, 'real', '1970-01-01Z', '1970-01-01Z', clock_timestamp(), 0);

CREATE FUNCTION kashi_real_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
  SELECT date_trunc('milliseconds', clock_timestamp())
$$;

CREATE FUNCTION kashi_now() RETURNS timestamptz LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE mode WHEN 'demo' THEN business_now ELSE kashi_real_now() END FROM clock
$$;

-- Up to where the engine may step the demo clock at this moment, on a whole second.
CREATE FUNCTION kashi_clock_target() RETURNS timestamptz LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE mode
    WHEN 'demo' THEN target_at + make_interval(secs => floor(rate_per_second * extract(epoch FROM clock_timestamp() - anchor_real)))
    ELSE kashi_real_now()
  END FROM clock
$$;

CREATE FUNCTION kashi_clock_guard() RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF NOT kashi_is_wide() THEN
    RAISE EXCEPTION 'only staff and the system move the clock' USING ERRCODE = '42501';
  END IF;
END $$;

CREATE FUNCTION kashi_clock_demo(p_start timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_now timestamptz;
  v_start timestamptz;
BEGIN
  PERFORM kashi_clock_guard();
  SELECT CASE WHEN mode = 'demo' THEN business_now WHEN business_now > '1970-01-01Z' OR EXISTS (SELECT FROM organisation) THEN kashi_real_now() END
    INTO v_now FROM clock FOR UPDATE;
  v_start := date_trunc('second', coalesce(p_start, v_now, kashi_real_now()));
  IF v_start < date_trunc('second', v_now) THEN
    RAISE EXCEPTION 'the clock does not run backwards: it is %, asked for %', v_now, v_start USING ERRCODE = 'KS002';
  END IF;
  UPDATE clock SET mode = 'demo', business_now = v_start, target_at = v_start, anchor_real = clock_timestamp(), rate_per_second = 0;
END $$;

CREATE FUNCTION kashi_clock_real() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_clock clock;
BEGIN
  PERFORM kashi_clock_guard();
  SELECT * INTO v_clock FROM clock FOR UPDATE;
  IF v_clock.business_now > kashi_real_now() THEN
    RAISE EXCEPTION 'the clock does not run backwards: it is %, real time is %', v_clock.business_now, kashi_real_now() USING ERRCODE = 'KS002';
  END IF;
  UPDATE clock SET mode = 'real', rate_per_second = 0;
END $$;

CREATE FUNCTION kashi_clock_demand(p_target timestamptz, p_rate int) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_clock clock;
BEGIN
  PERFORM kashi_clock_guard();
  SELECT * INTO v_clock FROM clock FOR UPDATE;
  IF v_clock.mode <> 'demo' THEN
    RAISE EXCEPTION 'the clock is real time' USING ERRCODE = 'KS003';
  END IF;
  IF p_target < v_clock.business_now THEN
    RAISE EXCEPTION 'the clock does not run backwards: it is %, asked for %', v_clock.business_now, p_target USING ERRCODE = 'KS002';
  END IF;
  UPDATE clock SET target_at = date_trunc('second', p_target), anchor_real = clock_timestamp(), rate_per_second = p_rate;
  PERFORM pg_notify('kashi_change', 'clock');
END $$;

CREATE FUNCTION kashi_clock_step(p_to timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_clock clock;
BEGIN
  PERFORM kashi_clock_guard();
  SELECT * INTO v_clock FROM clock FOR UPDATE;
  IF v_clock.mode <> 'demo' OR p_to < v_clock.business_now OR p_to > kashi_clock_target() THEN
    RAISE EXCEPTION 'the clock steps from % to at most %, asked for %', v_clock.business_now, kashi_clock_target(), p_to USING ERRCODE = 'KS002';
  END IF;
  UPDATE clock SET business_now = p_to;
  PERFORM pg_notify('kashi_change', 'clock-stepped');
END $$;
