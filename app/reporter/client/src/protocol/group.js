/**
 * ristretto255 (RFC 9496) as QL1 uses it for fetching.
 *
 * Lives here: decoding with QL1's two refusals, multiplying, scalars. Points and scalars are 32
 * bytes outside this module. noble takes the identity element for a point; QL1 does not (with
 * X = Z = identity every recipient "solves" the row), so the check is made here, by hand.
 */
import { ristretto255 } from '@noble/curves/ed25519.js';

import { ProtocolError } from './errors.js';

/** @import { Rng } from './random.js' */

const Point = ristretto255.Point;
const ORDER = Point.Fn.ORDER;

/**
 * Little-endian bytes as a number.
 * @param {Uint8Array} bytes
 * @returns {bigint}
 */
function toNumber(bytes) {
  let text = '';
  for (const byte of bytes) text = byte.toString(16).padStart(2, '0') + text;
  return BigInt(`0x${text}`);
}

/**
 * QL1, "Group for fetching": canonical, and not the identity.
 * @param {Uint8Array} bytes 32 bytes
 * @returns {InstanceType<typeof Point>} noble's point
 * @throws {ProtocolError} bad-point
 */
export function decodePoint(bytes) {
  let point;
  try {
    point = Point.fromBytes(bytes);
  } catch {
    throw new ProtocolError('bad-point', 'not a canonical ristretto255 encoding');
  }
  if (point.is0()) throw new ProtocolError('bad-point', 'the identity element is not allowed');
  return point;
}

/**
 * @param {Uint8Array} bytes 32 bytes
 * @throws {ProtocolError} bad-point
 */
export function checkPoint(bytes) {
  decodePoint(bytes);
}

/**
 * @param {Uint8Array} bytes 32 bytes, little-endian
 * @returns {bigint} 1 … ℓ − 1
 * @throws {ProtocolError} bad-key for zero or a scalar that is not reduced
 */
export function decodeScalar(bytes) {
  if (bytes.length !== 32) throw new ProtocolError('wrong-length', 'a scalar has 32 bytes');
  const value = toNumber(bytes);
  if (value === BigInt(0) || value >= ORDER) throw new ProtocolError('bad-key', 'not a reduced scalar');
  return value;
}

/**
 * @param {Uint8Array} scalar 32 bytes
 * @param {Uint8Array} point 32 bytes
 * @returns {Uint8Array} scalar · point, 32 bytes
 * @throws {ProtocolError} bad-point, bad-key
 */
export function multiply(scalar, point) {
  return decodePoint(point).multiply(decodeScalar(scalar)).toBytes();
}

/**
 * @param {Uint8Array} scalar 32 bytes
 * @returns {Uint8Array} scalar · B, 32 bytes
 * @throws {ProtocolError} bad-key
 */
export function base(scalar) {
  return Point.BASE.multiply(decodeScalar(scalar)).toBytes();
}

/**
 * @param {Uint8Array} wide 64 bytes, little-endian
 * @returns {Uint8Array} the number mod ℓ, 32 bytes, little-endian (RFC 9496, section 4.4)
 * @throws {ProtocolError} wrong-length
 */
export function reduce(wide) {
  if (wide.length !== 64) throw new ProtocolError('wrong-length', 'a wide scalar has 64 bytes');
  return Point.Fn.toBytes(toNumber(wide) % ORDER);
}

/**
 * @param {Rng} rng
 * @returns {Uint8Array} a random scalar that is not zero, 32 bytes
 */
export function randomScalar(rng) {
  for (;;) {
    const scalar = reduce(rng(64));
    if (scalar.some((byte) => byte !== 0)) return scalar;
  }
}
