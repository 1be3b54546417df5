"""The tables of corrective actions: the record, its team, its actions, its proof of effect."""

from andon.improve.actions.models.action import CorrectiveAction, TeamMember
from andon.improve.actions.models.effect import EffectivenessPlan, EffectivenessResult
from andon.improve.actions.models.items import ActionItem, Completion, Implementation
from andon.improve.actions.models.prevention import ReadAcross, UpdateAnswer

__all__ = [
    "ActionItem",
    "Completion",
    "CorrectiveAction",
    "EffectivenessPlan",
    "EffectivenessResult",
    "Implementation",
    "ReadAcross",
    "TeamMember",
    "UpdateAnswer",
]
