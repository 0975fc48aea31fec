/**
 * Bundles: an investigator's keys for one window, and those of an epoch (QL1, "Bundles").
 *
 * Lives here: verifying them. Never here: private keys, fetching, choosing.
 */
import { concat, equal, hex, integer } from './encoding.js';
import { ProtocolError } from './errors.js';
import { TAG_BUNDLE, verify } from './signatures.js';
import { MLKEM_BYTES, parseBundles } from './wire.js';

/**
 * @import { Directory } from './directory.js'
 * @import { BundleRecord } from './wire.js'
 */
/**
 * An investigator's keys for one window.
 * @typedef {Omit<BundleRecord, 'index'>} Bundle
 */
/** @typedef {{epoch: number, byIndex: Map<number, Bundle>, referenceTime: number | null}} Bundles */

/** How long after its window a bundle may stay in service. */
export const SERVICE_SECONDS = 30 * 86400;

/**
 * @param {{dh: Uint8Array, mlkem: Uint8Array, xwing: Uint8Array, notBefore: number,
 *   notAfter: number}} bundle
 * @returns {Uint8Array} what `j-sig-eph-w1` signs, 2,448 bytes
 */
export function bundleMessage(bundle) {
  return concat(bundle.dh, bundle.mlkem, bundle.xwing, integer(bundle.notBefore, 8), integer(bundle.notAfter, 8));
}

/**
 * @param {Bundle} bundle
 * @param {Uint8Array} vk the investigator's key, 32 bytes
 * @throws {ProtocolError} bad-bundle, bad-signature
 */
export function verifyBundle(bundle, vk) {
  if (bundle.notBefore >= bundle.notAfter) {
    throw new ProtocolError('bad-bundle', 'a bundle’s window ends before it begins');
  }
  verify(TAG_BUNDLE, vk, bundleMessage(bundle), bundle.signature);
}

const Q = 3329;
/** The u-coordinates below 2^255 with which every shared secret is zero (RFC 7748, 6.1). */
const SMALL_ORDER = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
];

/**
 * FIPS 203, 7.2: every coefficient of an encapsulation key is below q.
 * @param {Uint8Array} key 1184 bytes
 * @returns {boolean}
 */
function goodMlkem(key) {
  for (let i = 0; i < MLKEM_BYTES - 32; i += 3) {
    const [a, b, c] = [key[i], key[i + 1], key[i + 2]];
    if ((a | ((b & 15) << 8)) >= Q || ((b >> 4) | (c << 4)) >= Q) return false;
  }
  return true;
}

/**
 * @param {Uint8Array} key 32 bytes
 * @returns {boolean}
 */
function goodX25519(key) {
  const masked = key.slice();
  masked[31] &= 127; // X25519 does not look at the top bit
  return !SMALL_ORDER.includes(hex(masked));
}

/**
 * Can a sender seal to this bundle? One that is signed but not usable must not silence a line.
 * @param {Bundle} bundle
 * @returns {boolean}
 */
function usable({ dh, mlkem, xwing }) {
  return (
    goodX25519(dh) &&
    goodMlkem(mlkem) &&
    goodMlkem(xwing.subarray(0, MLKEM_BYTES)) &&
    goodX25519(xwing.subarray(MLKEM_BYTES))
  );
}

/**
 * The time that more than half of the active investigators vouch for by the beginning of a window.
 * A signature proves a time only as far as its signer tells the truth: so no single key of three
 * moves it, and a server that leaves bundles out gets no time instead of the one that is left.
 * @param {Array<{notBefore: number}>} bundles the usable ones, one an investigator
 * @param {{active: number[]}} directory from openDirectory
 * @returns {number|null} Unix seconds; null where fewer than that have a bundle
 */
export function referenceTime(bundles, directory) {
  const starts = bundles.map(({ notBefore }) => notBefore).sort((a, b) => b - a);
  return starts[Math.floor(directory.active.length / 2)] ?? null;
}

/**
 * Can they all be in service at one moment? Leaving out whoever does not fit would let one key choose
 * who reads: those of today or those of then. No honest server shows both.
 * @param {Bundle[]} bundles
 * @returns {boolean}
 */
function fitTogether(bundles) {
  const begun = Math.max(...bundles.map(({ notBefore }) => notBefore));
  return bundles.every(({ notAfter }) => notAfter + SERVICE_SECONDS > begun);
}

/**
 * Verifies the bundles of an epoch against the directory they name. A bundle whose keys no one
 * could seal to is left out, as if its owner had none.
 * @param {Uint8Array} bytes the body of GET bundles
 * @param {Directory} directory from openDirectory
 * @returns {Bundles} the bundles
 *   by their owner's place in the directory; see referenceTime()
 * @throws {ProtocolError} wrong-length, bad-bundle, bad-signature; other-directory if a new
 *   directory took effect in between: fetch both again
 */
export function openBundles(bytes, directory) {
  const { epoch, directoryHash, records } = parseBundles(bytes);
  if (!equal(directoryHash, directory.hash)) {
    throw new ProtocolError('other-directory', 'the bundles belong to another directory');
  }
  let last = -1;
  for (const { index, ...bundle } of records) {
    if (index <= last || !directory.active.includes(index)) {
      throw new ProtocolError('bad-bundle', 'a bundle belongs to nobody who is active, or is out of order');
    }
    last = index;
    verifyBundle(bundle, directory.investigators[index].vk);
  }
  const able = records.filter(usable);
  if (!fitTogether(able)) throw new ProtocolError('bad-bundle', 'the bundles serve at no one moment');
  return {
    epoch,
    byIndex: new Map(able.map(({ index, ...bundle }) => [index, bundle])),
    referenceTime: referenceTime(able, directory),
  };
}
