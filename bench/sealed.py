"""What the keys cost: fifty rows of four sealed fields, each row under a key of its own (design §4)."""

from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from alerts.models import Alert
from alerts.response.selectors import shown_in_the_inbox
from bench import world
from bench.measure import Result, compare, show
from safeguarding.crypto.fields import Sealed
from safeguarding.crypto.models import DataKey

FIELDS = ("child_given_name", "child_family_name", "child_date_of_birth", "adults")
ROWS = 50


def _opened(alerts: list[Alert]) -> list[Any]:
    return [getattr(alert, name) for alert in alerts for name in FIELDS]


def _closed(alerts: list[Alert]) -> list[tuple[Alert, dict[str, bytes], bytes]]:
    return [(a, {name: a.__dict__[name].data for name in FIELDS}, bytes(a.crypto_key.wrapped)) for a in alerts]


def _close(alert: Alert, sealed: dict[str, bytes], wrapped: bytes) -> None:
    """As it came from the database: nothing opened, the key still wrapped."""
    alert.__dict__.update({name: Sealed(data) for name, data in sealed.items()})
    alert.crypto_key = DataKey(id=alert.crypto_key.pk, kek_id=alert.crypto_key.kek_id, wrapped=wrapped)


def main() -> list[Result]:
    world.use(world.LARGEST)
    lead = world.lead_with(200)
    with world.as_person(lead):
        newest = Alert.objects.newest_addressed(lead, limit=ROWS)
        alerts = list(newest.select_related("crypto_key"))
        kept = _closed(alerts)
        _opened(alerts)
        ciphers = [alert.crypto_key.cipher for alert in alerts]
    wrapping = AESGCM(bytes(32))
    wrapped = [wrapping.encrypt(bytes(12), bytes(32), b"") for _ in alerts]
    aads = [[f"alerts_alert|{alert.pk}|{name}|1".encode() for name in FIELDS] for alert in alerts]
    texts = [
        [cipher.encrypt(bytes(12), bytes(len(sealed[name]) - 29), aad) for name, aad in zip(FIELDS, row, strict=True)]
        for (_, sealed, _), cipher, row in zip(kept, ciphers, aads, strict=True)
    ]

    def ours() -> None:
        with world.as_person(lead):
            for alert, sealed, key in kept:
                _close(alert, sealed, key)
            _opened(alerts)

    def library() -> None:
        """The same number of keys and texts through the library alone, already in memory."""
        for key, row, aad in zip(wrapped, texts, aads, strict=True):
            cipher = AESGCM(wrapping.decrypt(bytes(12), key, b""))
            del cipher
            for text, bound in zip(row, aad, strict=True):
                len(text), len(bound)
        for cipher, row, aad in zip(ciphers, texts, aads, strict=True):
            for text, bound in zip(row, aad, strict=True):
                cipher.decrypt(bytes(12), text, bound)

    def listed() -> list[Alert]:
        with world.as_person(lead):
            return list(shown_in_the_inbox(Alert.objects.newest_addressed(lead, limit=ROWS)))

    def listed_and_read() -> None:
        with world.as_person(lead):
            for alert in shown_in_the_inbox(Alert.objects.newest_addressed(lead, limit=ROWS)):
                _ = alert.child_given_name, alert.child_family_name

    return show(
        "Sealed fields",
        [
            compare("50 rows × 4 fields opened, keys unwrapped, against the library alone", ours, library),
            compare("50 rows listed and their names opened, against listed alone", listed_and_read, listed),
        ],
    )
