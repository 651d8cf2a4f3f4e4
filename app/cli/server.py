"""Serving: the web part, the planning part, or both in one process."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

import uvicorn

from app.cli.output import fail
from app.core.config import Settings
from app.core.logs import set_up_logging
from app.jobs.sole import CannotWorkError
from app.jobs.worker import working
from app.main import create_app

GRACE_SECONDS = 5
"""How long requests that are being answered may take when the server is told to stop."""
LONGEST_STOP_SECONDS = 8.5
"""After a signal the process ends within this time, whatever the database does; children then end by themselves."""


def serve(settings: Settings) -> None:
    """Do what the role of the settings says until a signal ends it."""
    set_up_logging(settings.log_level)
    if settings.role == "worker":
        work(settings)
    elif settings.role == "web":
        require_free_port(settings)
        answer_requests(settings)
    else:
        require_free_port(settings)
        with planning(settings) as stopping:
            answer_requests(settings, stopping.set)


def work(settings: Settings) -> None:
    """Work on plans until a signal ends it."""
    set_up_logging(settings.log_level)
    with planning(settings) as stopping:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop_soon(stopping.set))
        stopping.wait()


def stop_soon(begin: Callable[[], object]) -> None:
    """Begin to stop, and end the process by force when that takes too long."""
    last = threading.Timer(LONGEST_STOP_SECONDS, os._exit, [1])
    last.daemon = True
    last.start()
    begin()


def leave() -> NoReturn:
    """End the process when all is stopped: the interpreter's own end frees every object first, which takes seconds."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


@contextmanager
def planning(settings: Settings) -> Iterator[threading.Event]:
    """Work on plans beside the block, until the event is set; says why where this process cannot."""
    try:
        with working(settings) as stopping:
            yield stopping
    except CannotWorkError as error:
        fail(str(error))


class _Server(uvicorn.Server):
    """Tells what runs beside it to stop as soon as a signal comes, and not when the last request is answered."""

    def __init__(self, configuration: uvicorn.Config, on_exit: Callable[[], object]) -> None:
        super().__init__(configuration)
        self._on_exit = on_exit

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop."""
        stop_soon(self._on_exit)
        super().handle_exit(sig, frame)


def answer_requests(settings: Settings, on_exit: Callable[[], object] = lambda: None) -> None:
    """Answer requests until a signal ends it; returns, so that the planning part is stopped in good order too."""
    configuration = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        # otherwise any client could name the address it comes from, and so pass the brake on logins
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    # uvicorn raises the signal that stopped it once more, for other handlers: there are none here
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    _Server(configuration, on_exit).run()


def require_free_port(settings: Settings) -> None:
    """Say at once, and not after minutes of planning, that the port is taken."""
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            fail(
                f"地址 {settings.host}:{settings.port} 不能使用（{error.strerror}）。"
                "请停止占用它的程序，或以环境变量 HOST、PORT 另设。"
            )
