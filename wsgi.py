"""The service as a WSGI application, for any server: `granian --interface wsgi wsgi:app`."""

from coverage_service import create_app

app = create_app()
