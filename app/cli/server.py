"""Serving: the web part, the planning part, or both in one process."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from app.cli.output import fail
from app.core.config import Settings
from app.core.logs import set_up_logging
from app.jobs.engine import AlreadyRunningError
from app.jobs.worker import working
from app.main import create_app

GRACE_SECONDS = 5
"""How long requests that are being answered may take when the server is told to stop."""


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
        with planning(settings):
            answer_requests(settings)


def work(settings: Settings) -> None:
    """Work on plans until a signal ends it."""
    set_up_logging(settings.log_level)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with planning(settings):
        stop.wait()


@contextmanager
def planning(settings: Settings) -> Iterator[None]:
    """Work on plans beside the block; says why where another process does so already."""
    try:
        with working(settings):
            yield
    except AlreadyRunningError as error:
        fail(str(error))


def answer_requests(settings: Settings) -> None:
    """Answer requests until a signal ends it; returns, so that the planning part is stopped in good order too."""
    configuration = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        # whoever may connect could otherwise say from where a request comes, and so pass the brake on logins
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    # uvicorn raises the signal that stopped it once more, for whoever else waits for it: here nobody does
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    uvicorn.Server(configuration).run()


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
