"""As whom a person acted, and which entries of the memory speak of a record: asked and answered inside the database.

A person may wear two hats: a role at a hub, and one at a school. Each entry says which one was worn, so that an agency's
information-governance lead sees what was done for that agency and nothing of another's (AUD-04, NTK-02; ADR 0020).
"""

HATS = """
CREATE OR REPLACE FUNCTION app.fill_hat() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  hinted bigint := NEW.actor_agency_id;
  near bigint[] := ARRAY[NEW.agency_id];
BEGIN
  IF NEW.alert_id IS NOT NULL THEN
    near := near || (SELECT a.setting_id FROM public.alerts_alert a WHERE a.id = NEW.alert_id);
  ELSIF NEW.notification_id IS NOT NULL THEN
    near := near || (SELECT n.source_id FROM public.alerts_notification n WHERE n.id = NEW.notification_id);
  END IF;
  NEW.actor_agency_id := NULL;
  NEW.actor_roles := '';
  IF NEW.actor_id IS NOT NULL THEN
    SELECT m.agency_id INTO NEW.actor_agency_id FROM public.agencies_membership m WHERE m.user_id = NEW.actor_id
     ORDER BY m.ended_at IS NULL DESC, coalesce(m.agency_id = hinted, false) DESC,
              array_position(near, m.agency_id) NULLS LAST, m.ended_at DESC, m.started_at, m.id LIMIT 1;
    SELECT coalesce(string_agg(m.role, ',' ORDER BY m.role), '') INTO NEW.actor_roles FROM public.agencies_membership m
     WHERE m.user_id = NEW.actor_id AND m.agency_id = NEW.actor_agency_id AND m.ended_at IS NULL;
    IF NEW.way_in = '' AND (NEW.alert_id IS NOT NULL OR NEW.notification_id IS NOT NULL) THEN
      NEW.way_in := CASE WHEN NEW.actor_agency_id = ANY (near) THEN 'role' ELSE 'name' END;
    END IF;
  END IF;
  -- an entry about a person belongs to where that person works
  IF NEW.agency_id IS NULL AND NEW.object_repr = 'agencies.User ' || NEW.object_id THEN
    SELECT m.agency_id INTO NEW.agency_id FROM public.agencies_membership m WHERE m.user_id = NEW.object_id
     ORDER BY m.ended_at IS NULL DESC, m.ended_at DESC, m.started_at, m.id LIMIT 1;
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION app.entries_showing(refs text[]) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER ROWS 50 SET search_path = pg_catalog AS $$
  SELECT DISTINCT e.id FROM unnest(refs) AS asked(ref)
  JOIN public.audit_auditentry e ON e.objects_shown @> jsonb_build_array(asked.ref) AND e.objects_shown <> '[]'::jsonb
  WHERE (e.agency_id IN (SELECT app.my_agencies('audit')) OR e.actor_agency_id IN (SELECT app.my_agencies('audit')))
    AND asked.ref <> ALL (ARRAY(SELECT shut.ref FROM app.shut_from_log(app.uid()) AS shut WHERE shut.ref IS NOT NULL)) $$;

CREATE OR REPLACE FUNCTION app.records_of_child(child text) RETURNS TABLE (kind text, id bigint, ref text)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 20 SET search_path = pg_catalog AS $$
  WITH mine AS (SELECT app.my_agencies('audit') AS agency_id),
       one AS (SELECT coalesce(c.merged_into_id, c.id) AS id FROM public.children_child c
               WHERE c.ref = child AND c.controller_id IN (SELECT agency_id FROM mine)
                 AND c.id <> ALL (ARRAY(SELECT app.shut_children(app.uid())))),
       found AS (SELECT c.id, c.ref FROM one JOIN public.children_child c ON c.id = one.id OR c.merged_into_id = one.id
                 WHERE c.controller_id IN (SELECT agency_id FROM mine))
  SELECT 'child', f.id, f.ref::text FROM found f
  UNION ALL
  SELECT 'alert', a.id, a.ref::text FROM found f JOIN public.alerts_alert a ON a.child_id = f.id
   WHERE a.controller_id IN (SELECT agency_id FROM mine) AND a.id <> ALL (ARRAY(SELECT app.shut_alerts(app.uid())))
  UNION
  SELECT 'notification', n.id, n.ref::text FROM found f
  JOIN public.alerts_notificationchild c ON c.child_id = f.id JOIN public.alerts_notification n ON n.id = c.notification_id
   WHERE n.controller_id IN (SELECT agency_id FROM mine)
     AND n.id <> ALL (ARRAY(SELECT app.shut_notifications(app.uid()))) $$;
"""

DEFINER_FUNCTIONS = ("fill_hat()", "entries_showing(text[])", "records_of_child(text)")
DEFINER_READS = ("audit_auditentry", "children_child")

TRIGGER = """
CREATE OR REPLACE TRIGGER fill_hat BEFORE INSERT ON public.audit_auditentry
FOR EACH ROW EXECUTE FUNCTION app.fill_hat()
"""
