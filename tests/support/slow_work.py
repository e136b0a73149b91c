"""Work that can be caught in the middle: its effect is written, its transaction is still open."""

import os
import time
from pathlib import Path

from safeguarding.audit.record import record
from safeguarding.notifications.handlers import handler


@handler("test.slow", service="dispatch")
def slow(number: int) -> None:
    record("alert.chased", facts={"number": number})
    here = Path(os.environ["TEST_SIGNS"])
    (here / f"started-{number}").touch()
    while (here / "hold").exists():
        time.sleep(0.05)
