"""F10 and F11, and lost updates: many people at the same record, and one form sent many times at once."""

import random
import threading
import time

from quality.faults.breaking import NEW
from quality.faults.portal import Portal
from quality.faults.visitors import NoAnswer, visitors


def at_once(works: list) -> list:
    """Do several things at the same moment; what each gave."""
    start = threading.Barrier(len(works))
    given = [None] * len(works)

    def do(place, work):
        start.wait()
        given[place] = work()

    threads = [threading.Thread(target=do, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


def double_submits(portal: Portal, rounds: int, times: int) -> dict:
    """F11: the same form, sent many times at once, makes one record."""
    (visitor,) = visitors(portal, ["officer.occ"])
    names = []
    statuses: dict[int, int] = {}
    for number in range(rounds):
        names.append(f"Sent often {number}")
        fields = visitor.form(NEW) | portal.entry(names[-1])
        for answer in at_once([lambda fields=fields: visitor.post(NEW, fields)] * times):
            statuses[answer.status] = statuses.get(answer.status, 0) + 1
    kept = [name for name, *_ in portal.ask("kept", "Sent often")]
    return {
        "rounds": rounds,
        "times": times,
        "not_once": sorted(name for name in names if kept.count(name) != 1),
        "statuses": statuses,
    }


def stale_edits(portal: Portal, rounds: int) -> dict:
    """Two people open a record, both save: the second is refused, sees both versions, and keeps what they typed."""
    first, second = visitors(portal, ["officer.occ", "officer.cdc"])
    made = first.post(NEW, first.form(NEW) | portal.entry("Edited by two"))
    path = f"{made.headers['location']}edit/"
    silent = 0
    unkept = 0
    statuses = {}
    for number in range(rounds):
        ours = first.form(path)
        theirs = second.form(path)
        one = first.post(path, ours | {"benefits": f"First {number}", "reason": "Faults"})
        two = second.post(path, theirs | {"benefits": f"Second {number}", "reason": "Faults"})
        statuses[two.status] = statuses.get(two.status, 0) + 1
        silent += one.status != 302 or two.status == 302
        unkept += f"Second {number}" not in two.body or f"First {number}" not in two.body
    ((_, _, version, history),) = portal.ask("kept", "Edited by two")
    return {
        "rounds": rounds,
        "silently_lost": silent,
        "typed_text_lost": unkept,
        "versions": version,
        "history": history,
        "statuses": statuses,
    }


def mixed_writes(portal: Portal, people: int, writes: int, chance: random.Random) -> dict:
    """F10: many people write at once; none is told that the database is busy, and nothing is lost."""
    group = visitors(portal, ["officer.occ", "officer.cdc"] * (people // 2))
    took = []
    failed = []
    told = []

    def work(number, visitor):
        for turn in range(writes // people):
            name = f"Mixed {number}-{turn}"
            try:
                form = visitor.form(NEW) | portal.entry(name)
                began = time.monotonic()
                answer = visitor.post(NEW, form)
                took.append(time.monotonic() - began)
            except NoAnswer as broken:
                failed.append(str(broken))
                continue
            (told if answer.status == 302 else failed).append(name if answer.status == 302 else answer.status)
            time.sleep(chance.uniform(0, 0.02))

    at_once([lambda pair=pair: work(*pair) for pair in enumerate(group)])
    kept = {name for name, *_ in portal.ask("kept", "Mixed ")}
    took.sort()
    return {
        "people": people,
        "writes": len(told),
        "failed": failed,
        "acknowledged_lost": sorted(set(told) - kept),
        "integrity_errors": portal.ask("integrity_errors"),
        "p95_seconds": round(took[int(len(took) * 0.95) - 1], 2) if took else None,
    }
