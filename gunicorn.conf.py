"""Read by gunicorn when it is started in this directory; what stands on its command line wins."""

import gc

from portal.server_log import ACCESS, ServerLog

logger_class = ServerLog
access_log_format = ACCESS
# A request line longer than any address of ours, and more headers than a browser sends, are refused unread.
limit_request_line = 2048
limit_request_fields = 60
COLLECT_AFTER = 20_000  # objects made and not given back


def post_worker_init(worker):
    """What a worker starts with stays for its life, so the garbage collector need not look at it again.

    A page makes some thousand objects and nearly no cycles: the collector looks once in a few pages, not in each.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)
