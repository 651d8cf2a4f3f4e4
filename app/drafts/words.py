"""The words for edits of drafts."""

from __future__ import annotations

from collections.abc import Mapping

from app.models import EditKind, EditState

EDIT_STATES: Mapping[EditState, str] = {
    EditState.DONE: "有效",
    EditState.UNDONE: "已撤销",
    EditState.VOID: "已作废",
}

EDIT_KINDS: Mapping[EditKind, str] = {
    EditKind.MOVE: "改期或换人",
    EditKind.PLACE: "排入",
    EditKind.TAKE_OUT: "移出",
    EditKind.LOCK: "锁定",
    EditKind.UNLOCK: "解除锁定",
}
