"""Functions of wall 2 for a child's safeguarding file at a setting (ALR-15, ALR-16).

Who is shut out of the child, or of an alert about the child to that setting, is shut out of the file (NTK-04, MRC-18).
Files are lent within the setting only, and no broken glass opens one.
"""

from safeguarding.access.clauses import any_of
from safeguarding.access.handlers import HANDLERS
from safeguarding.access.rules import WALLS, Walled

_HANDLERS = ", ".join(f"'{role}'" for role in HANDLERS["file"])
_READER = "LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = pg_catalog"


def _readers_of_the_row() -> str:
    rule = WALLS["alerts.SafeguardingFile"]
    assert isinstance(rule, Walled)
    return any_of(rule.read)


FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION app.shut_files(reader bigint) RETURNS SETOF bigint {_READER} ROWS 1 AS $$
BEGIN
  IF NOT app.shut_out(reader) THEN RETURN; END IF;
  RETURN QUERY SELECT f.id FROM app.shut_children(reader) shut(id)
    JOIN public.alerts_safeguardingfile f ON f.child_id = shut.id
  UNION SELECT f.id FROM app.shut_alerts(reader) shut(id) JOIN public.alerts_alert a ON a.id = shut.id
    CROSS JOIN LATERAL app.same_child(a.child_id) same(id)
    JOIN public.alerts_safeguardingfile f ON f.child_id = same.id AND f.controller_id = a.setting_id;
END $$;

CREATE OR REPLACE FUNCTION app.shut_file_entries(reader bigint) RETURNS SETOF bigint {_READER} ROWS 1 AS $$
BEGIN
  IF NOT app.shut_out(reader) THEN RETURN; END IF;
  RETURN QUERY SELECT e.id FROM public.alerts_fileentry e WHERE e.file_id IN (SELECT app.shut_files(reader));
END $$;

CREATE OR REPLACE FUNCTION app.people_shut_from_file(wanted bigint) RETURNS SETOF bigint {_READER} ROWS 1 AS $$
BEGIN
  RETURN QUERY SELECT app.people_shut_from_child(f.child_id) FROM public.alerts_safeguardingfile f WHERE f.id = wanted
  UNION SELECT app.people_shut_from_alert(a.id) FROM public.alerts_safeguardingfile f
    JOIN public.alerts_alert a ON a.setting_id = f.controller_id AND a.child_id IN (SELECT app.same_child(f.child_id))
    WHERE f.id = wanted;
END $$;

CREATE OR REPLACE FUNCTION app.my_file_grants() RETURNS SETOF bigint {_READER} ROWS 20 AS $$
BEGIN
  RETURN QUERY SELECT g.content_object_id FROM public.alerts_filegrant g
    WHERE g.user_id = app.uid() AND g.withdrawn_at IS NULL AND g.expires_at > now()
      AND g.agency_id IN (SELECT app.my_agencies('member'));
END $$;

CREATE OR REPLACE FUNCTION app.my_entry_grants() RETURNS SETOF bigint {_READER} ROWS 20 AS $$
BEGIN
  RETURN QUERY SELECT g.content_object_id FROM public.alerts_entrygrant g
    WHERE g.user_id = app.uid() AND g.withdrawn_at IS NULL AND g.expires_at > now()
      AND g.agency_id IN (SELECT app.my_agencies('member'));
END $$;

CREATE OR REPLACE FUNCTION app.may_share_file(file bigint, with_agency bigint) RETURNS boolean {_READER} AS $$
BEGIN
  RETURN EXISTS (SELECT FROM public.alerts_safeguardingfile f WHERE f.id = file AND f.controller_id = with_agency
    AND f.controller_id IN (SELECT app.my_agencies('share')) AND f.id <> ALL (ARRAY(SELECT app.shut_files(app.uid()))));
END $$;

CREATE OR REPLACE FUNCTION app.may_share_entry(entry bigint, with_agency bigint) RETURNS boolean {_READER} AS $$
BEGIN
  RETURN EXISTS (SELECT FROM public.alerts_fileentry e WHERE e.id = entry AND app.may_share_file(e.file_id, with_agency));
END $$;

CREATE OR REPLACE FUNCTION app.lets_in_file(file bigint, person bigint, at_agency bigint, glass bigint, until timestamptz)
RETURNS boolean {_READER} AS $$
BEGIN
  RETURN glass IS NULL AND person <> app.uid() AND app.may_share_file(file, at_agency) AND app.works_at(person, at_agency)
    AND person NOT IN (SELECT app.people_shut_from_file(file))
    AND EXISTS (SELECT FROM public.alerts_safeguardingfile f JOIN public.agencies_partnership p ON p.id = f.partnership_id
                WHERE f.id = file AND until <= now() + make_interval(days => p.grant_days));
END $$;

CREATE OR REPLACE FUNCTION app.lets_in_entry(entry bigint, person bigint, at_agency bigint, glass bigint, until timestamptz)
RETURNS boolean {_READER} AS $$
BEGIN
  RETURN EXISTS (SELECT FROM public.alerts_fileentry e WHERE e.id = entry
    AND app.lets_in_file(e.file_id, person, at_agency, glass, until));
END $$;

CREATE OR REPLACE FUNCTION app.sees_file(file bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT EXISTS (SELECT FROM public.alerts_safeguardingfile WHERE id = file AND ({_readers_of_the_row()})
    AND id <> ALL (ARRAY(SELECT app.shut_files(app.uid())))) $$;

CREATE OR REPLACE FUNCTION app.file_readers(file bigint) RETURNS TABLE (user_id bigint, agency_id bigint, role text, why text)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog AS $$
  SELECT r.* FROM (
    SELECT m.user_id, m.agency_id, m.role::text, 'keeps_file'
    FROM public.alerts_safeguardingfile f JOIN public.agencies_membership m ON m.agency_id = f.controller_id
      AND m.ended_at IS NULL AND m.cleared_until > now()
    WHERE f.id = file AND m.role IN ({_HANDLERS})
    UNION ALL
    SELECT g.user_id, g.agency_id, NULL, 'granted' FROM public.alerts_filegrant g
    WHERE g.content_object_id = file AND g.withdrawn_at IS NULL AND g.expires_at > now() AND app.reads_at(g.user_id, g.agency_id)
  ) AS r(user_id, agency_id, role, why)
  JOIN public.agencies_user u ON u.id = r.user_id AND u.is_active
  WHERE app.sees_file(file) AND r.user_id NOT IN (SELECT app.people_shut_from_file(file)) $$;
"""

INNER = ("people_shut_from_file(bigint)",)
OUTER = (
    "shut_files(bigint)",
    "shut_file_entries(bigint)",
    "my_file_grants()",
    "my_entry_grants()",
    "may_share_file(bigint, bigint)",
    "may_share_entry(bigint, bigint)",
    "lets_in_file(bigint, bigint, bigint, bigint, timestamptz)",
    "lets_in_entry(bigint, bigint, bigint, bigint, timestamptz)",
    "sees_file(bigint)",
    "file_readers(bigint)",
)
READS = ("alerts_entrygrant", "alerts_fileentry", "alerts_filegrant", "alerts_safeguardingfile", "alerts_transfer")
