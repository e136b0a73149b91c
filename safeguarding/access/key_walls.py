"""What may be done to keys, as functions of the database: the app's role changes no row of the key tables itself (RET-07).

Wrapping anew never loses a key, destroying one always leaves a line in the ledger, and nothing that is in use is retired.
"""

from safeguarding.access.handlers import APP
from safeguarding.access.rules import KEYS

_ONLY_KEYS = (
    f"IF app.service() <> '{KEYS}' THEN RAISE EXCEPTION 'only {KEYS} does this' USING ERRCODE = '42501'; END IF;"
)
_HEAD = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$"

FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION app.destroy_data_key(data_key bigint, what text, subject text, rule text) RETURNS boolean {_HEAD}
DECLARE gone record; kek record;
BEGIN
  -- without a join: a row that a rotation has just moved would no longer join, and its key would stay
  UPDATE public.crypto_datakey k SET wrapped = NULL, destroyed_at = clock_timestamp()
   WHERE k.id = data_key AND k.wrapped IS NOT NULL RETURNING k.kek_id, k.created_at, k.destroyed_at INTO gone;
  IF NOT FOUND THEN RETURN false; END IF;
  SELECT * INTO kek FROM public.crypto_keyencryptionkey e WHERE e.id = gone.kek_id;
  INSERT INTO public.crypto_shredding
    (entry, data_key_number, key_made_at, partnership_id, bucket, what, subject, rule, service, user_number, at)
  VALUES (gen_random_uuid(), data_key, gone.created_at, kek.partnership_id, kek.bucket, what, subject, rule, app.service(),
    nullif(current_setting('app.user_id', true), '')::bigint, gone.destroyed_at);
  RETURN true;
END $$;

CREATE OR REPLACE FUNCTION app.replay_shredding(
  line uuid, data_key bigint, made_at timestamptz, partnership bigint, of_bucket text, of_what text, of_subject text,
  by_rule text, by_service text, by_user bigint, happened_at timestamptz) RETURNS boolean {_HEAD}
DECLARE found_key boolean;
BEGIN
  {_ONLY_KEYS}
  UPDATE public.crypto_datakey k SET wrapped = NULL, destroyed_at = happened_at
   WHERE k.id = data_key AND k.created_at = made_at AND k.wrapped IS NOT NULL;
  found_key := FOUND;
  UPDATE public.alerts_notification n SET content = NULL, purged_at = happened_at FROM public.crypto_datakey k
   WHERE k.id = data_key AND k.created_at = made_at AND n.crypto_key_id = k.id AND n.purged_at IS NULL;
  DELETE FROM public.alerts_matchcandidate m USING public.alerts_notificationchild c, public.alerts_notification n
   WHERE n.crypto_key_id = data_key AND n.purged_at IS NOT NULL AND c.notification_id = n.id AND m.notification_child_id = c.id;
  INSERT INTO public.crypto_shredding
    (entry, data_key_number, key_made_at, partnership_id, bucket, what, subject, rule, service, user_number, at, copied_at)
  VALUES (line, data_key, made_at, partnership, of_bucket, of_what, of_subject, by_rule, by_service, by_user, happened_at, now())
  ON CONFLICT (entry) DO NOTHING;
  RETURN found_key;
END $$;

CREATE OR REPLACE FUNCTION app.mark_copied(lines bigint[]) RETURNS void {_HEAD}
BEGIN
  {_ONLY_KEYS}
  UPDATE public.crypto_shredding s SET copied_at = now() WHERE s.id = ANY (lines) AND s.copied_at IS NULL;
END $$;

CREATE OR REPLACE FUNCTION app.take_data_keys(under bigint[], after bigint, many integer)
RETURNS TABLE (id bigint, kek_id bigint, wrapped bytea) {_HEAD}
BEGIN
  {_ONLY_KEYS}
  RETURN QUERY SELECT k.id, k.kek_id, k.wrapped FROM public.crypto_datakey k
   WHERE k.kek_id = ANY (under) AND k.wrapped IS NOT NULL AND k.id > after
   ORDER BY k.id LIMIT many FOR UPDATE SKIP LOCKED;
END $$;

CREATE OR REPLACE FUNCTION app.rewrap_data_keys(new_kek bigint, numbers bigint[], wraps bytea[]) RETURNS bigint {_HEAD}
DECLARE done bigint;
BEGIN
  {_ONLY_KEYS}
  UPDATE public.crypto_datakey k SET wrapped = w.wrapped, kek_id = new_kek
    FROM unnest(numbers, wraps) AS w(id, wrapped), public.crypto_keyencryptionkey o, public.crypto_keyencryptionkey n
   WHERE k.id = w.id AND k.wrapped IS NOT NULL AND w.wrapped IS NOT NULL AND o.id = k.kek_id AND n.id = new_kek
     AND n.wrapped IS NOT NULL AND n.bucket = o.bucket AND n.partnership_id IS NOT DISTINCT FROM o.partnership_id
     AND n.version > o.version;
  GET DIAGNOSTICS done = ROW_COUNT;
  RETURN done;
END $$;

CREATE OR REPLACE FUNCTION app.rewrap_kek(kek bigint, from_root integer, to_root integer, fresh bytea) RETURNS boolean {_HEAD}
BEGIN
  {_ONLY_KEYS}
  UPDATE public.crypto_keyencryptionkey k SET wrapped = fresh, root_version = to_root
   WHERE k.id = kek AND k.root_version = from_root AND k.wrapped IS NOT NULL AND fresh IS NOT NULL AND to_root > from_root
     AND EXISTS (SELECT FROM public.crypto_rootkey r WHERE r.version = to_root AND r.retired_at IS NULL);
  RETURN FOUND;
END $$;

CREATE OR REPLACE FUNCTION app.retire_kek(kek bigint) RETURNS boolean {_HEAD}
DECLARE k record;
BEGIN
  {_ONLY_KEYS}
  SELECT * INTO k FROM public.crypto_keyencryptionkey e WHERE e.id = kek;
  -- whoever is sealing under this bucket's keys holds the lock until its commit; then its rows are to be seen
  IF NOT pg_try_advisory_xact_lock(hashtextextended('kek|' || coalesce(k.partnership_id::text, '') || '|' || k.bucket, 0)) THEN
    RETURN false;
  END IF;
  UPDATE public.crypto_keyencryptionkey e SET wrapped = NULL, retired_at = now()
   WHERE e.id = kek AND e.wrapped IS NOT NULL
     AND NOT EXISTS (SELECT FROM public.crypto_datakey d WHERE d.kek_id = kek AND d.wrapped IS NOT NULL)
     AND EXISTS (SELECT FROM public.crypto_keyencryptionkey n WHERE n.bucket = k.bucket AND n.version > k.version
                 AND n.wrapped IS NOT NULL AND n.partnership_id IS NOT DISTINCT FROM k.partnership_id);
  RETURN FOUND;
END $$;

CREATE OR REPLACE FUNCTION app.retire_root(number integer) RETURNS boolean {_HEAD}
BEGIN
  {_ONLY_KEYS}
  IF NOT pg_try_advisory_xact_lock(hashtextextended('root keys', 0)) THEN RETURN false; END IF;
  UPDATE public.crypto_rootkey r SET retired_at = now()
   WHERE r.version = number AND r.retired_at IS NULL
     AND NOT EXISTS (SELECT FROM public.crypto_keyencryptionkey k WHERE k.root_version = number AND k.wrapped IS NOT NULL)
     AND EXISTS (SELECT FROM public.crypto_rootkey n WHERE n.version > number AND n.retired_at IS NULL);
  RETURN FOUND;
END $$;
"""

# the only one that nobody calls from outside: a purge calls it, behind the walls
INSIDE_ONLY = "destroy_data_key(bigint, text, text, text)"
DEFINER_FUNCTIONS = (
    INSIDE_ONLY,
    "replay_shredding(uuid, bigint, timestamptz, bigint, text, text, text, text, text, bigint, timestamptz)",
    "mark_copied(bigint[])",
    "take_data_keys(bigint[], bigint, integer)",
    "rewrap_data_keys(bigint, bigint[], bytea[])",
    "rewrap_kek(bigint, integer, integer, bytea)",
    "retire_kek(bigint)",
    "retire_root(integer)",
)
READS = ("crypto_datakey", "crypto_keyencryptionkey", "crypto_rootkey", "crypto_shredding")
INSERTS = ("crypto_shredding",)
HIDE_INSIDE = f"REVOKE EXECUTE ON FUNCTION app.{INSIDE_ONLY} FROM {APP}"
