"""Gunicorn's settings; the reasons for gunicorn are in docs/adr/0012."""

import os

from safeguarding import env
from safeguarding.runtime.logs import logging_config

_port = env.number("PORT", 8000, least=1, most=65535)
bind = [env.text("BIND", f"127.0.0.1:{_port}")]
workers = env.number("WEB_WORKERS", min(4, os.cpu_count() or 1), least=1, most=64)
worker_class = "gthread"
threads = env.number("WEB_THREADS", 4, least=1, most=64)
timeout = 60
graceful_timeout = 15
keepalive = 5
# A worker is replaced now and then, not all at the same time: slow leaks never grow old.
max_requests = 5000
max_requests_jitter = 500
limit_request_line = 4094
# One line a request is written by our middleware, by the route's pattern; gunicorn would log whole paths.
accesslog = None
errorlog = "-"
loglevel = "warning"
logconfig_dict = logging_config(env.text("LOG_FORMAT", "json"), env.text("LOG_LEVEL", "INFO"))
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 - a heartbeat file, never data
# Once for all workers: half the memory, and a start that takes half the time on a small machine.
preload_app = True
