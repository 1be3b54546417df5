"""One person of every role, and Andon itself."""

from collections.abc import Mapping

from andon.records.accounts import create_account, system_account
from andon.records.models import Account
from andon.records.roles import EVERYONE, SYS
from small_factory import PASSWORD

People = Mapping[str, Account]


def create_people() -> People:
    """Return who holds each role, and nothing else."""
    system = system_account()
    people = {
        role: create_account(
            username=f"only-{role.lower()}", name=f"Only {role}", password=PASSWORD, roles=(role,),
            actor=system,
        )
        for role in EVERYONE
        if role != SYS
    }  # fmt: skip
    return people | {SYS: system}
