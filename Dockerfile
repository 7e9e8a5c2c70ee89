# orouter in a container: not root, a root file system that may be read-only, state in /data only.
#
#   docker build -t orouter .
#   docker run --rm -v orouter:/data orouter init
#   docker run --read-only --tmpfs /tmp -v orouter:/data -p 8000:8000 -e OPENAI_API_KEY orouter
#
# A configuration file is found at /etc/orouter/orouter.yaml. The key that protects secrets comes as
# OROUTER_SECRET_KEY. A database server instead of SQLite: OROUTER_DATABASE__URL.
# `make image` builds it, or tries its steps one by one where there is no engine.
FROM node:22-slim AS ui
WORKDIR /src/admin-frontend
COPY admin-frontend/package.json admin-frontend/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY admin-frontend ./
RUN npm run --silent build

FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv /opt/orouter
COPY requirements.txt ./
RUN /opt/orouter/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements.txt
COPY pyproject.toml ./
COPY migrations migrations
COPY orouter orouter
COPY --from=ui /src/orouter/admin_static orouter/admin_static
RUN /opt/orouter/bin/pip install --no-cache-dir --no-deps . \
    && /opt/orouter/bin/python -m pip uninstall --quiet --yes pip

FROM python:3.13-slim
RUN install -d -o 10001 -g 10001 /data
COPY --from=build /opt/orouter /opt/orouter
ENV PATH=/opt/orouter/bin:$PATH \
    HOME=/data \
    PYTHONDONTWRITEBYTECODE=1 \
    OROUTER_SERVER__HOST=0.0.0.0 \
    OROUTER_SERVER__PORT=8000 \
    OROUTER_DATABASE__URL=sqlite:////data/orouter.db \
    OROUTER_USAGE__JOURNAL_DIR=/data/journal \
    OROUTER_LOGGING__FILE=/data/logs/orouter.log
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['OROUTER_SERVER__PORT'] + '/health', timeout=2)"]
ENTRYPOINT ["orouter"]
CMD ["serve"]
