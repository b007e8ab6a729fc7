"""The WSGI application as `up` serves it: a worker process whose server was killed goes with it.

A server's own workers do not notice that; PostgreSQL's, Valkey's and Celery's do.
"""

import os

from parler.devstack import tether
from parler.wsgi import application

__all__ = ["application"]

tether.die_with_parent(os.getppid())
