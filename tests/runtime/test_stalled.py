"""A worker that went deaf is noticed, and one that is busy, idle or just back is left alone."""

import threading

from safeguarding.runtime import stalled
from safeguarding.runtime.stalled import EVERY, LONGEST_WORK, PATIENCE, Ear


class Clock:
    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def asked(ear: Ear, clock: Clock, seconds: float, *, waiting: int, in_hand: int = 0) -> bool:
    """The last answer after asking every few seconds for so long."""
    answer = False
    for _ in range(int(seconds // EVERY)):
        clock.at += EVERY
        answer = ear.is_deaf(waiting=waiting, in_hand=in_hand)
    return answer


def test_nothing_waits_or_something_is_taken_now_and_then() -> None:
    clock = Clock()
    ear = Ear(clock)
    assert not asked(ear, clock, 10 * LONGEST_WORK, waiting=0)
    assert not asked(ear, clock, PATIENCE, waiting=5)  # it began to wait only now
    for _ in range(20):
        ear.took()
        assert not asked(ear, clock, PATIENCE, waiting=5)


def test_work_waits_and_an_idle_worker_takes_none_of_it() -> None:
    clock = Clock()
    ear = Ear(clock)
    assert asked(ear, clock, PATIENCE + 3 * EVERY, waiting=5)


def test_a_worker_with_work_in_hand_may_take_as_long_as_a_task_may() -> None:
    clock = Clock()
    ear = Ear(clock)
    assert not asked(ear, clock, LONGEST_WORK, waiting=5, in_hand=2)
    assert asked(ear, clock, 3 * EVERY, waiting=5, in_hand=2)


def test_the_watch_ends_a_deaf_worker_once_and_outlives_a_queue_that_is_away(monkeypatch) -> None:
    monkeypatch.setattr(stalled, "EVERY", 0.01)
    monkeypatch.setattr(stalled, "PATIENCE", 0.05)
    answers = iter([ConnectionError("away"), *([3] * 1000)])

    def waiting() -> int:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    ended = threading.Event()
    stalled.watch(Ear(), waiting, lambda: 0, ended.set).join(10)
    assert ended.is_set()
