"""The few tags that pages are made of; each escapes what it is given."""

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import template
from django.template.context import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from safeguarding.agencies.enums import Role
from safeguarding.web.glossary import words_for

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=256, typed=True)  # few words, said in every row; typed, so that safe text never stands for unsafe
def tag(text: Any, colour: str = "") -> SafeString:
    """A status in words, with a colour beside it: {% tag "Overdue" "red" %}."""
    return format_html('<strong class="govuk-tag{}">{}</strong>', f" govuk-tag--{colour}" if colour else "", text)


@register.filter
def person(name: Any) -> SafeString:
    """A name in any script, kept from turning the line around it: {{ name|person }}."""
    return format_html("<bdi>{}</bdi>", name)


@register.filter
def role_words(roles: Iterable[str]) -> str:
    """Roles as people say them, with a comma between."""
    return ", ".join(str(Role(role).label) for role in roles)


@register.filter
def role_label(role: str) -> str:
    return str(Role(role).label)


@register.filter
def clock(value: dt.datetime | dt.time | None) -> str:
    """8:06am, midday, midnight."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    if (value.hour, value.minute) == (0, 0):
        return "midnight"
    if (value.hour, value.minute) == (12, 0):
        return "midday"
    hour = value.hour % 12 or 12
    minutes = f":{value.minute:02d}" if value.minute else ""
    return f"{hour}{minutes}{'am' if value.hour < 12 else 'pm'}"


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """16 June 2026."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{value.day} {value:%B %Y}"


@register.filter
def iso_day(value: str) -> str:
    """16 June 2026, of a day that was kept as text."""
    return day(dt.date.fromisoformat(value))


@register.filter
def moment(value: dt.datetime | None) -> SafeString | str:
    """16 June 2026 at 8:06am, readable by machines too."""
    if value is None:
        return ""
    here = timezone.make_naive(value)
    return format_html('<time datetime="{}">{} at {}</time>', value.isoformat(), day(here), clock(here))


@register.filter
def until(value: dt.datetime | None) -> SafeString | str:
    """The end of 16 June 2026, where a moment is the midnight after it: nobody has to ask which day midnight belongs to."""
    if value is None or clock(value) != "midnight":
        return moment(value)
    return format_html(
        '<time datetime="{}">the end of {}</time>', value.isoformat(), day(value - dt.timedelta(minutes=1))
    )


@register.filter
def in_words(value: dt.datetime | None) -> str:
    """How far off a moment is: "in 2 hours", "40 minutes ago"."""
    if value is None:
        return ""
    seconds = int((value - timezone.now()).total_seconds())
    minutes = abs(seconds) // 60
    for size, word in ((24 * 60, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // size
            text = f"{count} {word}{'' if count == 1 else 's'}"
            return f"in {text}" if seconds > 0 else f"{text} ago"
    return "now"


@register.simple_block_tag
def details(content: str, summary: str) -> SafeString:
    """{% details summary="Why do I see this?" %}…{% enddetails %}"""
    return format_html(
        '<details class="govuk-details"><summary class="govuk-details__summary">'
        '<span class="govuk-details__summary-text">{}</span></summary>'
        '<div class="govuk-details__text">{}</div></details>',
        summary,
        content,
    )


@register.simple_block_tag
def card(content: str, title: str, heading: str = "h2") -> SafeString:
    """A summary card: {% card title="Child" %}<dl class="govuk-summary-list">{% row … %}</dl>{% endcard %}"""
    return format_html(
        '<div class="govuk-summary-card"><div class="govuk-summary-card__title-wrapper">'
        '<{0} class="govuk-summary-card__title">{1}</{0}></div><div class="govuk-summary-card__content">{2}</div></div>',
        heading,
        title,
        content,
    )


@register.simple_block_tag
def row(content: str, key: str) -> SafeString:
    """One row of a summary list: {% row key="Date of birth" %}{{ … }}{% endrow %}"""
    return format_html(
        '<div class="govuk-summary-list__row"><dt class="govuk-summary-list__key">{}</dt>'
        '<dd class="govuk-summary-list__value">{}</dd></div>',
        key,
        content,
    )


@register.simple_block_tag
def warning(content: str) -> SafeString:
    """Warning text with its sign: {% warning %}Do not …{% endwarning %}"""
    return format_html(
        '<div class="govuk-warning-text"><span class="govuk-warning-text__icon" aria-hidden="true">!</span>'
        '<strong class="govuk-warning-text__text"><span class="govuk-visually-hidden">Warning</span> {}</strong></div>',
        content,
    )


@register.simple_block_tag
def interruption(content: str, heading: str) -> SafeString:
    """Stops people before a step that they answer for: {% interruption heading="…" %}…{% endinterruption %}"""
    return format_html(
        '<div class="moj-interruption-card"><div class="moj-interruption-card__content">'
        '<h1 class="moj-interruption-card__heading">{}</h1><div class="moj-interruption-card__body">{}</div></div></div>',
        heading,
        content,
    )


@register.simple_block_tag(takes_context=True)
def filter_panel(context: Context, content: str) -> SafeString:
    """The filter beside a list: {% filter_panel %}its fields{% endfilter_panel %}; on a phone a button stands for it until it is used."""
    asked = {name for name, value in context["request"].GET.items() if value} - {"view", "cursor"}
    clear = '<p class="govuk-body"><a class="govuk-link" href="{}">Clear the filter</a></p>'
    return format_html(
        '<div class="moj-filter-layout__filter"><div class="moj-action-bar__filter"></div><div class="moj-filter"{}>'
        '<div class="moj-filter__header"><div class="moj-filter__header-title"><h2 class="govuk-heading-m">Filter</h2></div> '
        '<div class="moj-filter__header-action"></div></div><div class="moj-filter__content">'
        '<form method="get" class="moj-filter__options hub-filter" novalidate>{}'
        '<button type="submit" class="govuk-button govuk-!-margin-top-4" data-module="govuk-button">Apply filter</button>{}'
        "</form></div></div></div>",
        "" if asked else mark_safe(' data-module="moj-filter"'),
        content,
        format_html(clear, query(context, cursor=None, **dict.fromkeys(asked))) if asked else "",
    )


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The page's own query string with changes: href="{% query status="sent" cursor=None %}"."""
    parameters = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            parameters.pop(name, None)
        else:
            parameters[name] = value
    text = parameters.urlencode()
    return f"?{text}" if text else "?"


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: Any) -> dict[str, Any]:
    return {"form": form}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: Context, page: Any) -> dict[str, Any]:
    """Older and newer of a keyset page (web.paging.KeysetPage)."""
    return {"page": page, "request": context["request"]}


@register.inclusion_tag("components/chart.html")
def chart(drawn: Any) -> dict[str, Any]:
    """Bars with their table beside them (web.charts.Chart)."""
    return {"chart": drawn}


@register.inclusion_tag("components/words.html")
def words(*keys: str) -> dict[str, Any]:
    """What the words of this page mean, for who has not met them: {% words "mash" "dsl" %}."""
    meanings = words_for(keys)
    names = [word for word, _ in meanings]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return {"summary": f"What {listed} mean{'s' if len(names) == 1 else ''}", "meanings": meanings}


@register.inclusion_tag("components/timeline.html")
def timeline(entries: Any) -> dict[str, Any]:
    """`entries`: things with title, by, when and an optional text."""
    return {"entries": entries}


@register.inclusion_tag("components/readers.html")
def readers(people: Any, manage: str = "") -> dict[str, Any]:
    """Who can see this, and why: `people` have name, agency, role and why; `manage` is the reference for who may change it (NTK-08)."""
    return {"people": people, "manage": manage}


@register.inclusion_tag("components/sub_navigation.html")
def sub_navigation(items: Any, label: str) -> dict[str, Any]:
    """`items`: things with title, href, active and an optional count ("1,000+" when capped)."""
    return {"items": items, "label": label}
