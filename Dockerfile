# orouter in a container: not root, a root file system that may be read-only, state in /data only.
#
#   docker build -t orouter .
#   docker run --rm -v orouter:/data orouter db upgrade
#   docker run --read-only --tmpfs /tmp -v orouter:/data -p 8000:8000 -e OPENAI_API_KEY orouter
#
# A configuration file is found at /etc/orouter/orouter.yaml. The key that protects secrets comes as
# OROUTER_SECRET_KEY. A database server instead of SQLite: OROUTER_DATABASE__URL.
FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv /opt/orouter
COPY requirements.txt ./
RUN /opt/orouter/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements.txt
COPY pyproject.toml ./
COPY migrations migrations
COPY orouter orouter
RUN /opt/orouter/bin/pip install --no-cache-dir --no-deps .

FROM python:3.13-slim
RUN useradd --uid 10001 --home-dir /data --create-home --shell /usr/sbin/nologin orouter
COPY --from=build /opt/orouter /opt/orouter
ENV PATH=/opt/orouter/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    OROUTER_SERVER__HOST=0.0.0.0 \
    OROUTER_SERVER__PORT=8000 \
    OROUTER_DATABASE__URL=sqlite:////data/orouter.db \
    OROUTER_LOGGING__FILE=/data/logs/orouter.log
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['OROUTER_SERVER__PORT'] + '/health', timeout=2)"]
ENTRYPOINT ["orouter"]
CMD ["serve"]
