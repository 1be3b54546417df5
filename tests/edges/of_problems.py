"""The playbook of problems: made and led on by Andon, watched and dismissed by people."""

from datetime import date

from andon.analyze.problems.models import Problem
from andon.records.roles import SYS
from andon.records.services import create
from edges.people import People
from edges.playbook import Playbook


def begin(people: People) -> Problem:
    """Find one."""
    day = date(2025, 9, 12)
    return create(Problem(title="L3 drifts", began_on=day, found_on=day), actor=people[SYS])


PLAYBOOK = Playbook(kind="problem", begin=begin)
