"""What the log keeps from who is shut out: entries about a record, and its reference wherever it was shown (NTK-04, MRC-18).

Made from the records' own walls, so that the log hides whatever they hide.
"""

from collections.abc import Iterator, Sequence

from safeguarding.access.rules import WALLS
from safeguarding.access.vocabulary import Bar, Shut, Walled

_READER = "LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = pg_catalog"

# What entries are about, and somebody can be shut out from; without a reference of its own: consents.
WITHOUT_REF = ("agreements.Consent",)
SUBJECTS = (
    *WITHOUT_REF,
    "agreements.Correction",
    "agreements.Decision",
    "alerts.Action",
    "alerts.AdultConcern",
    "alerts.Alert",
    "alerts.Ask",
    "alerts.BreakGlass",
    "alerts.ChildMove",
    "alerts.Conversation",
    "alerts.Disclosure",
    "alerts.Dissent",
    "alerts.Exclusion",
    "alerts.FileEntry",
    "alerts.InformationRequest",
    "alerts.MissingEpisode",
    "alerts.Notification",
    "alerts.Package",
    "alerts.Referral",
    "alerts.SafeguardingFile",
    "alerts.StrategyDiscussion",
    "alerts.TalkEntry",
    "alerts.Transfer",
    "children.Child",
)
# Hidden from whom they are about, whether or not anybody was ever shut out.
OF_ONESELF = ("governance.UnusualAccess",)


def may_be_logged(label: str) -> bool:
    """Entries about a record that somebody can be shut out from are kept from them; of a kind that is not listed they would not be."""
    rule = WALLS.get(label)
    return label in (*SUBJECTS, *OF_ONESELF) or not (isinstance(rule, Walled) and rule.shut)


def _bars(label: str) -> Sequence[Bar]:
    rule = WALLS[label]
    assert isinstance(rule, Walled)
    return rule.shut


def _branches(labels: Sequence[str]) -> Iterator[str]:
    for label in labels:
        app, model = label.lower().split(".")
        ref = "NULL" if label in WITHOUT_REF else "r.ref"
        for bar in _bars(label):
            barred = f"= ANY (out_of_{bar.what})" if isinstance(bar, Shut) else "= reader"
            yield (
                f"SELECT t.id, r.id, {ref}::text FROM public.{app}_{model} r"  # noqa: S608 - our own tables
                f" JOIN public.django_content_type t ON (t.app_label, t.model) = ('{app}', '{model}')"
                f" WHERE r.{bar.column} {barred}"
            )


# What somebody is shut out of is asked once for each of these, not once for each table that speaks of it.
_KINDS = sorted({bar.what for label in SUBJECTS for bar in _bars(label) if isinstance(bar, Shut)})
_DECLARED = "".join(f" out_of_{what} bigint[];" for what in _KINDS)
_ASKED = "".join(f"  out_of_{what} := ARRAY(SELECT app.shut_{what}(reader));\n" for what in _KINDS)

FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION app.shut_from_log(reader bigint) RETURNS TABLE (kind integer, id bigint, ref text) {_READER} ROWS 1 AS $$
DECLARE{_DECLARED}
BEGIN
  PERFORM app.shut_out(reader);
  RETURN QUERY {" UNION ALL ".join(_branches(OF_ONESELF))};
  -- who was let in again does not learn either that there was an exclusion
  IF NOT EXISTS (SELECT FROM public.alerts_exclusion e WHERE e.user_id = reader) THEN RETURN; END IF;
{_ASKED}  RETURN QUERY {" UNION ALL ".join(_branches(SUBJECTS))};
END $$;
"""
SIGNATURES = ("shut_from_log(bigint)",)
READS = tuple(label.lower().replace(".", "_") for label in (*SUBJECTS, *OF_ONESELF))
