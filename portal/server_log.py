"""The web server's own log, in the lines of the portal: gunicorn.conf.py names it."""

from gunicorn.glogging import Logger

from portal.log_lines import lines

# Method and path, never the query string nor what a form sent; the number leads to the lines of the request.
ACCESS = '%(h)s "%(m)s %(U)s" %(s)s %(B)s bytes %(D)s us %({x-request-id}o)s'


class ServerLog(Logger):
    """Gunicorn's logger with our formatter on each of its handlers."""

    def setup(self, cfg):
        super().setup(cfg)
        for logger in (self.error_log, self.access_log):
            for handler in logger.handlers:
                handler.setFormatter(lines())
