/** A wall that lets no two reservations end in one statement: nothing that time asks for may be written together. */
export const ONE_END_AT_ONCE = `
  CREATE FUNCTION one_end() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF (SELECT count(*) FROM added WHERE kind = 'ended') > 1 THEN RAISE EXCEPTION 'two ends at once'; END IF;
    RETURN NULL;
  END $$;
  CREATE TRIGGER one_end AFTER INSERT ON reservation_event REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION one_end()`;
