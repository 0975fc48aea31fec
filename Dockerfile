# The images of compose.yaml and compose.scale.yaml. Nothing is pulled: each begins with nothing, and gets
# one tar, which deploy/images makes of Debian's packages and, for the server, of what locks/ pins by hash.
#
#   make images                                     as root, with buildah and mmdebstrap; makes the tars too
#   podman load -i build/images/quietline-server.tar        or docker load
#
# No command is run in any of them while they are built, so that two builds are the same bytes.

FROM scratch AS server
ADD server.tar /
ENV PATH=/usr/lib/quietline/bin:/usr/bin PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
ENTRYPOINT ["/usr/lib/quietline/bin/quietline", "server"]
CMD ["run", "--migrate", "--config", "/etc/quietline/server.toml", "--uds", "/run/quietline/server.sock", "--tor-uds", "/run/quietline-tor/tor.sock", "--desk-uds", "/run/quietline-tor/desk.sock"]

FROM scratch AS tor
ADD tor.tar /
ENV PATH=/usr/bin HOME=/var/lib/tor
USER 10002:10002
ENTRYPOINT ["/usr/bin/begin"]

FROM scratch AS caddy
ADD caddy.tar /
ENV PATH=/usr/bin XDG_DATA_HOME=/data XDG_CONFIG_HOME=/config
USER 10003:10003
ENTRYPOINT ["/usr/bin/caddy"]
CMD ["run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]

FROM scratch AS postgres
ADD postgres.tar /
ENV PATH=/usr/lib/postgresql/17/bin:/usr/bin
USER 10004:10004
ENTRYPOINT ["/usr/bin/begin"]

FROM scratch AS valkey
ADD valkey.tar /
ENV PATH=/usr/bin
USER 10005:10005
ENTRYPOINT ["/usr/bin/valkey-server"]
