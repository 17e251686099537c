# What compose.yaml runs: all that development needs, and none of our code, which is mounted.
FROM debian:trixie-slim
# The newest is wanted, for the sake of security: no version is pinned.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates postgresql-client-17 python3-venv \
    && rm -rf /var/lib/apt/lists/* \
    && python3 -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1
WORKDIR /srv/foodmood
COPY requirements/dev.txt requirements/
RUN --mount=type=cache,target=/root/.cache/pip pip install --require-hashes --requirement requirements/dev.txt
