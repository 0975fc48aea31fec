// The line as it is now: the verified directory and the bundles of the hour. Whatever does not
// verify stops everything; nothing is believed because the server said so.

import { VERSION, directoryState, looksOld } from '../protocol/directory.js';
import { equal, fromUtf8, unb64u } from '../protocol/encoding.js';
import { ProtocolError } from '../protocol/errors.js';
import { inLanguage } from './page.js';
import { Trouble } from './trouble.js';

/**
 * @import { Bundles } from '../protocol/bundles.js'
 * @import { Desk, Directory } from '../protocol/directory.js'
 * @import { FewDesk } from './trouble.js'
 * @import { Parts, Visit } from './visit.js'
 */
/** @typedef {{directory: Directory, bundles: Bundles, state: 'ok' | 'expiring' | 'grace', old: boolean}} OpenLine */
/**
 * What is told and needed when the line is asked.
 * @typedef {Pick<Parts, 'service' | 'core' | 'page' | 'visit'> & {signal?: AbortSignal}} Asking
 */

const TRIES = 3;

/** The day that this device shows, in its own time zone. */
export function deviceDay() {
  const now = new Date();
  const parts = [now.getFullYear(), now.getMonth() + 1, now.getDate()];
  return parts.map((part) => String(part).padStart(2, '0')).join('-');
}

/**
 * Does this device's clock say that the directory, or what came with it, is plainly of the past?
 * @param {Directory} directory
 * @param {number | null} referenceTime Unix seconds
 */
export const isOld = (directory, referenceTime) => looksOld(directory, referenceTime, Math.floor(Date.now() / 1000));

/**
 * Within a visit the directory never goes back: no reporter is shown one list and sends by an older.
 * Throws Trouble.
 * @param {Pick<Visit, 'newest'>} visit
 * @param {Directory} directory
 */
function remember(visit, directory) {
  const { newest } = visit;
  const other = newest && !equal(directory.hash, newest.hash);
  if (other && directory.version <= newest.version) throw new Trouble('bad-directory');
  visit.newest = directory;
}

/**
 * Fetch and verify the directory. Throws ProtocolError or Trouble.
 * @param {Asking} o
 * @returns {Promise<Directory>}
 */
export async function fetchDirectory({ service, core, page, visit, signal }) {
  const file = await service.directory({ signal });
  try {
    const directory = await core.run('openDirectory', { file, lineId: page.lineId }, { signal });
    remember(visit, directory);
    return directory;
  } catch (error) {
    if (error instanceof ProtocolError && isOfLaterVersion(file)) {
      throw new Trouble('unknown-version');
    }
    throw error instanceof ProtocolError ? new Trouble('bad-directory') : error;
  }
}

/**
 * Only chooses between two sentences; both refuse to send.
 * @param {Uint8Array} file
 * @returns {boolean}
 */
function isOfLaterVersion(file) {
  try {
    const inner = JSON.parse(fromUtf8(unb64u(JSON.parse(fromUtf8(file)).directory)));
    return Number.isInteger(inner.v) && inner.v > VERSION;
  } catch {
    return false;
  }
}

/**
 * Directory and bundles that belong together. A directory that was verified before, `known`, need not
 * be fetched again: the bundles name theirs by its hash.
 * Returns {directory, bundles, state: 'ok'|'expiring'|'grace', old: by this device's clock}; throws
 * Trouble.
 * @param {Asking & {known?: Directory | null}} o
 * @returns {Promise<OpenLine>}
 */
export async function openLine({ service, core, page, visit, known = null, signal }) {
  for (let attempt = 1; ; attempt += 1) {
    const [directory, bytes] = await Promise.all([
      (attempt === 1 && known) || fetchDirectory({ service, core, page, visit, signal }),
      service.bundles({ signal }),
    ]);
    try {
      const bundles = await core.run('openBundles', { file: bytes, directory }, { signal });
      remember(visit, directory);
      // Where too few have a bundle there is no time to trust; then the clock alone is looked at.
      const state = bundles.referenceTime === null ? 'ok' : directoryState(directory, bundles.referenceTime);
      if (state === 'expired') throw new Trouble('expired-directory');
      return { directory, bundles, state, old: isOld(directory, bundles.referenceTime) };
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      // A new directory took effect between the two calls.
      if (error.code === 'other-directory' && attempt < TRIES) continue;
      throw new Trouble(error.code === 'other-directory' ? 'stale' : 'bad-directory');
    }
  }
}

/**
 * Can any investigator of this desk be written to now?
 * @param {Desk} desk
 * @param {Bundles} bundles
 */
export function isOpen(desk, bundles) {
  return desk.members.some((index) => bundles.byIndex.has(index));
}

/**
 * Is a person to be asked before they write to a desk of so many members, of whom `now` can read
 * (QL1, bundles, few readers)? A server can leave bundles out, so that an investigator of its choice reads
 * alone.
 * @param {number} members
 * @param {number} now
 */
export function fewReaders(members, now) {
  return 2 * now < members || (now === 1 && members > 1);
}

/**
 * The desks of these of which few can read now, as {id, name, now, of}; `agreed` holds by id to how
 * few the person sends all the same.
 * @param {Set<string>} deskIds
 * @param {Map<string, number>} agreed
 * @param {Pick<OpenLine, 'directory' | 'bundles'>} line
 * @param {string} lang
 * @returns {FewDesk[]}
 */
export function fewOf(deskIds, agreed, { directory, bundles }, lang) {
  return directory.desks.flatMap((desk) => {
    const members = desk.members.filter((index) => directory.active.includes(index));
    const now = members.filter((index) => bundles.byIndex.has(index)).length;
    const ask = deskIds.has(desk.id) && fewReaders(members.length, now);
    if (!ask || now >= (agreed.get(desk.id) ?? Infinity)) return [];
    return [{ id: desk.id, name: inLanguage(desk.name, lang), now, of: members.length }];
  });
}

/**
 * The places in the directory of everyone who may read, for these desks. Throws Trouble if one
 * of them is no longer there or has closed: who reads is never changed without asking.
 * @param {Set<string>} deskIds
 * @param {Pick<OpenLine, 'directory' | 'bundles'>} line
 * @returns {Set<number>}
 */
export function membersOf(deskIds, { directory, bundles }) {
  const chosen = directory.desks.filter((desk) => deskIds.has(desk.id));
  if (chosen.length !== deskIds.size || !chosen.every((desk) => isOpen(desk, bundles))) {
    throw new Trouble('no-recipient');
  }
  const members = chosen.flatMap((desk) => desk.members);
  return new Set(members.filter((index) => directory.active.includes(index)));
}
