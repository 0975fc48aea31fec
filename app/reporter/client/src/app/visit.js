// Everything this page remembers: one visit, in memory, until the page is left. The one place that
// knows how to forget it all.

import { Draft } from './draft.js';

export function makeVisit(lang) {
  const running = new Set(); // AbortControllers of what is going on
  const visit = {
    code: null, // the receipt code's 16 bytes
    draft: new Draft('report', lang),
    kept: null, // a draft that waits while something else is asked for
    desksOpened: new Set(), // desks whose answers were opened
    openDesks: new Set(), // desks that could be written to when it was last looked
    directory: null, // the verified directory that desks were last chosen from
    newest: null, // the directory with the highest version that was verified in this visit
    toldOld: false, // was the person told that, by the phone's date, what the line shows is old?
    waiting: [], // ids of the messages that a check found for this code

    /** Become the owner of a code. */
    become(code) {
      if (visit.code && visit.code !== code) visit.code.fill(0);
      visit.code = code;
    },

    /** Begin to write something new. */
    startDraft(kind) {
      visit.draft.wipe();
      visit.draft = new Draft(kind, lang);
    },

    /** Begin to ask for something, on the screen `from`; what was being written waits. */
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

    /** Run something that leaving the page stops. `work` gets the signal. */
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
      visit.toldOld = false;
    },
  };
  return visit;
}
