"""The conditions for content: current training, and the terms acknowledged (NTK-06).

`agencies_membership.cleared_until` is kept by the database itself: whatever the answer hangs on, in whatever transaction it
changes, a trigger works it out anew. Both walls compare it with the moment: what lapses needs no job to close it. Asked
live instead, one list of alerts had 153 subplans, and was planned for longer than it ran.
"""

from collections.abc import Iterator

from safeguarding.access.handlers import AUDIENCE_BITS, NEEDS_NO_TRAINING

# Beyond what anybody's training lasts, and within what a datetime can hold.
ALWAYS, NEVER = "9999-01-01+00", "1970-01-01+00"
_LOCK = 20061
_AUDIENCE_ROWS = ", ".join(f"('{role}', {bit})" for role, bit in AUDIENCE_BITS.items())

CLEARED_UNTIL = f"""
CREATE OR REPLACE FUNCTION app.cleared_until(person bigint, partnership bigint, held text) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT least(
    (SELECT min(t.required_from) FROM public.agencies_terms t WHERE t.partnership_id = partnership AND NOT EXISTS (
       SELECT FROM public.agencies_acknowledgement k JOIN public.agencies_terms known ON known.id = k.terms_id
       WHERE k.user_id = person AND known.partnership_id = partnership AND known.version >= t.version)),
    (SELECT min(coalesce(done.until, '{NEVER}'))
     FROM public.agencies_courserequirement r JOIN public.agencies_course c ON c.id = r.course_id
     LEFT JOIN LATERAL (SELECT max(d.expires_at) AS until FROM public.agencies_trainingrecord d
       WHERE d.user_id = person AND d.course_id = c.id AND d.withdrawn_at IS NULL) done ON true
     WHERE c.partnership_id = partnership AND r.role IN ('', held)),
    '{ALWAYS}'::timestamptz) $$
"""
FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION app.keep_clearance() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN -- new terms in another transaction do not see this row yet: one waits for the other
    PERFORM pg_advisory_xact_lock_shared({_LOCK}, p.partnership_id::int) FROM public.agencies_partnershipagency p
     WHERE p.agency_id = NEW.agency_id AND p.left_on IS NULL;
  END IF;
  NEW.cleared_until := '{ALWAYS}';
  IF NEW.role <> '{NEEDS_NO_TRAINING}' THEN
    SELECT coalesce(min(app.cleared_until(NEW.user_id, p.partnership_id, NEW.role)), '{ALWAYS}') INTO NEW.cleared_until
      FROM public.agencies_partnershipagency p WHERE p.agency_id = NEW.agency_id AND p.left_on IS NULL;
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION app.person_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  UPDATE public.agencies_membership m SET cleared_until = cleared_until WHERE m.user_id = NEW.user_id AND m.ended_at IS NULL;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION app.requirement_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  changed jsonb := to_jsonb(coalesce(NEW, OLD));
  place bigint := coalesce((changed ->> 'partnership_id')::bigint,
    (SELECT c.partnership_id FROM public.agencies_course c WHERE c.id = (changed ->> 'course_id')::bigint));
BEGIN
  PERFORM pg_advisory_xact_lock({_LOCK}, place::int);
  UPDATE public.agencies_membership m SET cleared_until = cleared_until
   WHERE m.ended_at IS NULL AND m.agency_id IN (
     SELECT p.agency_id FROM public.agencies_partnershipagency p WHERE p.partnership_id = place
     AND coalesce((changed ->> 'agency_id')::bigint, p.agency_id) = p.agency_id);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION app.alerts_waiting() RETURNS TABLE (agency_id bigint, waiting bigint)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 3 SET search_path = pg_catalog AS $$
  SELECT mine.agency_id, (SELECT count(*) FROM (SELECT FROM public.alerts_alert a
    WHERE a.setting_id = mine.agency_id AND a.status = 'sent' AND a.audience & mine.bits <> 0 LIMIT 100) AS found)
  FROM (SELECT m.agency_id, bit_or(b.bit) AS bits
    FROM public.agencies_membership m JOIN public.agencies_user u ON u.id = m.user_id AND u.is_active
    JOIN (VALUES {_AUDIENCE_ROWS}) AS b(role, bit) ON b.role = m.role
    WHERE m.user_id = app.uid() AND m.ended_at IS NULL GROUP BY m.agency_id) AS mine $$;
"""
SIGNATURES = (
    "cleared_until(bigint, bigint, text)",
    "keep_clearance()",
    "person_changed()",
    "requirement_changed()",
    "alerts_waiting()",
)
READS = (
    "agencies_partnershipagency",
    "agencies_terms",
    "agencies_acknowledgement",
    "agencies_course",
    "agencies_courserequirement",
    "agencies_trainingrecord",
)
KEPT = "agencies_membership"
_TRIGGERS = {
    KEPT: ("BEFORE INSERT OR UPDATE", "keep_clearance"),
    "agencies_trainingrecord": ("AFTER INSERT OR UPDATE", "person_changed"),
    "agencies_acknowledgement": ("AFTER INSERT OR UPDATE", "person_changed"),
    "agencies_terms": ("AFTER INSERT OR UPDATE OR DELETE", "requirement_changed"),
    "agencies_courserequirement": ("AFTER INSERT OR UPDATE OR DELETE", "requirement_changed"),
    "agencies_partnershipagency": ("AFTER INSERT OR UPDATE OR DELETE", "requirement_changed"),
}


def triggers() -> Iterator[str]:
    for table, (when, function) in _TRIGGERS.items():
        yield (
            f"CREATE OR REPLACE TRIGGER clearance {when} ON public.{table}"
            f" FOR EACH ROW EXECUTE FUNCTION app.{function}()"
        )


def refresh() -> Iterator[str]:
    """Every membership worked out anew, by the owner, whom FORCE would let change none without a word."""
    yield f"ALTER TABLE public.{KEPT} NO FORCE ROW LEVEL SECURITY"
    yield f"UPDATE public.{KEPT} SET cleared_until = cleared_until WHERE ended_at IS NULL"
    yield f"ALTER TABLE public.{KEPT} FORCE ROW LEVEL SECURITY"
