// Everything this page remembers: one visit, in memory, until the page is left. The one place that
// knows how to forget it all.

import { Draft } from './draft.js';

/**
 * What the desks' screens leave for others: how many days messages stay, and the desks' names by id.
 * @typedef {{messageDays?: number, deskNames?: Map<string, string>}} Shown
 */

/**
 * @import { Directory } from '../protocol/directory.js'
 * @import { Core } from './core.js'
 * @import { Lists } from './lists.js'
 * @import { Page, Speaker } from './page.js'
 * @import { Screens } from './screens.js'
 * @import { Service } from './service.js'
 * @import { Work } from './work.js'
 */
/** @typedef {ReturnType<typeof makeVisit>} Visit */
/**
 * What the screens are made of.
 * @typedef {{screens: Screens, visit: Visit, page: Page, speaker: Speaker, service: Service, core: Core, work: Work,
 *   lists: Lists, subtle: SubtleCrypto | null}} Parts
 */

/** @param {string} lang */
export function makeVisit(lang) {
  /** @type {Set<AbortController>} */
  const running = new Set(); // AbortControllers of what is going on
  const visit = {
    code: /** @type {Uint8Array<ArrayBuffer> | null} */ (null), // the receipt code's 16 bytes
    draft: new Draft('report', lang),
    kept: /** @type {Draft | null} */ (null), // a draft that waits while something else is asked for
    desksOpened: /** @type {Set<string>} */ (new Set()), // desks whose answers were opened
    openDesks: /** @type {Set<string>} */ (new Set()), // desks that could be written to when it was last looked
    directory: /** @type {Directory | null} */ (null), // the verified directory that desks were last chosen from
    newest: /** @type {Directory | null} */ (null), // of those verified in this visit, the highest version
    warnedOld: false, // was the person told that, by the phone's date, what the line shows is old?
    waiting: /** @type {Uint8Array[]} */ ([]), // ids of the messages that a check found for this code

    /**
     * Become the owner of a code.
     * @param {Uint8Array<ArrayBuffer>} code 16 bytes
     */
    become(code) {
      if (visit.code && visit.code !== code) visit.code.fill(0);
      visit.code = code;
    },

    /**
     * Begin to write something new.
     * @param {string} kind
     */
    startDraft(kind) {
      visit.draft.wipe();
      visit.draft = new Draft(kind, lang);
    },

    /**
     * Begin to ask for something, on the screen `from`; what was being written waits.
     * @param {string} kind
     * @param {string} from
     */
    setAside(kind, from) {
      if (visit.draft.from) visit.draft.wipe();
      else visit.kept = visit.draft;
      visit.draft = new Draft(kind, lang, from);
    },

    /** Go on with what was being written. */
    resume() {
      visit.draft.wipe();
      visit.draft = visit.kept ?? new Draft('message', lang);
      visit.kept = null;
    },

    /**
     * Run something that leaving the page stops. `work` gets the signal.
     * @template T
     * @param {(signal: AbortSignal, stop: () => void) => Promise<T>} work
     * @returns {Promise<T>}
     */
    async run(work) {
      const stop = new AbortController();
      running.add(stop);
      try {
        return await work(stop.signal, () => stop.abort());
      } finally {
        running.delete(stop);
      }
    },

    wipe() {
      for (const stop of running) stop.abort();
      visit.draft.wipe();
      visit.kept?.wipe();
      visit.kept = null;
      visit.waiting = [];
      visit.code?.fill(0);
      visit.code = null;
      visit.desksOpened = new Set();
      visit.directory = null;
      visit.newest = null;
      visit.warnedOld = false;
    },
  };
  return /** @type {typeof visit & Shown} */ (visit);
}
