// Leaving at once: the button, or Shift three times within 5 seconds. Memory first, then the
// screen, then away; the entry in the history is replaced, so Back does not return.

import { all, one } from './dom.js';

/** @import { Speaker } from './page.js' */

const PRESSES = 3;
const WITHIN_MS = 5000;

/**
 * `wipe` empties the visit's memory; `address()` is where to go; `speaker` counts aloud.
 * @param {{document: Document, wipe: () => void, address: () => string, speaker: Speaker}} o
 */
export function installExit({ document, wipe, address, speaker }) {
  const announcer = one('[data-exit-announcer]');
  const dots = one('[data-exit-dots]');
  /** @type {number[]} */
  let presses = [];
  let alone = false;

  const leave = () => {
    wipe();
    for (const field of /** @type {HTMLInputElement[]} */ (all('input, textarea'))) field.value = '';
    document.title = '\u200b';
    document.body.replaceChildren();
    document.documentElement.className = 'blank';
    location.replace(address());
  };

  const showDots = () => {
    dots.hidden = presses.length === 0;
    [...dots.children].forEach((dot, n) => dot.classList.toggle('on', n < presses.length));
  };

  const reset = () => {
    presses = [];
    showDots();
    announcer.textContent = '';
  };

  document.addEventListener('click', (event) => {
    if (!(/** @type {Element} */ (event.target).closest('[data-exit], [data-action="leave"]'))) return;
    event.preventDefault();
    leave();
  });

  // Only Shift by itself counts: capital letters must not throw a reporter out.
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Shift') {
      if (!event.repeat) alone = true;
    } else {
      alone = false;
      if (presses.length > 0) reset();
    }
  });
  document.addEventListener('keyup', (event) => {
    if (event.key !== 'Shift' || !alone) return;
    alone = false;
    const now = event.timeStamp;
    presses = [...presses.filter((then) => now - then < WITHIN_MS), now];
    showDots();
    if (presses.length >= PRESSES) {
      announcer.textContent = speaker.say('exit.leaving');
      leave();
      return;
    }
    announcer.textContent = speaker.count('exit.pressed', PRESSES - presses.length);
    setTimeout(() => {
      if (presses.at(-1) === now) reset();
    }, WITHIN_MS);
  });

  // A page kept by the browser for Back must come up empty.
  addEventListener('pagehide', wipe);
  addEventListener('pageshow', (event) => {
    reset();
    if (event.persisted) location.reload();
  });

  return { leave };
}
