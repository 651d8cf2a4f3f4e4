"""What may be done with monitoring samples and offices' duties."""

from __future__ import annotations

from datetime import date

from app.accounts.audit import Ledger
from app.accounts.rights import Act, Noun, require, require_change
from app.core.fields import require_order
from app.core.rows import referred, unknown_reference
from app.models import MonitoringSample, Office, OfficeDuty
from app.monitoring import queries
from app.monitoring.schemas import OfficeDutyCreate, OfficeDutyPatch, SampleCreate, SamplePatch


def create_sample(ledger: Ledger, wanted: SampleCreate) -> MonitoringSample:
    """Add a sample; its inspectees are closed to every inspection on its days."""
    require(ledger.asker, Noun.MONITORING, Act.CHANGE)
    _require_sample(ledger, wanted.first_on, wanted.last_on, wanted.inspectee_ids)
    return ledger.add(MonitoringSample(**wanted.model_dump()))


def change_sample(ledger: Ledger, sample_id: int, patch: SamplePatch) -> MonitoringSample:
    """Change a sample."""
    sample = _changeable_sample(ledger, sample_id)
    changes = patch.changes()
    _require_sample(
        ledger,
        changes.get("first_on", sample.first_on),
        changes.get("last_on", sample.last_on),
        changes.get("inspectee_ids", []),
    )
    return ledger.change(sample, changes)


def remove_sample(ledger: Ledger, sample_id: int) -> None:
    """Delete a sample; its last state stays in the audit."""
    sample = _changeable_sample(ledger, sample_id)
    ledger.remove(sample, f"质量监测样本“{sample.name}”")


def _changeable_sample(ledger: Ledger, sample_id: int) -> MonitoringSample:
    sample = queries.get_sample(ledger.session, ledger.asker, sample_id)
    require(ledger.asker, Noun.MONITORING, Act.CHANGE)
    return sample


def _require_sample(ledger: Ledger, first_on: date, last_on: date, inspectee_ids: list[int]) -> None:
    require_order(first_on, last_on)
    for number in queries.unknown_inspectees(ledger.session, inspectee_ids):
        raise unknown_reference("inspectee_ids", "被督导单位", number)


def create_duty(ledger: Ledger, wanted: OfficeDutyCreate) -> OfficeDuty:
    """Take an office's leaders, or all its people, away on some days."""
    require(ledger.asker, Noun.OFFICE_DUTY, Act.CHANGE)
    require_order(wanted.first_on, wanted.last_on)
    referred(ledger.session, Office, wanted.office_id, "office_id", "督导机构")
    require_change(ledger.asker, Noun.OFFICE_DUTY, office_id=wanted.office_id)
    return ledger.add(OfficeDuty(**wanted.model_dump()))


def change_duty(ledger: Ledger, duty_id: int, patch: OfficeDutyPatch) -> OfficeDuty:
    """Change a duty."""
    duty = _changeable_duty(ledger, duty_id)
    changes = patch.changes()
    require_order(changes.get("first_on", duty.first_on), changes.get("last_on", duty.last_on))
    return ledger.change(duty, changes)


def remove_duty(ledger: Ledger, duty_id: int) -> None:
    """Delete a duty; its last state stays in the audit."""
    duty = _changeable_duty(ledger, duty_id)
    ledger.remove(duty, f"机构事务日“{duty.name}”")


def _changeable_duty(ledger: Ledger, duty_id: int) -> OfficeDuty:
    duty = queries.get_duty(ledger.session, ledger.asker, duty_id)
    require_change(ledger.asker, Noun.OFFICE_DUTY, office_id=duty.office_id)
    return duty
