// Showing one screen at a time. Nothing is written into the history: a step never leaves an entry,
// so the phone's Back button cannot lead back into a report.

import { all, one } from './dom.js';

const SETTLE_MS = 400; // longer than between the two taps of somebody who taps twice

/** @import { Speaker } from './page.js' */
/** @typedef {ReturnType<typeof makeAnnouncer>} Announcer */
/** @typedef {{number: number, total: number, key?: string}} Place which step of how many, and the phrase that says so */

/**
 * Say something to a screen reader without moving the focus. Progress comes at most every 3 s.
 * @param {HTMLElement} region
 */
export function makeAnnouncer(region) {
  let last = -Infinity;
  return {
    /** @param {string} text */
    say(text) {
      last = performance.now();
      region.textContent = text;
    },
    /** @param {string} text */
    progress(text) {
      if (performance.now() - last >= 3000) this.say(text);
    },
    wipe() {
      region.textContent = '';
    },
  };
}

export class Screens {
  /**
   * @param {ParentNode} root
   * @param {Speaker} speaker
   * @param {Announcer} announcer
   */
  constructor(root, speaker, announcer) {
    this.speaker = speaker;
    this.announcer = announcer;
    /** @type {Map<string | undefined, HTMLElement>} */
    this.sections = new Map(all('[data-step]', root).map((each) => [each.dataset.step, each]));
    /** @type {string | null} */
    this.current = one('[data-step]:not([hidden])', root)?.dataset.step ?? null;
    /** @type {Map<string, () => void>} */
    this.arriving = new Map();
    this.settling = 0;
  }

  /**
   * Take in screens that were loaded later.
   * @param {HTMLElement[]} sections
   */
  adopt(sections) {
    for (const section of sections) {
      const mine = document.importNode(section, true);
      one('main').append(mine);
      this.sections.set(mine.dataset.step, mine);
    }
  }

  /** @param {string} step */
  has(step) {
    return this.sections.has(step);
  }

  /**
   * @param {string} step
   * @returns {HTMLElement}
   */
  section(step) {
    return /** @type {HTMLElement} */ (this.sections.get(step));
  }

  /**
   * Run `handler` each time that screen is about to be shown.
   * @param {string} step
   * @param {() => void} handler
   */
  onArrive(step, handler) {
    this.arriving.set(step, handler);
  }

  /**
   * Show a screen and put the focus on its heading, which a screen reader then reads.
   * @param {string} step
   * @param {{place?: Place | null}} [options]
   */
  show(step, { place = null } = {}) {
    for (const [name, section] of this.sections) section.hidden = name !== step;
    this.current = step;
    document.body.dataset.at = step;
    const section = this.section(step);
    this.problem(step, '');
    this.announcer.wipe();
    const where = one('[data-where]', section);
    if (where) this.tellPlace(where, place);
    document.title = /** @type {string} */ (section.dataset.title);
    this.arriving.get(step)?.();
    scrollTo(0, 0);
    one('h1', section).focus({ preventScroll: true });
    this.settle();
  }

  /**
   * A second tap, by habit or by a shaking hand, must decide nothing on the screen that the first one brought:
   * it takes none for a moment. Keys and the way out are not held up.
   */
  settle() {
    const { classList } = one('main');
    classList.add('settling');
    clearTimeout(this.settling);
    this.settling = setTimeout(() => classList.remove('settling'), SETTLE_MS);
  }

  /**
   * "Step 2 of 6", with a bead for each.
   * @param {HTMLElement} where
   * @param {Place | null} place
   */
  tellPlace(where, place) {
    where.replaceChildren();
    if (!place) return;
    const beads = document.createElement('span');
    beads.className = 'beads';
    beads.setAttribute('aria-hidden', 'true');
    for (let n = 1; n <= place.total; n += 1) {
      const bead = document.createElement('i');
      if (n <= place.number) bead.className = n === place.number ? 'here' : 'past';
      beads.append(bead);
    }
    where.append(beads, this.speaker.say(place.key ?? 'step', place));
  }

  /**
   * Put a sentence about what went wrong on a screen; an empty one takes it away.
   * @param {string} step
   * @param {string} sentence
   */
  problem(step, sentence) {
    const box = one('[data-problem]', this.section(step));
    if (!box) return;
    box.textContent = sentence;
    if (sentence) box.scrollIntoView({ block: 'nearest' });
  }
}
