FROM python:3.13-slim AS build
COPY requirements.txt /
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --only-binary :all: -r /requirements.txt \
    && /opt/venv/bin/pip uninstall --yes pip

FROM python:3.13-slim
ENV PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY wsgi.py ./
COPY coverage_service coverage_service
COPY rules rules
# Compiled once here, since the service may run on a read-only root; an image with a bad rule file is not built.
RUN python -m compileall -q coverage_service && python -m coverage_service rules check
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["python", "-m", "coverage_service", "serve", "--host", "0.0.0.0", "--port", "8000"]
