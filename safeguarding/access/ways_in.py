"""Functions of wall 2 for grants, exclusions and break-glass, and for who can see a record (NTK-03 to NTK-05, NTK-08).

Denials are read by definer functions only: a list that the app could lose sight of would be no denial any more. plpgsql,
because its plans are kept: for a reader whom nobody has shut out each is one look into an index.
"""

from safeguarding.access.handlers import HANDLERS
from safeguarding.access.who_can_see import READERS, roles_for

_HUB = roles_for("sent_alert")
_SETTING = ", ".join(f"'{role}'" for role in HANDLERS["break_glass"] if role not in HANDLERS["sent_alert"])
_READER = "LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = pg_catalog"

EXCLUSIONS = f"""
CREATE OR REPLACE FUNCTION app.shut_out(reader bigint) RETURNS boolean {_READER} AS $$
DECLARE stamped text := coalesce(current_setting('app.user_id', true), '');
BEGIN
  -- nobody asks for another; services and the owner do
  IF stamped <> '' AND stamped::bigint IS DISTINCT FROM reader AND app.service() = '' THEN
    RAISE EXCEPTION 'exclusions of another person' USING ERRCODE = '42501';
  END IF;
  RETURN EXISTS (SELECT FROM public.alerts_exclusion e WHERE e.user_id = reader AND e.lifted_at IS NULL);
END $$;

CREATE OR REPLACE FUNCTION app.same_child(wanted bigint) RETURNS SETOF bigint {_READER} ROWS 1 AS $$
BEGIN
  -- records that a person has joined are one child, however they were joined
  RETURN QUERY WITH RECURSIVE joined(id) AS (
    SELECT wanted WHERE wanted IS NOT NULL
    UNION SELECT other.id FROM joined j JOIN public.children_child here ON here.id = j.id
      JOIN public.children_child other ON other.id = here.merged_into_id OR other.merged_into_id = here.id)
  SELECT j.id FROM joined j;
END $$;

CREATE OR REPLACE FUNCTION app.shut_children(reader bigint) RETURNS SETOF bigint {_READER} ROWS 1 AS $$
BEGIN
  IF NOT app.shut_out(reader) THEN RETURN; END IF;
  RETURN QUERY SELECT DISTINCT same.id FROM public.alerts_exclusion e CROSS JOIN LATERAL app.same_child(e.child_id) same(id)
    WHERE e.user_id = reader AND e.lifted_at IS NULL;
END $$;

CREATE OR REPLACE FUNCTION app.shut_alerts(reader bigint) RETURNS SETOF bigint {_READER} ROWS 1 AS $$
BEGIN
  IF NOT app.shut_out(reader) THEN RETURN; END IF;
  RETURN QUERY SELECT a.id FROM app.shut_children(reader) shut(id) JOIN public.alerts_alert a ON a.child_id = shut.id
  UNION SELECT a.id FROM public.alerts_exclusion e
    JOIN public.alerts_alert a ON a.notification_id = e.notification_id
    WHERE e.user_id = reader AND e.lifted_at IS NULL
  UNION SELECT e.alert_id FROM public.alerts_exclusion e
    WHERE e.user_id = reader AND e.lifted_at IS NULL AND e.alert_id IS NOT NULL;
END $$;

CREATE OR REPLACE FUNCTION app.shut_notifications(reader bigint) RETURNS SETOF bigint {_READER} ROWS 1 AS $$
BEGIN
  IF NOT app.shut_out(reader) THEN RETURN; END IF;
  RETURN QUERY SELECT c.notification_id FROM app.shut_children(reader) shut(id)
    JOIN public.alerts_notificationchild c ON c.child_id = shut.id
  UNION SELECT c.notification_id FROM app.shut_children(reader) shut(id)
    JOIN public.alerts_matchcandidate m ON m.child_id = shut.id
    JOIN public.alerts_notificationchild c ON c.id = m.notification_child_id
  UNION SELECT a.notification_id FROM app.shut_children(reader) shut(id)
    JOIN public.alerts_alert a ON a.child_id = shut.id
  UNION SELECT a.notification_id FROM public.alerts_exclusion e JOIN public.alerts_alert a ON a.id = e.alert_id
    WHERE e.user_id = reader AND e.lifted_at IS NULL
  UNION SELECT e.notification_id FROM public.alerts_exclusion e
    WHERE e.user_id = reader AND e.lifted_at IS NULL AND e.notification_id IS NOT NULL;
END $$;

CREATE OR REPLACE FUNCTION app.shut_notification_children(reader bigint) RETURNS SETOF bigint {_READER} ROWS 1 AS $$
BEGIN
  IF NOT app.shut_out(reader) THEN RETURN; END IF;
  RETURN QUERY SELECT c.id FROM public.alerts_notificationchild c
    WHERE c.notification_id IN (SELECT app.shut_notifications(reader));
END $$;

CREATE OR REPLACE FUNCTION app.shut_referrals(reader bigint) RETURNS SETOF bigint {_READER} ROWS 1 AS $$
BEGIN
  IF NOT app.shut_out(reader) THEN RETURN; END IF;
  RETURN QUERY SELECT c.referral_id FROM app.shut_children(reader) shut(id)
    JOIN public.alerts_referralchild c ON c.child_id = shut.id;
END $$;

CREATE OR REPLACE FUNCTION app.people_shut_from_child(wanted bigint) RETURNS SETOF bigint {_READER} ROWS 1 AS $$
BEGIN
  RETURN QUERY SELECT e.user_id FROM public.alerts_exclusion e WHERE e.lifted_at IS NULL
    AND e.child_id IN (SELECT app.same_child(wanted));
END $$;

CREATE OR REPLACE FUNCTION app.people_shut_from_alert(wanted bigint) RETURNS SETOF bigint {_READER} ROWS 1 AS $$
BEGIN
  RETURN QUERY SELECT e.user_id FROM public.alerts_exclusion e JOIN public.alerts_alert a ON a.id = wanted
    WHERE e.lifted_at IS NULL
      AND (e.child_id IN (SELECT app.same_child(a.child_id)) OR e.alert_id = a.id OR e.notification_id = a.notification_id);
END $$;

CREATE OR REPLACE FUNCTION app.people_shut_from_notification(wanted bigint) RETURNS SETOF bigint {_READER} ROWS 1 AS $$
BEGIN
  RETURN QUERY SELECT e.user_id FROM public.alerts_exclusion e WHERE e.lifted_at IS NULL AND (
    e.notification_id = wanted
    OR e.alert_id IN (SELECT a.id FROM public.alerts_alert a WHERE a.notification_id = wanted)
    OR e.child_id IN (SELECT same.id FROM (
        SELECT a.child_id FROM public.alerts_alert a WHERE a.notification_id = wanted
        UNION SELECT c.child_id FROM public.alerts_notificationchild c WHERE c.notification_id = wanted
        UNION SELECT m.child_id FROM public.alerts_matchcandidate m JOIN public.alerts_notificationchild c
          ON c.id = m.notification_child_id WHERE c.notification_id = wanted) named
      CROSS JOIN LATERAL app.same_child(named.child_id) same(id)));
END $$;

CREATE OR REPLACE FUNCTION app.not_to_be_told(wanted bigint) RETURNS SETOF bigint {_READER} ROWS 1 AS $$
BEGIN
  IF app.service() <> 'dispatch' THEN RAISE EXCEPTION 'only dispatch asks whom not to tell' USING ERRCODE = '42501'; END IF;
  RETURN QUERY SELECT app.people_shut_from_alert(wanted);
END $$;

CREATE OR REPLACE FUNCTION app.not_to_be_told_of(child bigint, notification bigint, referral bigint)
RETURNS SETOF bigint {_READER} ROWS 1 AS $$
BEGIN
  IF app.service() <> 'dispatch' THEN RAISE EXCEPTION 'only dispatch asks whom not to tell' USING ERRCODE = '42501'; END IF;
  RETURN QUERY SELECT app.people_shut_from_child(child)
  UNION SELECT app.people_shut_from_notification(notification)
  UNION SELECT shut.id FROM public.alerts_referralchild c
    CROSS JOIN LATERAL app.people_shut_from_child(c.child_id) shut(id) WHERE c.referral_id = referral;
END $$;
"""

GRANTS = f"""
CREATE OR REPLACE FUNCTION app.my_alert_grants() RETURNS SETOF bigint {_READER} ROWS 20 AS $$
BEGIN
  RETURN QUERY SELECT g.content_object_id FROM public.alerts_alertgrant g
    WHERE g.user_id = app.uid() AND g.withdrawn_at IS NULL AND g.expires_at > now()
      AND g.agency_id IN (SELECT app.my_agencies('member'));
END $$;

CREATE OR REPLACE FUNCTION app.my_notification_grants() RETURNS SETOF bigint {_READER} ROWS 20 AS $$
BEGIN
  RETURN QUERY SELECT g.content_object_id FROM public.alerts_notificationgrant g
    WHERE g.user_id = app.uid() AND g.withdrawn_at IS NULL AND g.expires_at > now()
      AND g.agency_id IN (SELECT app.my_agencies('member'));
END $$;

CREATE OR REPLACE FUNCTION app.is_of_partnership(agency bigint, partnership bigint) RETURNS boolean {_READER} AS $$
BEGIN
  RETURN EXISTS (SELECT FROM public.agencies_partnershipagency pa JOIN public.agencies_agency ag ON ag.id = pa.agency_id
    WHERE pa.agency_id = agency AND pa.partnership_id = partnership AND pa.left_on IS NULL AND ag.is_active);
END $$;

CREATE OR REPLACE FUNCTION app.works_at(person bigint, agency bigint) RETURNS boolean {_READER} AS $$
BEGIN
  RETURN EXISTS (SELECT FROM public.agencies_membership m JOIN public.agencies_user u ON u.id = m.user_id
    WHERE m.user_id = person AND m.agency_id = agency AND m.ended_at IS NULL AND u.is_active AND NOT u.is_integration);
END $$;

CREATE OR REPLACE FUNCTION app.reads_at(person bigint, agency bigint) RETURNS boolean {_READER} AS $$
BEGIN
  RETURN app.works_at(person, agency) AND EXISTS (SELECT FROM public.agencies_membership m
    WHERE m.user_id = person AND m.agency_id = agency AND m.ended_at IS NULL AND m.cleared_until > now());
END $$;

CREATE OR REPLACE FUNCTION app.may_share_alert(alert bigint, with_agency bigint) RETURNS boolean {_READER} AS $$
BEGIN
  RETURN EXISTS (SELECT FROM public.alerts_alert a WHERE a.id = alert
    AND a.id <> ALL (ARRAY(SELECT app.shut_alerts(app.uid())))
    AND ((a.controller_id IN (SELECT app.my_agencies('sent_alert')) AND app.is_of_partnership(with_agency, a.partnership_id))
      OR (a.setting_id = with_agency AND a.setting_id IN (SELECT app.my_agencies('share'))
          AND (a.setting_id, a.audience) IN (SELECT m.agency_id, m.audience FROM app.my_alert_audiences() m))));
END $$;

CREATE OR REPLACE FUNCTION app.may_share_notification(notification bigint, with_agency bigint) RETURNS boolean {_READER} AS $$
BEGIN
  RETURN EXISTS (SELECT FROM public.alerts_notification n WHERE n.id = notification
    AND n.id <> ALL (ARRAY(SELECT app.shut_notifications(app.uid())))
    AND n.controller_id IN (SELECT app.my_agencies('notification')) AND app.is_of_partnership(with_agency, n.partnership_id));
END $$;

CREATE OR REPLACE FUNCTION app.lets_in_alert(alert bigint, person bigint, at_agency bigint, glass bigint, until timestamptz)
RETURNS boolean {_READER} AS $$
BEGIN
  IF glass IS NOT NULL THEN
    RETURN person = app.uid() AND EXISTS (SELECT FROM public.alerts_breakglass b WHERE b.id = glass AND b.user_id = person
      AND b.agency_id = at_agency AND b.alert_id = alert AND until <= b.expires_at AND b.expires_at > now());
  END IF;
  RETURN person <> app.uid() AND app.may_share_alert(alert, at_agency) AND app.works_at(person, at_agency)
    AND person NOT IN (SELECT app.people_shut_from_alert(alert))
    AND EXISTS (SELECT FROM public.alerts_alert a JOIN public.agencies_partnership p ON p.id = a.partnership_id
                WHERE a.id = alert AND until <= now() + make_interval(days => p.grant_days));
END $$;

CREATE OR REPLACE FUNCTION app.lets_in_notification(notification bigint, person bigint, at_agency bigint, glass bigint, until timestamptz)
RETURNS boolean {_READER} AS $$
BEGIN
  IF glass IS NOT NULL THEN
    RETURN person = app.uid() AND EXISTS (SELECT FROM public.alerts_breakglass b WHERE b.id = glass AND b.user_id = person
      AND b.agency_id = at_agency AND b.notification_id = notification AND until <= b.expires_at AND b.expires_at > now());
  END IF;
  RETURN person <> app.uid() AND app.may_share_notification(notification, at_agency) AND app.works_at(person, at_agency)
    AND person NOT IN (SELECT app.people_shut_from_notification(notification))
    AND EXISTS (SELECT FROM public.alerts_notification n JOIN public.agencies_partnership p ON p.id = n.partnership_id
                WHERE n.id = notification AND until <= now() + make_interval(days => p.grant_days));
END $$;

CREATE OR REPLACE FUNCTION app.may_shut_out(person bigint, hub bigint, at_agency bigint, child bigint, alert bigint, notification bigint)
RETURNS boolean {_READER} AS $$
BEGIN
  IF person = app.uid() OR num_nonnulls(child, alert, notification) <> 1 THEN RETURN false; END IF;
  -- the hub, of anything that it controls
  IF hub = at_agency AND hub IN (SELECT app.my_agencies('exclude')) THEN
    RETURN EXISTS (SELECT FROM public.children_child c WHERE c.id = child AND c.controller_id = hub)
      OR EXISTS (SELECT FROM public.alerts_alert a WHERE a.id = alert AND a.controller_id = hub)
      OR EXISTS (SELECT FROM public.alerts_notification n WHERE n.id = notification AND n.controller_id = hub);
  END IF;
  -- the setting, a colleague, of what it was told itself
  RETURN app.works_at(person, at_agency) AND EXISTS (SELECT FROM public.alerts_alert a
    WHERE (a.id = alert OR a.child_id = child) AND a.setting_id = at_agency AND a.controller_id = hub
      AND app.may_share_alert(a.id, at_agency));
END $$;
"""

BREAK_GLASS = f"""
CREATE OR REPLACE FUNCTION app.glass_reach(wanted_alert bigint, wanted_notification bigint)
RETURNS TABLE (agency_id bigint, role text) {_READER} ROWS 1 AS $$
BEGIN
  RETURN QUERY SELECT m.agency_id, m.role::text
  FROM (SELECT a.partnership_id, a.setting_id FROM public.alerts_alert a
         WHERE a.id = wanted_alert AND a.sent_at IS NOT NULL AND a.id <> ALL (ARRAY(SELECT app.shut_alerts(app.uid())))
        UNION ALL SELECT n.partnership_id, NULL FROM public.alerts_notification n
         WHERE n.id = wanted_notification AND n.id <> ALL (ARRAY(SELECT app.shut_notifications(app.uid())))) wanted
  JOIN public.agencies_partnership p ON p.id = wanted.partnership_id
  JOIN public.agencies_membership m ON m.user_id = app.uid() AND m.ended_at IS NULL
    AND m.cleared_until > now() AND m.agency_id IN (SELECT app.my_agencies('break_glass')) AND p.break_glass_roles ? m.role::text
  WHERE (m.role IN ({_SETTING}) AND m.agency_id = wanted.setting_id)
     OR (m.role IN ({_HUB}) AND app.is_of_partnership(m.agency_id, wanted.partnership_id))
  ORDER BY m.id LIMIT 1;
END $$;

CREATE OR REPLACE FUNCTION app.glass_target(wanted text)
RETURNS TABLE (alert_id bigint, notification_id bigint, partnership_id bigint, controller_id bigint, agency_id bigint, role text)
{_READER} ROWS 1 AS $$
BEGIN
  RETURN QUERY SELECT f.alert_id, f.notification_id, f.partnership_id, f.controller_id, r.agency_id, r.role
  FROM (SELECT a.id AS alert_id, NULL::bigint AS notification_id, a.partnership_id, a.controller_id
          FROM public.alerts_alert a WHERE a.ref = wanted
        UNION ALL SELECT NULL, n.id, n.partnership_id, n.controller_id FROM public.alerts_notification n WHERE n.ref = wanted) f
  CROSS JOIN LATERAL app.glass_reach(f.alert_id, f.notification_id) r;
END $$;

CREATE OR REPLACE FUNCTION app.glass_reviewers(partnership bigint, controller bigint) RETURNS SETOF bigint {_READER} ROWS 1 AS $$
BEGIN
  RETURN QUERY SELECT m.agency_id FROM public.agencies_membership m
    JOIN public.agencies_user u ON u.id = m.user_id AND u.is_active AND u.id <> app.uid()
    JOIN public.agencies_agency ag ON ag.id = m.agency_id
    WHERE m.ended_at IS NULL AND m.role IN ({roles_for("audit")})
      AND (m.agency_id = controller OR (ag.kind = 'council' AND app.is_of_partnership(m.agency_id, partnership)))
    ORDER BY m.agency_id <> controller, m.agency_id LIMIT 1;
  IF NOT FOUND THEN RETURN NEXT controller; END IF;
END $$;

CREATE OR REPLACE FUNCTION app.may_break_glass
  (wanted_alert bigint, wanted_notification bigint, at_agency bigint, by_role text, until timestamptz, reviewers bigint)
RETURNS boolean {_READER} AS $$
BEGIN
  RETURN num_nonnulls(wanted_alert, wanted_notification) = 1
    AND (at_agency, by_role) IN (SELECT r.agency_id, r.role FROM app.glass_reach(wanted_alert, wanted_notification) r)
    AND EXISTS (SELECT FROM (SELECT a.partnership_id, a.controller_id FROM public.alerts_alert a WHERE a.id = wanted_alert
        UNION ALL SELECT n.partnership_id, n.controller_id FROM public.alerts_notification n WHERE n.id = wanted_notification) f
      JOIN public.agencies_partnership p ON p.id = f.partnership_id
      WHERE until <= now() + make_interval(mins => p.break_glass_minutes + 1)
        AND reviewers IN (SELECT app.glass_reviewers(f.partnership_id, f.controller_id)));
END $$;
"""

# in this order: a function of SQL wants those it calls to be there already
FUNCTIONS = EXCLUSIONS + GRANTS + BREAK_GLASS + READERS

# asked by other functions only: the app's role may not call them, for they answer about everybody
INNER = (
    "same_child(bigint)",
    "people_shut_from_child(bigint)",
    "people_shut_from_alert(bigint)",
    "people_shut_from_notification(bigint)",
    "works_at(bigint, bigint)",
    "reads_at(bigint, bigint)",
    "glass_reach(bigint, bigint)",
)
OUTER = (
    "shut_out(bigint)",
    "shut_children(bigint)",
    "shut_alerts(bigint)",
    "shut_notifications(bigint)",
    "shut_notification_children(bigint)",
    "shut_referrals(bigint)",
    "not_to_be_told(bigint)",
    "not_to_be_told_of(bigint, bigint, bigint)",
    "my_alert_grants()",
    "my_notification_grants()",
    "is_of_partnership(bigint, bigint)",
    "may_share_alert(bigint, bigint)",
    "may_share_notification(bigint, bigint)",
    "lets_in_alert(bigint, bigint, bigint, bigint, timestamptz)",
    "lets_in_notification(bigint, bigint, bigint, bigint, timestamptz)",
    "may_shut_out(bigint, bigint, bigint, bigint, bigint, bigint)",
    "glass_target(text)",
    "glass_reviewers(bigint, bigint)",
    "may_break_glass(bigint, bigint, bigint, text, timestamptz, bigint)",
    "sees_alert(bigint)",
    "sees_notification(bigint)",
    "alert_readers(bigint)",
    "notification_readers(bigint)",
    "child_readers(bigint)",
)
READS = (
    "agencies_agency",
    "agencies_partnership",
    "agencies_partnershipagency",
    "alerts_breakglass",
    "alerts_childmove",
    "alerts_exclusion",
    "alerts_notificationgrant",
    "alerts_referralchild",
    "children_child",
    "django_content_type",
)
