"""JSON as two programs must both understand it: what could be read in two ways is refused."""

import json
from typing import Any, NoReturn

DEEPEST = 32


class Malformed(ValueError):
    """The body is not JSON that can be relied on; the sentence says why and repeats nothing of it."""


def loads(body: bytes) -> Any:
    """The value of a JSON body; refuses names given twice, numbers that are none, half characters and deep nesting."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Malformed("The body is not UTF-8 text.") from None
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except Malformed:
        raise
    except RecursionError:
        raise Malformed(_TOO_DEEP) from None
    except json.JSONDecodeError as error:
        raise Malformed(f"The body is not JSON: line {error.lineno}, column {error.colno}.") from None
    except ValueError:
        raise Malformed("The body holds a number that is too long.") from None
    _check(value)
    return value


def canonical(value: Any) -> bytes:
    """One spelling for equal JSON values, whatever their order and spacing."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


_TOO_DEEP = f"The body is nested more than {DEEPEST} deep."


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise Malformed("One name stands twice in the same object.")
    return value


def _no_constant(_: str) -> NoReturn:
    raise Malformed("NaN and Infinity are not JSON.")


def _check(value: Any) -> None:
    waiting = [(value, 1)]
    while waiting:
        item, depth = waiting.pop()
        if depth > DEEPEST:
            raise Malformed(_TOO_DEEP)
        if isinstance(item, str):
            if any("\ud800" <= char <= "\udfff" for char in item):
                raise Malformed("The body holds half a character (a lone surrogate).")
        elif isinstance(item, dict):
            waiting += [(part, depth + 1) for pair in item.items() for part in pair]
        elif isinstance(item, list):
            waiting += [(part, depth + 1) for part in item]
