/**
 * The system's randomness, as the `rng` that every function of the protocol takes.
 *
 * Lives here: one function. The rest of the protocol never reaches for randomness by itself,
 * so that tests can hand in their own.
 */

/** @typedef {(n: number) => Uint8Array<ArrayBuffer>} Rng n bytes wanted → n random bytes */

const PER_CALL = 65536; // crypto.getRandomValues refuses more at once

/**
 * @param {number} n bytes wanted
 * @returns {Uint8Array<ArrayBuffer>} n random bytes
 */
export function systemRng(n) {
  const out = new Uint8Array(n);
  for (let at = 0; at < n; at += PER_CALL) {
    globalThis.crypto.getRandomValues(out.subarray(at, Math.min(n, at + PER_CALL)));
  }
  return out;
}

/**
 * @param {number} below 1 … 2^32
 * @param {Rng} rng
 * @returns {number} a whole number, every one equally likely
 */
export function randomBelow(below, rng) {
  const limit = 2 ** 32 - (2 ** 32 % below);
  for (;;) {
    const [a, b, c, d] = rng(4);
    const value = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
    if (value < limit) return value % below; // the rest would favour small numbers
  }
}
