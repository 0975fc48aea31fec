"""The line on the open web, by each proxy, with a certificate of an authority of the test's own."""

from __future__ import annotations

from tests.vm.field import Field
from tests.vm.line import doctor_finds_nothing

NAME = "tips.example.org"
_AUTHORITY = "/root/authority"
_PLACE = f"/etc/letsencrypt/live/{NAME}"
_DEPLOYED = "/usr/share/quietline/deploy"


def caddy(field: Field) -> None:
    """Put Caddy before the server as the documents say, its certificate the test's authority's."""
    own = f"\\n\\ttls {_PLACE}/fullchain.pem {_PLACE}/privkey.pem"
    field.machine.type(
        f"apt-get install -y caddy\n{_certificate()}"
        "usermod --append --groups quietline caddy\n"
        f"sed 's|^{NAME} {{|&{own}|; {_onion(field)}' {_DEPLOYED}/caddy/Caddyfile "
        ">/etc/caddy/Caddyfile\n"
        f"chgrp -R caddy {_PLACE}; chmod -R g+rX {_PLACE}; chmod o+x /etc/letsencrypt "
        "/etc/letsencrypt/live\n"
        "systemctl restart caddy"
    )


def nginx(field: Field) -> None:
    """Put nginx before it."""
    field.machine.type(
        f"apt-get install -y nginx-light\n{_certificate()}"
        "usermod --append --groups quietline www-data\n"
        f"sed '{_onion(field)}' {_DEPLOYED}/nginx/nginx.conf >/etc/nginx/nginx.conf\n"
        "nginx -t && systemctl restart nginx"
    )


def serves_the_line(field: Field) -> None:
    """Fetch the site and its manifest by https, with that authority alone; http leads there."""
    machine = field.machine
    machine.look(f"grep -q {NAME} /etc/hosts || echo '127.0.0.1 {NAME}' >>/etc/hosts")
    ask = f"curl -s -m 60 --retry 30 --retry-all-errors --cacert {_AUTHORITY}/ca.pem"
    page = machine.look(f"{ask} -D /tmp/headers https://{NAME}/en/ || {ask} https://{NAME}/")
    assert "<html" in page, page[:500]
    headers = machine.look("cat /tmp/headers").lower()
    assert field.known["reporters"] in headers, headers
    assert "x-forwarded" not in headers, headers
    assert "server: caddy" not in headers, headers
    bundles = f"{ask} -f -o /dev/null https://{NAME}/api/v1/bundles"
    machine.look(bundles)
    moved = machine.look(f"curl -s -m 60 -o /dev/null -w '%{{redirect_url}}' http://{NAME}/")
    assert moved.startswith(f"https://{NAME}/"), moved
    doctor_finds_nothing(field, f"--address https://{NAME} --connect")


def _certificate() -> str:
    return (
        f"if [ ! -f {_AUTHORITY}/ca.pem ]; then\n"
        f"mkdir -p {_AUTHORITY} {_PLACE}; cd {_AUTHORITY}\n"
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 "
        "-subj '/CN=An authority of a test' -addext keyUsage=critical,keyCertSign "
        "-keyout ca.key -out ca.pem\n"
        "cp ca.pem /usr/local/share/ca-certificates/test.crt; update-ca-certificates\n"
        "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
        f"-subj '/CN={NAME}' -keyout {_PLACE}/privkey.pem -out request.pem\n"
        f"printf 'subjectAltName=DNS:{NAME}\\nauthorityKeyIdentifier=keyid\\n' >names\n"
        "openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 20 "
        f"-extfile names -out {_PLACE}/fullchain.pem\n"
        "fi\n"
    )


def _onion(field: Field) -> str:
    example = "http://onionaddressonionaddressonionaddressonionaddressonionadd.onion"
    return f"s|{example}|{field.known['reporters']}|"
