"""The Celery application: a doorbell for the database's queue, and the beat that sweeps it."""

import os
from typing import Any

from celery import Celery, Task
from celery.schedules import crontab

from moderation.acting import Via, through

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parler.settings")


class WorkersTask(Task):  # type: ignore[type-arg]  # Generic in the stubs only.
    """What a task does is done by a worker: the audit trail notes it."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with through(Via.WORKER):
            return super().__call__(*args, **kwargs)


app = Celery("parler", task_cls=WorkersTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_ignore_result=True,
    task_store_errors_even_if_ignored=False,
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        "visibility_timeout": 120,
        "socket_timeout": 5,
        "socket_connect_timeout": 1,
        "retry_on_timeout": False,
        "max_retries": 0,
    },
    task_publish_retry=False,
    timezone="UTC",
    # The sweep is the guarantee; the doorbell only makes it quick.
    beat_schedule={
        "screen what is due": {"task": "moderation.tasks.screen", "schedule": 5.0, "options": {"expires": 5}},
        "send notices that are due": {
            "task": "moderation.tasks.send_notices",
            "schedule": 15.0,
            "options": {"expires": 15},
        },
        "tend the moderators' queue": {
            "task": "moderation.tasks.tend_queue",
            "schedule": 60.0,
            "options": {"expires": 60},
        },
        "roll up the figures": {
            "task": "moderation.tasks.roll_up_figures",
            # After midnight the day before is over for longer than `rolling_up.SETTLED`, and is made for the last time.
            "schedule": crontab(minute=15),
            "options": {"expires": 3600},
        },
        "tend the rules": {
            "task": "moderation.tasks.tend_rules",
            "schedule": 60.0,
            "options": {"expires": 60},
        },
        "settle legal holds that ended": {
            "task": "moderation.tasks.settle_holds",
            "schedule": 300.0,
            "options": {"expires": 300},
        },
    },
    beat_max_loop_interval=5,
)
app.autodiscover_tasks(["moderation"])
