"""The words of every set of codes that a request may choose from, for messages about what can be filled in."""

from __future__ import annotations

from app.accounts.words import ROLES
from app.calendars.words import CALENDAR_STATUSES, DAY_KINDS, HALVES, SEASONS
from app.core.wording import Choices
from app.demand.words import COVERAGE_STATES
from app.drafts.words import EDIT_KINDS, EDIT_STATES
from app.inspectees.words import INSPECTEE_KINDS
from app.inspectors.words import ABSENCE_KINDS, PERSON_KINDS, POOL_STAGES, RANKS, SKILLS
from app.outcomes.words import SEVERITIES
from app.plans.words import CHANGES, STATES
from app.programmes.words import (
    EXTERNAL_STAGES,
    PHASES,
    POOL_KINDS,
    PROGRAMME_RULES,
    RECOGNITIONS,
    ROUND_SUBJECTS,
    TARGET_STATUSES,
)
from app.regions.words import REGION_LEVELS
from app.reports.words import AIM_SUBJECTS, COST_KINDS

CHOICES: Choices = (
    ABSENCE_KINDS,
    AIM_SUBJECTS,
    CALENDAR_STATUSES,
    CHANGES,
    COST_KINDS,
    COVERAGE_STATES,
    DAY_KINDS,
    EDIT_KINDS,
    EDIT_STATES,
    EXTERNAL_STAGES,
    HALVES,
    INSPECTEE_KINDS,
    PERSON_KINDS,
    PHASES,
    POOL_KINDS,
    POOL_STAGES,
    PROGRAMME_RULES,
    RANKS,
    RECOGNITIONS,
    REGION_LEVELS,
    ROLES,
    ROUND_SUBJECTS,
    SEASONS,
    SEVERITIES,
    SKILLS,
    STATES,
    TARGET_STATUSES,
)
