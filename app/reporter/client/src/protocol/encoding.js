/**
 * Bytes to text, text to bytes, integers to bytes.
 *
 * Lives here: strict hex, base64url without padding, UTF-8, JSON, big-endian integers, joining,
 * comparing. Strict both ways: an encoding that has two spellings would let one signed thing
 * be written in two ways. Never here: keys, formats, randomness.
 */
import { ProtocolError } from './errors.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * @param {string} message
 * @returns {never}
 */
function refuse(message) {
  throw new ProtocolError('bad-encoding', message);
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {number | undefined} size bytes expected
 * @param {string} what
 * @returns {Uint8Array<ArrayBuffer>}
 */
function checkSize(bytes, size, what) {
  if (size !== undefined && bytes.length !== size) {
    throw new ProtocolError('wrong-length', `${what}: expected ${size} bytes, got ${bytes.length}`);
  }
  return bytes;
}

/**
 * @param {Uint8Array} bytes any length
 * @returns {string} lower-case hex
 */
export function hex(bytes) {
  let out = '';
  for (const byte of bytes) out += byte.toString(16).padStart(2, '0');
  return out;
}

/**
 * @param {string} text lower-case hex
 * @param {number} [size] bytes expected
 * @returns {Uint8Array<ArrayBuffer>}
 * @throws {ProtocolError} bad-encoding, wrong-length
 */
export function unhex(text, size) {
  if (typeof text !== 'string' || text.length % 2 || /[^0-9a-f]/.test(text)) {
    refuse('not lower-case hex');
  }
  const out = new Uint8Array(text.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = parseInt(text.substr(2 * i, 2), 16);
  return checkSize(out, size, 'hex');
}

/**
 * @param {Uint8Array} bytes any length
 * @returns {string} base64url without padding (RFC 4648, section 5)
 */
export function b64u(bytes) {
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const n = (bytes[i] << 16) | ((left > 1 ? bytes[i + 1] : 0) << 8) | (left > 2 ? bytes[i + 2] : 0);
    out += ALPHABET[n >> 18] + ALPHABET[(n >> 12) & 63];
    if (left > 1) out += ALPHABET[(n >> 6) & 63];
    if (left > 2) out += ALPHABET[n & 63];
  }
  return out;
}

/**
 * @param {string} text base64url without padding; unused bits must be zero
 * @param {number} [size] bytes expected
 * @returns {Uint8Array<ArrayBuffer>}
 * @throws {ProtocolError} bad-encoding, wrong-length
 */
export function unb64u(text, size) {
  if (typeof text !== 'string' || text.length % 4 === 1 || /[^A-Za-z0-9_-]/.test(text)) {
    refuse('not base64url without padding');
  }
  const out = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const letter of text) {
    held = ((held << 6) | ALPHABET.indexOf(letter)) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out[at++] = (held >> bits) & 255;
    }
  }
  if (held & ((1 << bits) - 1)) refuse('base64url with unused bits set');
  return checkSize(out, size, 'base64url');
}

/**
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>} UTF-8
 */
export function utf8(text) {
  return new TextEncoder().encode(text);
}

/**
 * @param {Uint8Array} bytes
 * @returns {string} the text, a byte-order mark kept as a character
 * @throws {ProtocolError} bad-encoding for anything that is not UTF-8
 */
export function fromUtf8(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refuse('not UTF-8');
  }
}

const JSON_DEPTH_MAX = 32;
const JSON_TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s"{}[\]:,]+/g;
const WHOLE = /^(?:0|-?[1-9]\d{0,15})$/;

/**
 * Of JSON that parses: what JSON.parse lets pass and readers in other languages see otherwise.
 * @param {string} text
 */
function checkJson(text) {
  /** @type {(Set<string> | null)[]} */
  const names = []; // of every object that is open: its members so far; of a list: null
  let before = '';
  for (const [token] of text.matchAll(JSON_TOKEN)) {
    if (token === '{' || token === '[') {
      names.push(token === '{' ? new Set() : null);
      if (names.length > JSON_DEPTH_MAX) refuse('JSON of too many levels');
    } else if (token === '}' || token === ']') {
      names.pop();
    } else if (token === ':') {
      const name = JSON.parse(before);
      // JSON that parses has ":" in objects only.
      if (/** @type {Set<string>} */ (names[names.length - 1]).has(name)) refuse('JSON with a member twice');
      /** @type {Set<string>} */ (names[names.length - 1]).add(name);
    } else if (/^[-\d]/.test(token) && !(WHOLE.test(token) && Number.isSafeInteger(Number(token)))) {
      refuse('JSON with a number that not everyone reads alike');
    }
    before = token;
  }
}

/**
 * JSON that every reader reads alike (QL1, README, "JSON").
 * @param {Uint8Array|string} given UTF-8 without a byte order mark
 * @returns {*} its value
 * @throws {ProtocolError} bad-encoding for what is not JSON, a member twice in one object, more
 *   than 32 levels, a number that is not whole or is beyond ±(2^53 − 1)
 */
export function readJson(given) {
  const text = typeof given === 'string' ? given : fromUtf8(given);
  /** @type {*} */
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    refuse('not JSON');
  }
  checkJson(text);
  return value;
}

/**
 * Sorts every object's keys, so that the same value always gives the same bytes.
 * @param {*} value
 * @returns {*}
 */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const keys = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]));
}

/**
 * @param {*} value anything JSON can hold
 * @returns {Uint8Array<ArrayBuffer>} compact JSON with sorted keys, UTF-8
 */
export function jsonBytes(value) {
  return utf8(JSON.stringify(sorted(value)));
}

/**
 * @param {...ArrayLike<number>} parts bytes
 * @returns {Uint8Array<ArrayBuffer>} all parts in one new array
 */
export function concat(...parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/**
 * Compares without stopping at the first difference.
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 * @returns {boolean}
 */
export function equal(a, b) {
  if (a.length !== b.length) return false;
  let differs = 0;
  for (let i = 0; i < a.length; i++) differs |= a[i] ^ b[i];
  return differs === 0;
}

/**
 * @param {number} value 0 … 2^(8·size) − 1, at most 2^53 − 1
 * @param {number} size bytes: 2, 4 or 8
 * @returns {Uint8Array<ArrayBuffer>} big-endian
 */
export function integer(value, size) {
  if (!Number.isSafeInteger(value) || value < 0 || value >= 256 ** size) {
    throw new RangeError(`${value} does not fit an unsigned integer of ${size} bytes`);
  }
  const out = new Uint8Array(size);
  for (let i = size - 1, rest = value; i >= 0; i--) {
    out[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return out;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at where it begins
 * @param {number} size bytes: 2, 4 or 8
 * @returns {number} big-endian, unsigned
 * @throws {ProtocolError} wrong-length; bad-encoding above 2^53 − 1 (no time or count gets there)
 */
export function readInteger(bytes, at, size) {
  if (at + size > bytes.length) throw new ProtocolError('wrong-length', 'an integer was cut off');
  let value = 0;
  for (let i = 0; i < size; i++) value = value * 256 + bytes[at + i];
  if (!Number.isSafeInteger(value)) refuse('an integer larger than 2^53 − 1');
  return value;
}
