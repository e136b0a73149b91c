from django.db.models import TextChoices


class DocumentKind(TextChoices):
    """The ready documents of the scheme (ALR-25)."""

    LETTER = "letter", "Letter to parents and carers"
    POLICY = "policy", "Statement for the safeguarding policy"
    WEBSITE = "website", "Statement for the website"
    BRIEFING = "briefing", "Briefing for staff"


# What the scheme asks a setting to have put before parents, and to confirm once a year.
CONFIRMED_YEARLY = (DocumentKind.LETTER, DocumentKind.POLICY, DocumentKind.WEBSITE)


class Standing(TextChoices):
    """Whether a setting has said within a year that a document is out (ALR-25)."""

    NEVER = "never", "Not confirmed yet"
    CONFIRMED = "confirmed", "Confirmed"
    CHANGED = "changed", "Changed since it was confirmed"
    DUE = "due", "Due again"


class ForWhom(TextChoices):
    """Whom a support service helps, and the practical things beside it (ALR-27)."""

    CHILDREN = "children", "For children and young people"
    ADULTS = "adults", "For adults who are hurt or afraid"
    HARMING = "harming", "For adults who want to stop hurting others"
    PRACTICAL = "practical", "Practical checklist"
    STAFF = "staff", "For staff who carry this work"
