"""ristretto255 (RFC 9496) in plain integers: slow, and made from the RFC alone.

Only for checking the specification against something that shares no code with the product.
"""

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)

Point = tuple[int, int, int, int]
IDENTITY: Point = (0, 1, 1, 0)


def _odd(x: int) -> bool:
    return x % P % 2 == 1


def _sqrt_ratio(u: int, v: int) -> tuple[bool, int]:
    r = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    check = v * r * r % P
    if check in (-u % P, -u * SQRT_M1 % P):
        r = r * SQRT_M1 % P
    return check in (u % P, -u % P), -r % P if _odd(r) else r


INVSQRT_A_MINUS_D = _sqrt_ratio(1, (-1 - D) % P)[1]


def decode(data: bytes) -> Point:
    """Read a point. Raises ValueError for anything but a canonical encoding of 32 bytes."""
    s = int.from_bytes(data, "little")
    if len(data) != 32 or s >= P or _odd(s):
        raise ValueError("not canonical")
    ss = s * s % P
    u1, u2 = (1 - ss) % P, (1 + ss) % P
    v = (-(D * u1 * u1) - u2 * u2) % P
    square, invsqrt = _sqrt_ratio(1, v * u2 * u2 % P)
    den_x = invsqrt * u2 % P
    den_y = invsqrt * den_x * v % P
    x = 2 * s * den_x % P
    x = -x % P if _odd(x) else x
    y = u1 * den_y % P
    t = x * y % P
    if not square or _odd(t) or y == 0:
        raise ValueError("not canonical")
    return (x, y, 1, t)


def encode(point: Point) -> bytes:
    x0, y0, z0, t0 = point
    u1 = (z0 + y0) * (z0 - y0) % P
    u2 = x0 * y0 % P
    invsqrt = _sqrt_ratio(1, u1 * u2 * u2 % P)[1]
    den1, den2 = invsqrt * u1 % P, invsqrt * u2 % P
    z_inv = den1 * den2 * t0 % P
    rotate = _odd(t0 * z_inv)
    if rotate:
        x, y, den_inv = y0 * SQRT_M1 % P, x0 * SQRT_M1 % P, den1 * INVSQRT_A_MINUS_D % P
    else:
        x, y, den_inv = x0, y0, den2
    if _odd(x * z_inv):
        y = -y % P
    s = den_inv * (z0 - y) % P
    return (-s % P if _odd(s) else s).to_bytes(32, "little")


def add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply(scalar: bytes, point: bytes) -> bytes:
    """Return scalar · point, both 32 bytes. Raises ValueError for a point that is not accepted."""
    if not any(point):
        raise ValueError("the identity")
    n, q, total = int.from_bytes(scalar, "little"), decode(point), IDENTITY
    while n:
        if n & 1:
            total = add(total, q)
        q, n = add(q, q), n >> 1
    return encode(total)


def _base() -> Point:
    y = 4 * pow(5, -1, P) % P
    x = _sqrt_ratio((y * y - 1) % P, (D * y * y + 1) % P)[1]
    return (x, y, 1, x * y % P)


BASE = encode(_base())


def reduce(wide: bytes) -> bytes:
    return (int.from_bytes(wide, "little") % L).to_bytes(32, "little")
