"""Functions of wall 2 for strategy discussions: who is invited, who may ask, who is shut out, who sees (STR-01, NTK-04, NTK-08)."""

from safeguarding.access.handlers import HANDLERS

_READER = "LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = pg_catalog"
_STRATEGY = ", ".join(f"'{role}'" for role in HANDLERS["strategy"])
_SCREENERS = ", ".join(f"'{role}'" for role in HANDLERS["notification"])

FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION app.my_discussions() RETURNS TABLE (discussion_id bigint, agency_id bigint) {_READER} ROWS 20 AS $$
BEGIN
  RETURN QUERY SELECT i.content_object_id, i.agency_id FROM public.alerts_discussioninvitation i
    WHERE i.user_id = app.uid() AND i.withdrawn_at IS NULL AND i.expires_at > now()
      AND i.agency_id IN (SELECT app.my_agencies('member'));
END $$;

CREATE OR REPLACE FUNCTION app.my_discussion_records() RETURNS TABLE (discussion_id bigint, agency_id bigint) {_READER} ROWS 20 AS $$
BEGIN
  RETURN QUERY SELECT i.content_object_id, i.agency_id FROM public.alerts_discussioninvitation i
    WHERE i.user_id = app.uid() AND i.withdrawn_at IS NULL AND i.expires_at > now() AND i.record_sent_at IS NOT NULL
      AND i.agency_id IN (SELECT app.my_agencies('member'));
END $$;

CREATE OR REPLACE FUNCTION app.shut_discussions(reader bigint) RETURNS SETOF bigint {_READER} ROWS 1 AS $$
BEGIN
  IF NOT app.shut_out(reader) THEN RETURN; END IF;
  RETURN QUERY SELECT c.discussion_id FROM app.shut_children(reader) shut(id)
    JOIN public.alerts_concernedchild c ON c.child_id = shut.id
  UNION SELECT d.id FROM app.shut_notifications(reader) shut(id)
    JOIN public.alerts_strategydiscussion d ON d.notification_id = shut.id;
END $$;

CREATE OR REPLACE FUNCTION app.people_shut_from_discussion(wanted bigint) RETURNS SETOF bigint {_READER} ROWS 1 AS $$
BEGIN
  RETURN QUERY SELECT e.user_id FROM public.alerts_exclusion e WHERE e.lifted_at IS NULL AND e.child_id IN (
      SELECT same.id FROM public.alerts_concernedchild c CROSS JOIN LATERAL app.same_child(c.child_id) same(id)
      WHERE c.discussion_id = wanted)
  UNION SELECT shut.id FROM public.alerts_strategydiscussion d
    CROSS JOIN LATERAL app.people_shut_from_notification(d.notification_id) shut(id) WHERE d.id = wanted;
END $$;

CREATE OR REPLACE FUNCTION app.not_to_be_told_of_discussion(wanted bigint) RETURNS SETOF bigint {_READER} ROWS 1 AS $$
BEGIN
  IF app.service() <> 'dispatch' THEN RAISE EXCEPTION 'only dispatch asks whom not to tell' USING ERRCODE = '42501'; END IF;
  RETURN QUERY SELECT app.people_shut_from_discussion(wanted);
END $$;

CREATE OR REPLACE FUNCTION app.may_ask_for_discussion(partnership bigint, authority bigint, asked_at bigint, person bigint)
RETURNS boolean {_READER} AS $$
BEGIN
  RETURN person = app.uid() AND app.is_of_partnership(authority, partnership)
    AND EXISTS (SELECT FROM public.agencies_agency a WHERE a.id = authority AND a.kind = 'council')
    AND ((asked_at = authority AND authority IN (SELECT app.my_agencies('strategy')))
      OR (asked_at IN (SELECT app.my_agencies('notification')) AND app.is_of_partnership(asked_at, partnership)));
END $$;

CREATE OR REPLACE FUNCTION app.may_share_discussion(discussion bigint, with_agency bigint) RETURNS boolean {_READER} AS $$
BEGIN
  RETURN EXISTS (SELECT FROM public.alerts_strategydiscussion d WHERE d.id = discussion
    AND d.id <> ALL (ARRAY(SELECT app.shut_discussions(app.uid())))
    AND d.controller_id IN (SELECT app.my_agencies('strategy')) AND app.is_of_partnership(with_agency, d.partnership_id));
END $$;

CREATE OR REPLACE FUNCTION app.lets_in_discussion(discussion bigint, person bigint, at_agency bigint, glass bigint, until timestamptz)
RETURNS boolean {_READER} AS $$
BEGIN
  RETURN glass IS NULL AND person <> app.uid() AND until <= now() + interval '366 days' AND app.works_at(person, at_agency)
    AND person NOT IN (SELECT app.people_shut_from_discussion(discussion))
    AND (app.may_share_discussion(discussion, at_agency)
      -- who sends a deputy lets in a colleague of their own agency
      OR EXISTS (SELECT FROM public.alerts_discussioninvitation i WHERE i.content_object_id = discussion AND i.user_id = app.uid()
                 AND i.agency_id = at_agency AND i.state = 'deputy' AND i.withdrawn_at IS NULL AND i.expires_at > now()
                 AND at_agency IN (SELECT app.my_agencies('member'))
                 AND discussion <> ALL (ARRAY(SELECT app.shut_discussions(app.uid())))));
END $$;

CREATE OR REPLACE FUNCTION app.sees_discussion(discussion bigint) RETURNS boolean {_READER} AS $$
BEGIN
  RETURN EXISTS (SELECT FROM public.alerts_strategydiscussion d WHERE d.id = discussion
    AND d.id <> ALL (ARRAY(SELECT app.shut_discussions(app.uid())))
    AND (d.controller_id IN (SELECT app.my_agencies('strategy')) OR d.asked_at_id IN (SELECT app.my_agencies('notification'))
      OR d.id IN (SELECT i.discussion_id FROM app.my_discussions() i)));
END $$;

CREATE OR REPLACE FUNCTION app.discussion_readers(discussion bigint)
RETURNS TABLE (user_id bigint, agency_id bigint, role text, why text) {_READER} ROWS 10 AS $$
BEGIN
  IF NOT app.sees_discussion(discussion) THEN RETURN; END IF;
  RETURN QUERY SELECT r.* FROM (
    SELECT m.user_id, m.agency_id, m.role::text, CASE WHEN m.agency_id = d.controller_id THEN 'authority' ELSE 'asked' END
    FROM public.alerts_strategydiscussion d
    JOIN public.agencies_membership m ON m.agency_id IN (d.controller_id, d.asked_at_id) AND m.ended_at IS NULL
      AND m.cleared_until > now()
    WHERE d.id = discussion AND ((m.agency_id = d.controller_id AND m.role IN ({_STRATEGY}))
      OR (m.agency_id = d.asked_at_id AND m.role IN ({_SCREENERS})))
    UNION ALL
    SELECT i.user_id, i.agency_id, NULL, 'invited' FROM public.alerts_discussioninvitation i
    WHERE i.content_object_id = discussion AND i.withdrawn_at IS NULL AND i.expires_at > now()
      AND app.reads_at(i.user_id, i.agency_id)
  ) AS r(user_id, agency_id, role, why)
  JOIN public.agencies_user u ON u.id = r.user_id AND u.is_active
  WHERE r.user_id NOT IN (SELECT app.people_shut_from_discussion(discussion));
END $$;
"""

INNER = ("people_shut_from_discussion(bigint)",)
OUTER = (
    "my_discussions()",
    "my_discussion_records()",
    "shut_discussions(bigint)",
    "not_to_be_told_of_discussion(bigint)",
    "may_ask_for_discussion(bigint, bigint, bigint, bigint)",
    "may_share_discussion(bigint, bigint)",
    "lets_in_discussion(bigint, bigint, bigint, bigint, timestamptz)",
    "sees_discussion(bigint)",
    "discussion_readers(bigint)",
)
READS = (
    "alerts_strategydiscussion",
    "alerts_concernedchild",
    "alerts_discussioninvitation",
    "alerts_missingepisode",
)
