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
 * What the screens are made of; `gone` is aborted when others take their place (in another language).
 * @typedef {{screens: Screens, visit: Visit, page: Page, speaker: Speaker, service: Service, core: Core, work: Work,
 *   lists: Lists, subtle: SubtleCrypto | null, gone: AbortSignal}} Parts
 */

/** @param {string} lang */
export function makeVisit(lang) {
  /** @type {Set<AbortController>} */
  const running = new Set(); // AbortControllers of what is going on
  const visit = {
    lang, // of the page now, and of what is written
    country: '', // that was chosen at the top, or told in an answer; empty: the line's own
    choseCountry: false, // was it chosen at the top?
    codes: /** @type {Uint8Array<ArrayBuffer>[]} */ ([]), // every reading of the code that was typed
    code: /** @type {Uint8Array<ArrayBuffer> | null} */ (null), // the receipt code's 16 bytes
    draft: new Draft('report', lang),
    kept: /** @type {Draft | null} */ (null), // a draft that waits while something else is asked for
    desksOpened: /** @type {Set<string>} */ (new Set()), // desks whose answers were opened
    openDesks: /** @type {Set<string>} */ (new Set()), // desks that could be written to when it was last looked
    directory: /** @type {Directory | null} */ (null), // the verified directory that desks were last chosen from
    newest: /** @type {Directory | null} */ (null), // of those verified in this visit, the highest version
    saidDanger: false, // did what was sent last say that somebody is in danger now?
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
      visit.draft = new Draft(kind, visit.lang);
    },

    /**
     * Begin to ask for something, on the screen `from`; what was being written waits.
     * @param {string} kind
     * @param {string} from
     */
    setAside(kind, from) {
      if (visit.draft.from) visit.draft.wipe();
      else visit.kept = visit.draft;
      visit.draft = new Draft(kind, visit.lang, from);
    },

    /** Go on with what was being written. */
    resume() {
      visit.draft.wipe();
      visit.draft = visit.kept ?? new Draft('message', visit.lang);
      visit.kept = null;
    },

    /**
     * Go on in another language: what runs stops, what was written stays.
     * @param {string} tag
     */
    speak(tag) {
      for (const stop of running) stop.abort();
      visit.lang = tag;
      visit.draft.lang = tag;
      if (visit.kept) visit.kept.lang = tag;
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
      visit.country = '';
      visit.choseCountry = false;
      for (const code of visit.codes) code.fill(0);
      visit.codes = [];
      visit.code?.fill(0);
      visit.code = null;
      visit.desksOpened = new Set();
      visit.directory = null;
      visit.newest = null;
      visit.warnedOld = visit.saidDanger = false;
    },
  };
  return /** @type {typeof visit & Shown} */ (visit);
}
