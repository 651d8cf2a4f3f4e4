"""Who belongs to a responsibility area."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class AreaInspector(SQLModel, table=True):
    """An inspector of a responsibility area (督学责任区); one may belong to several."""

    __tablename__ = "area_inspector"

    area_id: int = Field(foreign_key="area.id", primary_key=True)
    inspector_id: int = Field(foreign_key="inspector.id", primary_key=True, index=True)
