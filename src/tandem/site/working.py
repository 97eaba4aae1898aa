"""``tandem worker``: carries out jobs, takes up those of dead workers, begins what is due."""

import logging
import os
import socket
import threading
import time

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker

from tandem.kit import jobs

log = logging.getLogger(__name__)
LOOK_SECONDS = 0.3
BEAT_SECONDS = 5.0
TIDY_SECONDS = 15.0


def work() -> None:
    """Work until a signal says stop; the job at hand is finished first."""
    name = f"{socket.gethostname()}-{os.getpid()}"
    alone = not settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    jobs.recover(timezone.now(), everything=alone)
    stop = threading.Event()
    threading.Thread(target=_tidy, args=(name, stop), daemon=True).start()
    worker = Worker(
        queue_names=["*"],
        interval=LOOK_SECONDS,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=name[:64],
        excluded_queue_names=[],
    )
    worker.configure_signals()
    try:
        worker.run()
    finally:
        stop.set()


def _tidy(name: str, stop: threading.Event) -> None:
    """Beat, recover and begin what is due, again and again; end the process when its supervisor is gone."""
    supervisor, last = os.environ.get("TANDEM_SUPERVISOR"), 0.0
    while not stop.wait(BEAT_SECONDS if last else 0.1):
        if supervisor and os.getppid() != int(supervisor):
            log.warning("site.worker.orphaned")
            os._exit(1)
        close_old_connections()
        try:
            jobs.beat(name, timezone.now())
            if time.monotonic() - last > TIDY_SECONDS:
                last = time.monotonic()
                jobs.recover(timezone.now())
                jobs.begin_periodic(timezone.now())
        except DatabaseError:
            log.exception("site.worker.database")
