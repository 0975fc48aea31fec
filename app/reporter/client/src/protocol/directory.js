/**
 * The signed directory: who reads for this line, in which desks (QL1, "Directory").
 *
 * Lives here: verifying one and reading it. Only the bytes that were signed are parsed; there is
 * no second, unsigned copy to swap. Never here: making one (the agency's offline machine does).
 */
import { sha256 } from '@noble/hashes/sha2.js';

import { equal, readJson, unb64u, unhex } from './encoding.js';
import { ProtocolError } from './errors.js';
import { verifyInvestigator } from './recipients.js';
import { TAG_DIRECTORY, TAG_ROOT, verify } from './signatures.js';

/**
 * Keys: 32, 32, 1184, 32, 64 bytes.
 * @typedef {{vk: Uint8Array, dh: Uint8Array, mlkem: Uint8Array, fetch: Uint8Array, sig: Uint8Array, label: string,
 *   status: string, left: string | null}} Investigator
 */
/**
 * When a desk reads, by the clock where it is: days 1 (Monday) to 7, HH:MM to HH:MM, up to 24:00. A `to` that is
 * not after `from` is on the next day.
 * @typedef {{days: number[], from: string, to: string}} Hours
 */
/**
 * What an agency has not said of its `hours` and `languages` is empty.
 * @typedef {{id: string, members: number[], name: Record<string, string>, about: Record<string, string>, hours: Hours[],
 *   languages: string[], tellsImmigration: 'yes' | 'no' | 'unknown'}} Desk
 */
/**
 * @typedef {{hash: Uint8Array, lineId: Uint8Array, root: Uint8Array, version: number, issued: string, expires: string,
 *   investigators: Investigator[], desks: Desk[], params: {message_days: number, window_seconds: number},
 *   active: number[]}} Directory
 */

/** The form of directory that is known here. */
export const VERSION = 2;
export const WARN_DAYS = 45;
export const GRACE_DAYS = 14;
/** A reference time so long before a device's clock is of another time than the clock. */
const OLD_DAYS = 45;
const STATUSES = ['active', 'former', 'compromised'];
const DAY = 86400;
const INVESTIGATORS_MAX = 65535;
const LABEL_MAX = 64;
const MESSAGE_DAYS_MAX = 3650;
const HOURS_MAX = 14;
const LANGUAGES_MAX = 32;
const TELLS = ['yes', 'no', 'unknown'];

/**
 * @param {string} message
 * @returns {never}
 */
function refuse(message) {
  throw new ProtocolError('bad-directory', message);
}

/**
 * @param {unknown} good
 * @param {string} message
 * @returns {asserts good}
 */
function check(good, message) {
  if (!good) refuse(message);
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, *>}
 */
const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

/**
 * @param {Uint8Array | string} bytes
 * @param {string} what
 * @returns {Record<string, *>}
 */
function object(bytes, what) {
  /** @type {unknown} */
  let value;
  try {
    value = readJson(bytes);
  } catch {
    refuse(`the ${what} is not JSON`);
  }
  check(isObject(value), `the ${what} is not a JSON object`);
  return value;
}

/**
 * A date of the directory as the Unix seconds of its midnight in UTC.
 * @param {*} text
 * @returns {number} Unix seconds
 */
function midnight(text) {
  const good = typeof text === 'string' && /^2\d{3}-\d{2}-\d{2}$/.test(text);
  const seconds = good ? Date.parse(`${text}T00:00:00Z`) / 1000 : NaN;
  check(!Number.isNaN(seconds) && new Date(seconds * 1000).toISOString().startsWith(text), 'a date is not YYYY-MM-DD');
  return seconds;
}

/**
 * Follows the chain of roots from the line id; each next one is signed by the one before.
 * @param {unknown} chain
 * @param {Uint8Array} lineId 32 bytes
 * @returns {Uint8Array} 32 bytes
 */
function lastRoot(chain, lineId) {
  check(Array.isArray(chain), 'the chain of roots is missing');
  return chain.reduce((before, link) => {
    const root = unb64u(link.root, 32);
    verify(TAG_ROOT, before, root, unb64u(link.signature, 64));
    return root;
  }, lineId);
}

/**
 * @param {unknown} text
 * @returns {boolean}
 */
function isLabel(text) {
  const whole = typeof text === 'string' && !/[\u0000-\u001f\u007f-\u009f]|\p{Surrogate}/u.test(text);
  return whole && text.length > 0 && [...text].length <= LABEL_MAX;
}

/**
 * @param {*} one as the directory has it
 * @param {number} issued Unix seconds
 * @returns {Investigator}
 */
function readInvestigator(one, issued) {
  check(isObject(one) && isLabel(one.label), 'an investigator is malformed');
  check(STATUSES.includes(one.status), 'an investigator has an unknown status');
  const former = one.status === 'former';
  check(former === Object.hasOwn(one, 'left'), 'who has left must have a day of leaving, and nobody else');
  check(!former || midnight(one.left) <= issued, 'a day of leaving comes after the directory');
  const investigator = {
    vk: unb64u(one.vk, 32),
    dh: unb64u(one.dh, 32),
    mlkem: unb64u(one.mlkem),
    fetch: unb64u(one.fetch, 32),
    sig: unb64u(one.sig, 64),
    label: one.label,
    status: one.status,
    left: former ? one.left : null,
  };
  verifyInvestigator(investigator);
  return investigator;
}

/**
 * A text for each language, at least one.
 * @param {unknown} value
 * @returns {value is Record<string, string>}
 */
function isTexts(value) {
  const texts = isObject(value) ? Object.values(value) : [];
  return texts.length > 0 && texts.every((text) => typeof text === 'string');
}

/**
 * @param {unknown} list
 * @param {number} most
 * @param {(one: *) => boolean} isGood
 * @returns {boolean}
 */
const isListOf = (list, most, isGood) => Array.isArray(list) && list.length <= most && list.every(isGood);

/**
 * @param {*} one as the directory has it
 * @returns {one is Hours}
 */
function isHours(one) {
  const time = /^([01]\d|2[0-3]):[0-5]\d$/;
  const isTime = (/** @type {unknown} */ text) => typeof text === 'string' && time.test(text);
  const isDay = (/** @type {unknown} */ day) => Number.isInteger(day) && Number(day) >= 1 && Number(day) <= 7;
  if (!isObject(one) || !isListOf(one.days, 7, isDay) || one.days.length === 0) return false;
  const inOrder = one.days.every(
    (/** @type {number} */ day, /** @type {number} */ i) => i === 0 || day > one.days[i - 1],
  );
  return inOrder && isTime(one.from) && (isTime(one.to) || one.to === '24:00') && one.from !== one.to;
}

/**
 * @param {*} one as the directory has it
 * @param {number} count investigators listed
 * @returns {Desk}
 */
function readDesk(one, count) {
  check(isObject(one) && typeof one.id === 'string' && /^[a-z0-9-]{1,64}$/.test(one.id), 'a desk is malformed');
  const known = (/** @type {number} */ i) => Number.isInteger(i) && i >= 0 && i < count;
  check(Array.isArray(one.members) && one.members.every(known), 'a desk names a member who is not listed');
  check(new Set(one.members).size === one.members.length, 'a desk names a member twice');
  check(isTexts(one.name) && isTexts(one.about), 'a desk lacks its texts');
  const { hours = [], languages = [], tells_immigration: tells = 'unknown' } = one;
  check(isListOf(hours, HOURS_MAX, isHours), 'a desk’s hours are malformed');
  const isTag = (/** @type {unknown} */ tag) =>
    typeof tag === 'string' && /^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/.test(tag);
  check(isListOf(languages, LANGUAGES_MAX, isTag), 'a desk’s languages are malformed');
  check(new Set(languages).size === languages.length, 'a desk names a language twice');
  check(TELLS.includes(tells), 'whether a desk tells immigration is not yes, no or unknown');
  return {
    id: one.id,
    members: one.members,
    name: one.name,
    about: one.about,
    hours: hours.map((/** @type {Hours} */ { days, from, to }) => ({ days, from, to })),
    languages,
    tellsImmigration: tells,
  };
}

/**
 * @param {*} params as the directory has them
 * @returns {Directory['params']}
 */
function readParams(params) {
  check(isObject(params), 'the directory lacks its parameters');
  const { message_days: days, window_seconds: window } = params;
  check(Number.isInteger(days) && days >= 1 && days <= MESSAGE_DAYS_MAX, 'message_days is not a number of days');
  check(Number.isInteger(window) && window > 0 && window % 3600 === 0, 'window_seconds is not whole hours');
  return /** @type {Directory['params']} */ (params);
}

/**
 * @param {Record<string, *>} inner
 * @param {Uint8Array} lineId 32 bytes
 * @param {Uint8Array} root 32 bytes
 * @param {Uint8Array} hash 32 bytes
 * @returns {Directory}
 */
function read(inner, lineId, root, hash) {
  check(inner.v === VERSION, 'the directory is of a version this page does not know');
  check(equal(unb64u(inner.line_id, 32), lineId), 'the directory belongs to another line');
  check(Number.isInteger(inner.version) && inner.version >= 1, 'the directory has no version');
  const issued = midnight(inner.issued);
  midnight(inner.expires);
  check(Array.isArray(inner.investigators) && Array.isArray(inner.desks), 'the directory lacks a list');
  check(inner.investigators.length <= INVESTIGATORS_MAX, 'the directory lists too many investigators');
  /** @type {Investigator[]} */
  const investigators = inner.investigators.map((/** @type {unknown} */ one) => readInvestigator(one, issued));
  /** @param {(one: Investigator) => string} keyOf */
  const twice = (keyOf) => new Set(investigators.map(keyOf)).size !== investigators.length;
  check(!twice((one) => one.vk.join()), 'an investigator is listed twice');
  check(!twice((one) => `${one.dh.join()} ${one.mlkem.join()}`), 'two investigators have the same keys');
  /** @type {Desk[]} */
  const desks = inner.desks.map((/** @type {unknown} */ one) => readDesk(one, investigators.length));
  check(new Set(desks.map((desk) => desk.id)).size === desks.length, 'a desk is listed twice');
  return {
    hash,
    lineId,
    root,
    version: inner.version,
    issued: inner.issued,
    expires: inner.expires,
    investigators,
    desks,
    params: readParams(inner.params),
    active: investigators.flatMap((one, i) => (one.status === 'active' ? [i] : [])),
  };
}

/**
 * Verifies a signed directory file.
 * @param {string|Uint8Array} file `{"directory": base64url, "signature": hex, "root": hex}`
 * @param {Uint8Array} lineId 32 bytes
 * @returns {Directory} `active` are the places a batch must address, in order; labels and desks'
 *   texts are the agency's words, to be shown as text
 * @throws {ProtocolError} bad-directory, bad-signature, bad-point, wrong-length, bad-encoding
 */
export function openDirectory(file, lineId) {
  const outer = object(file, 'directory file');
  const signed = unb64u(outer.directory);
  const root = unhex(outer.root, 32);
  // Signed by the root the file names; whether that root is this line's is in the signed bytes.
  verify(TAG_DIRECTORY, root, signed, unhex(outer.signature, 64));
  const inner = object(signed, 'directory');
  try {
    if (!equal(lastRoot(inner.roots, lineId), root)) {
      throw new ProtocolError('bad-signature', 'the directory is not signed by this line’s current root');
    }
    return read(inner, lineId, root, sha256(signed));
  } catch (error) {
    if (error instanceof TypeError) refuse('a field of the directory has the wrong form');
    throw error;
  }
}

/**
 * @param {{expires: string}} directory from openDirectory
 * @param {number} referenceSeconds Unix seconds: the reference time, from openBundles
 * @returns {'ok'|'expiring'|'grace'|'expired'} expiring: from 45 days before; grace: up to 14 days
 *   after (usable, with a notice). The day in `expires` is still a good one.
 */
export function directoryState(directory, referenceSeconds) {
  const daysLeft = (midnight(directory.expires) - Math.floor(referenceSeconds / DAY) * DAY) / DAY;
  if (daysLeft < -GRACE_DAYS) return 'expired';
  if (daysLeft < 0) return 'grace';
  return daysLeft < WARN_DAYS ? 'expiring' : 'ok';
}

/**
 * Does a device's clock say that what a line shows is plainly of the past? The directory's grace is
 * over, or the reference time is 45 days ago, which no honest server shows. A clock that is earlier
 * says nothing. A reporter's client only warns of it: a wrong clock must silence no reporter.
 * @param {{expires: string}} directory from openDirectory
 * @param {number|null} reference Unix seconds, from openBundles; null where there is none
 * @param {number} clock the device's, Unix seconds
 * @returns {boolean}
 */
export function looksOld(directory, reference, clock) {
  return directoryState(directory, clock) === 'expired' || (reference !== null && clock - reference > OLD_DAYS * DAY);
}

/**
 * @param {Directory} directory
 * @param {number} referenceSeconds Unix seconds
 * @returns {'ok'|'expiring'|'grace'} its state
 * @throws {ProtocolError} expired-directory
 */
export function requireCurrent(directory, referenceSeconds) {
  const state = directoryState(directory, referenceSeconds);
  if (state === 'expired') throw new ProtocolError('expired-directory', 'the directory is past its grace period');
  return state;
}

/**
 * A reporter accepts a message only from an investigator whom the directory lists; in whose name it
 * is shown depends on the status (QL1, "Answers").
 * @param {{senderDh: Uint8Array, senderMlkem: Uint8Array}} opened from openEnvelope
 * @param {Directory} directory
 * @returns {number} the sender's place in the directory, or −1
 */
export function senderIndex(opened, directory) {
  return directory.investigators.findIndex(
    (one) => equal(one.dh, opened.senderDh) && equal(one.mlkem, opened.senderMlkem),
  );
}

/**
 * @param {number} sender the writer's place in the directory
 * @param {*} id what the answer's body says
 * @param {Directory} directory
 * @returns {Desk | null} the desk in whose name the answer may be shown: the one it names, if its writer
 *   is active and sits there. Who has left speaks for none, since the day that an answer names is its
 *   writer's word.
 */
export function deskOf(sender, id, directory) {
  if (directory.investigators[sender].status !== 'active') return null;
  const desk = directory.desks.find((each) => each.id === id);
  return desk?.members.includes(sender) ? desk : null;
}
