"""The reporter's site: rendered to static files ahead of time, the same bytes for everyone.

``build.render_site`` is the one way in. Nothing here signs, writes to disk or listens; the agency
signs and writes what is returned, the server hands it out. What runs in the reporter's browser is
in ``client/``; this package never sees a report.
"""
