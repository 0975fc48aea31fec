// Sending: the files first, then the bundles of the hour, then one batch for everyone. Every step
// can be repeated: chunks that arrived are kept, and the message keeps its mid.

import { ProtocolError } from '../protocol/errors.js';
import { changedDesks, namesOf } from './desk-changes.js';
import { deviceDay, fewOf, membersOf, openLine } from './line.js';
import { insist, load } from './loading.js';
import { FewReaders, Trouble } from './trouble.js';

/**
 * @import { Draft } from './draft.js'
 * @import { OpenLine } from './line.js'
 * @import { Parts } from './visit.js'
 */
/**
 * Of the files: the number of the one that is sent, and how much of it is done, in bytes and as a fraction.
 * @typedef {{number: number, total: number, name: string, done: number, size: number, fraction: number}} FileProgress
 */

/** @typedef {{fraction: number, msLeft: number}} WorkProgress */

/**
 * How far it is, by stage: see deliver().
 * @typedef {(...heard: ['file', FileProgress] | ['locking', {number: number, total: number}] |
 *   ['working', WorkProgress] | ['handing', {}]) => void} Tell
 */

const TRIES = 3;

/**
 * Send the visit's draft as the owner of its code, by the directory that the desks were chosen from.
 * `tell(stage, values)` hears how it goes: 'file' {number, total, name, done, size, fraction},
 * 'locking' {number, total}, 'working' {fraction, msLeft}, 'handing'. Throws Trouble, of few readers
 * before anything of the message left; call again to go on.
 * @param {Pick<Parts, 'service' | 'core' | 'work' | 'page' | 'visit' | 'speaker'> & {tell: Tell, signal:
 *   AbortSignal}} o
 */
export async function deliver({ service, core, work, page, visit, speaker, tell, signal }) {
  const { draft, code, directory: known } = visit;
  const onWork = (/** @type {number} */ fraction, /** @type {number} */ msLeft) =>
    tell('working', { fraction, msLeft });
  if (draft.files.length) {
    // Who sends no file does not load what sends them.
    const { uploadFiles } = /** @type {typeof import('./upload.js')} */ (await insist(() => load('/assets/later.js')));
    await uploadFiles({ service, core, work, files: draft.files, speaker, tell, onWork, signal });
  }
  // The work first: the bundles would grow old while one waits for it.
  await work.message.spend(hand, { tell: onWork, signal });

  /** @param {string} header */
  async function hand(header) {
    for (let attempt = 1; ; attempt += 1) {
      // QL1, bundles: fetched at Send, after the attachments, which may have taken an hour.
      const line = await openLine({ service, core, page, visit, known, signal });
      if (line.old && !visit.warnedOld) {
        visit.warnedOld = true; // who goes on has been told
        throw new Trouble('old', { day: deviceDay() });
      }
      if (known && draft.kind !== 'withdrawal') {
        const changed = changedDesks(draft.desks, known, line.directory, page.lang);
        if (changed.length > 0) throw new Trouble('desk-changed', { name: namesOf(changed, page.lang) });
      }
      const few = fewOf(draft.readers ?? draft.desks, draft.agreed, line, page.lang);
      if (few.length > 0) throw new FewReaders(few);
      const batch = await seal({ core, line, draft, code: /** @type {Uint8Array} */ (code), page, tell, signal });
      tell('handing', {});
      try {
        await service.send(line.bundles.epoch, batch, { work: header, signal });
        return;
      } catch (error) {
        const again = error instanceof Trouble && error.code === 'stale' && attempt < TRIES;
        if (!again) throw error;
      }
    }
  }
}

/**
 * @param {Pick<Parts, 'core' | 'page'> & {line: OpenLine, draft: Draft, code: Uint8Array, tell: Tell, signal:
 *   AbortSignal}} o
 */
async function seal({ core, line, draft, code, page, tell, signal }) {
  try {
    const batch = {
      code,
      directory: line.directory,
      bundles: line.bundles,
      chosen: membersOf(draft.readers ?? draft.desks, line),
      body: draft.bodyToSend(),
      lineId: page.lineId,
    };
    const onProgress = (/** @type {number} */ number, /** @type {number} */ total) =>
      tell('locking', { number, total });
    return await core.run('seal', batch, { onProgress, signal });
  } catch (error) {
    if (error instanceof ProtocolError && error.code === 'no-recipient') {
      throw new Trouble('no-recipient');
    }
    throw error;
  }
}
