// The screens of the page and what leads from one to another, made anew when the language changes.

import { all, breathe, onAction, one } from './dom.js';
import { canRecord, maySend } from './place.js';
import { makeReceiptScreen } from './receipt-screen.js';
import { makeAnnouncer, Screens } from './screens.js';
import { whileWriting } from './trouble.js';
import { makeWork } from './work.js';
import { makeWriting } from './writing.js';

/**
 * @import { makeCountry } from './country.js'
 * @import { Later, Wire } from './later.js'
 * @import { Returning } from './returning.js'
 * @import { Parts } from './visit.js'
 * @import { Voice } from './voice-screen.js'
 */
/** @typedef {ReturnType<typeof makeWriting>} Writing */
/** @typedef {ReturnType<typeof makeReceiptScreen>} Receipt */
/**
 * The screens as they stand in the document now.
 * @typedef {{parts: Parts, writing: Writing, receipt: Receipt, returning: Returning | null, voice: Voice | null,
 *   ways: Record<string, () => void>, stop: AbortController}} Shown
 */

const FIRST = new Set(['safety', 'sending', 'receipt', 'done']); // in the page from its beginning

/**
 * `again(late)` gives life to the screens of another language and shows the one that was shown;
 * `adopt(sections)` takes in those that come later, `wire(wire)` gives them theirs.
 * @param {Omit<Parts, 'screens' | 'work' | 'subtle' | 'gone'> & {later: Later, country: ReturnType<typeof
 *   makeCountry>, callOff: () => void}} o
 */
export function makeWay({ later, country, callOff, ...shared }) {
  const { visit, core, service, speaker } = shared;
  const work = makeWork({ service, core });
  const subtle = globalThis.crypto?.subtle ?? null;
  if (maySend(location)) breathe().then(core.prepare); // the first screen before the worker

  /** What holds after sending: how long an answer stays, and what follows from danger. */
  const tellSent = () => {
    const text = visit.messageDays ? speaker.count('days', visit.messageDays) : '';
    for (const place of all('[data-days]')) place.textContent = text;
    for (const each of all('[data-in-danger]')) each.hidden = !visit.saidDanger;
    for (const each of all('[data-no-danger]')) each.hidden = visit.saidDanger;
  };

  /** @returns {Shown} */
  const make = () => {
    const stop = new AbortController();
    const screens = new Screens(document, speaker, makeAnnouncer(one('[data-announcer]')));
    const parts = { ...shared, screens, work, subtle, gone: stop.signal };
    const insecure = one('[data-insecure]');

    /**
     * Do something with a screen that is loaded later; say so if it takes a moment, or fails.
     * @param {(text: string) => void} tell
     * @param {() => void} then
     * @param {() => Promise<unknown>} [wanted] what it needs of what is loaded later
     */
    const withLater = async (tell, then, wanted = later.ready) => {
      tell(speaker.say('loading'));
      try {
        await wanted();
      } catch (error) {
        tell(whileWriting(visit.draft)(error, speaker));
        return;
      }
      tell('');
      then();
    };
    /** @param {string} text */
    const tellFirst = (text) => {
      insecure.textContent = text;
    };
    /** @param {string} text */
    const tellText = (text) => screens.problem('text', text);

    const writing = makeWriting({
      ...parts,
      onVoice: canRecord() ? () => withLater(tellText, () => /** @type {Voice} */ (set.voice).start()) : null,
      onMore: (then) => withLater((text) => screens.problem('more', text), then, later.screens),
      // What is said of files comes with the later screens: most who write add none.
      onFiles: (tell, then) => withLater(tell, then, later.screens),
      onCancel: (kind) => screens.show(kind === 'report' ? 'safety' : 'answers'),
      onSent(kind) {
        if (visit.draft.from) visit.resume();
        screens.show(kind === 'report' ? 'receipt' : 'sent');
      },
    });
    const receipt = makeReceiptScreen({ ...parts, onDone: () => screens.show('done') });
    screens.onArrive('done', () => {
      tellSent();
      for (const each of all('[data-with-code]')) each.hidden = visit.code === null;
      for (const each of all('[data-without-code]')) each.hidden = visit.code !== null;
    });

    const begin = (/** @type {() => void} */ start) => {
      if (maySend(location)) start();
      else tellFirst(speaker.say('trouble.insecure'));
    };
    /** @type {Record<string, () => void>} */
    const ways = {
      write: () => begin(() => writing.start()),
      return: () =>
        begin(() => {
          callOff();
          withLater(tellFirst, () => /** @type {Returning} */ (set.returning).start());
        }),
    };
    const safety = screens.section('safety');
    onAction(safety, 'write', ways.write);
    onAction(safety, 'return', ways.return);
    onAction(safety, 'help', () => withLater(tellFirst, () => screens.show('help')));
    country.show();
    return { parts, writing, receipt, returning: null, voice: null, ways, stop };
  };

  /** @type {Shown} */
  let set = make();

  /** @param {string} step */
  const resume = (step) => {
    const { screens } = set.parts;
    if (set.writing.resume(step)) return;
    if (step === 'try' || step === 'no-code')
      screens.show('receipt'); // where the code is read
    else if (FIRST.has(step)) screens.show(step);
    else set.returning?.resume(step);
  };

  return {
    /** @param {HTMLElement[]} sections */
    adopt(sections) {
      set.parts.screens.adopt(sections);
      set.writing.adopt();
      country.show();
    },
    /** @param {Wire} wire */
    wire(wire) {
      const { parts, writing } = set;
      Object.assign(set, wire({ parts, writing, onCheck: callOff }));
      parts.screens.onArrive('sent', tellSent);
    },
    /** @param {Document | null} late the screens that come later, if they had come before */
    async again(late) {
      const { stop, parts, receipt, voice } = set;
      const step = /** @type {string} */ (parts.screens.current);
      stop.abort();
      receipt.wipe();
      voice?.wipe();
      set = make();
      if (late) await later.anew(late);
      resume(step);
    },
    /** @param {string} pressed what was pressed before the script was there */
    early: (pressed) => set.ways[pressed]?.(),
    wipe() {
      work.wipe();
      set.receipt.wipe();
      set.returning?.wipe();
      set.voice?.wipe();
    },
  };
}
