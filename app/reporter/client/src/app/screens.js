// Showing one screen at a time. Nothing is written into the history: a step never leaves an entry,
// so the phone's Back button cannot lead back into a report.

import { all, one } from './dom.js';

/** Say something to a screen reader without moving anybody. Progress comes at most every 3 s. */
export function makeAnnouncer(region) {
  let last = -Infinity;
  return {
    say(text) {
      last = performance.now();
      region.textContent = text;
    },
    progress(text) {
      if (performance.now() - last >= 3000) this.say(text);
    },
    wipe() {
      region.textContent = '';
    },
  };
}

export class Screens {
  constructor(root, speaker, announcer) {
    this.speaker = speaker;
    this.announcer = announcer;
    this.sections = new Map(all('[data-step]', root).map((each) => [each.dataset.step, each]));
    this.current = one('[data-step]:not([hidden])', root)?.dataset.step ?? null;
    this.arriving = new Map();
  }

  /** Take in screens that were loaded later. */
  adopt(sections) {
    for (const section of sections) {
      const mine = document.importNode(section, true);
      one('main').append(mine);
      this.sections.set(mine.dataset.step, mine);
    }
  }

  has(step) {
    return this.sections.has(step);
  }

  section(step) {
    return this.sections.get(step);
  }

  /** Run `handler` each time that screen is about to be shown. */
  onArrive(step, handler) {
    this.arriving.set(step, handler);
  }

  /** Show a screen and put the focus on its heading, which a screen reader then reads. */
  show(step, { place = null } = {}) {
    for (const [name, section] of this.sections) section.hidden = name !== step;
    this.current = step;
    const section = this.section(step);
    this.problem(step, '');
    this.announcer.wipe();
    const where = one('[data-where]', section);
    if (where) this.tellPlace(where, place);
    document.title = section.dataset.title;
    this.arriving.get(step)?.();
    scrollTo(0, 0);
    one('h1', section).focus({ preventScroll: true });
  }

  /** "Step 2 of 6", with a bead for each. */
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
    where.append(beads, this.speaker.say('step', place));
  }

  /** Put a sentence about what went wrong on a screen; an empty one takes it away. */
  problem(step, sentence) {
    const box = one('[data-problem]', this.section(step));
    if (box) box.textContent = sentence;
  }
}
