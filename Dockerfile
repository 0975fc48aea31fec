# The server and, as the target "tor", Tor beside it. deploy/compose.yaml builds both.
#
#   SOURCE_DATE_EPOCH=$(git log -1 --format=%ct) docker buildx build --sbom=true --provenance=true \
#     --build-arg "$(grep ^BASE= deploy/images.env)" \
#     --output type=image,name=quietline,rewrite-timestamp=true .
#
# BASE is the one base image, in deploy/images.env with its digest once that was asked for
# (deploy/README.md); everything of Python is pinned by hash in locks/. Without BASE nothing is built.
ARG BASE

FROM ${BASE} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3-venv \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY locks/ locks/
RUN python3 -m venv /opt/quietline/.venv
RUN /opt/quietline/.venv/bin/python -m pip install --quiet --require-hashes --only-binary :all: --no-compile -r locks/build.txt -r locks/runtime.txt $(test "$(uname -m)" = x86_64 && echo -r locks/s3.txt)
COPY pyproject.toml README.md LICENSE ./
COPY app/ app/
COPY migrations/ migrations/
RUN /opt/quietline/.venv/bin/python -m pip install --quiet --no-deps --no-build-isolation --no-compile .
RUN /opt/quietline/.venv/bin/python -m pip uninstall --quiet --yes pip

FROM ${BASE} AS tor
RUN apt-get update \
    && apt-get install -y --no-install-recommends tor \
    && rm -rf /var/lib/apt/lists/* /var/log/* /var/cache/ldconfig/aux-cache
USER debian-tor
ENTRYPOINT ["/usr/bin/tor", "--DataDirectory", "/var/lib/tor", "-f", "/etc/tor/torrc"]

FROM ${BASE} AS server
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3 \
    && rm -rf /var/lib/apt/lists/* /var/log/* /var/cache/ldconfig/aux-cache
COPY --from=build /opt/quietline /opt/quietline
RUN install -d -o 10001 -g 10001 -m 0700 /var/lib/quietline
ENV PATH=/opt/quietline/.venv/bin:/usr/bin:/bin PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
ENTRYPOINT ["/opt/quietline/.venv/bin/quietline", "server"]
CMD ["run", "--config", "/etc/quietline/server.toml", "--uds", "/run/quietline/server.sock", "--tor-uds", "/run/quietline-tor/tor.sock", "--desk-uds", "/run/quietline-tor/desk.sock"]
