"""Every table, one file per noun; columns and keys, no logic."""

from app.models.accounts import AuditEntry, AuditSeal, LoginAttempts, Role, Setting, User
from app.models.aims import Aim, AimSubject
from app.models.amendments import Amendment
from app.models.areas import AreaInspector
from app.models.budget import ActualCost, CostKind, CostRate
from app.models.calendars import (
    CalendarDay,
    CalendarStatus,
    CalendarYear,
    ClosedDays,
    DayKind,
    SchoolTerm,
    Season,
)
from app.models.demonstration import Demonstration
from app.models.edits import EditKind, EditState, PlanEdit
from app.models.feeds import CalendarEvent, CalendarFeed
from app.models.inspectees import Area, Closure, EvaluationMethod, Inspectee, InspecteeKind, PastInspection
from app.models.inspectors import (
    Absence,
    AbsenceKind,
    Appointment,
    Employment,
    Inspector,
    PersonKind,
    Rank,
    Recusal,
    Skill,
    Training,
)
from app.models.leases import Lease
from app.models.monitoring import MonitoringSample, OfficeDuty
from app.models.outcomes import Severity, VisitOutcome
from app.models.plans import (
    Assignment,
    DocumentKind,
    Half,
    Plan,
    PlanDocument,
    PlannedVisit,
    PlanPhase,
    PlanState,
    PlanWork,
    PublishedVersion,
    ServedProgramme,
    TeamMember,
    UnplannedDuty,
    UnscheduledVisit,
)
from app.models.pool import PoolStage, PoolStep
from app.models.programmes import (
    BurdenRule,
    ExternalStage,
    ExternalStageKind,
    Programme,
    ProgrammeRule,
    Recognition,
    Round,
    RoundSubject,
    TargetStatus,
    ValidationTarget,
)
from app.models.regions import Office, OfficeCars, Region, RegionLevel
from app.models.repeats import KeptAnswer
from app.models.topics import Topic, TopicDraw
from app.models.year_lists import YearList, YearListItem, YearListRule

__all__ = [
    "Absence",
    "AbsenceKind",
    "ActualCost",
    "Aim",
    "AimSubject",
    "Amendment",
    "Appointment",
    "Area",
    "AreaInspector",
    "Assignment",
    "AuditEntry",
    "AuditSeal",
    "BurdenRule",
    "CalendarDay",
    "CalendarEvent",
    "CalendarFeed",
    "CalendarStatus",
    "CalendarYear",
    "ClosedDays",
    "Closure",
    "CostKind",
    "CostRate",
    "DayKind",
    "Demonstration",
    "DocumentKind",
    "EditKind",
    "EditState",
    "Employment",
    "EvaluationMethod",
    "ExternalStage",
    "ExternalStageKind",
    "Half",
    "Inspectee",
    "InspecteeKind",
    "Inspector",
    "KeptAnswer",
    "Lease",
    "LoginAttempts",
    "MonitoringSample",
    "Office",
    "OfficeCars",
    "OfficeDuty",
    "PastInspection",
    "PersonKind",
    "Plan",
    "PlanDocument",
    "PlanEdit",
    "PlanPhase",
    "PlanState",
    "PlanWork",
    "PlannedVisit",
    "PoolStage",
    "PoolStep",
    "Programme",
    "ProgrammeRule",
    "PublishedVersion",
    "Rank",
    "Recognition",
    "Recusal",
    "Region",
    "RegionLevel",
    "Role",
    "Round",
    "RoundSubject",
    "SchoolTerm",
    "Season",
    "ServedProgramme",
    "Setting",
    "Severity",
    "Skill",
    "TargetStatus",
    "TeamMember",
    "Topic",
    "TopicDraw",
    "Training",
    "UnplannedDuty",
    "UnscheduledVisit",
    "User",
    "ValidationTarget",
    "VisitOutcome",
    "YearList",
    "YearListItem",
    "YearListRule",
]
