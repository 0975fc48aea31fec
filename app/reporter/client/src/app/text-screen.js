// "In your own words": the text, and how much room is left. Room is counted in bytes of the body,
// and told in letters of the kind the person uses (an Arabic letter takes two bytes).

import { one } from './dom.js';

/** @import { Parts } from './visit.js' */

const SAMPLE = 40; // letters before one's own writing says how long letters are

/** @param {string} text */
const byteLength = (text) => new TextEncoder().encode(text).length;

/**
 * Bytes that one letter takes in this text, or while it is short, in another of the same language.
 * @param {string} text
 * @param {string} other
 */
export function bytesPerLetter(text, other) {
  const sample = text.length < SAMPLE ? other : text;
  return byteLength(sample) / sample.length;
}

/** @param {Pick<Parts, 'screens' | 'visit' | 'speaker'>} o */
export function makeTextScreen({ screens, visit, speaker }) {
  const section = screens.section('text');
  const ownWords = one('.lead', section).textContent;
  /** @type {HTMLTextAreaElement} */
  const field = one('textarea', section);
  const room = one('[data-room]', section);
  const skip = one('[data-action="skip"]', section);

  const tell = () => {
    const left = visit.draft.bytesLeft();
    const letters = Math.ceil(Math.abs(left) / bytesPerLetter(field.value, ownWords));
    const tooLong = left < 0;
    room.textContent = speaker.count(tooLong ? 'text.too-long' : 'text.room', letters);
    room.classList.toggle('bad', tooLong);
    room.dataset.bytesLeft = /** @type {string} */ (/** @type {unknown} */ (left));
    field.setAttribute('aria-invalid', String(tooLong));
    skip.hidden = field.value.trim() !== '';
  };

  field.addEventListener('input', () => {
    visit.draft.text = field.value;
    screens.problem('text', '');
    tell();
  });
  screens.onArrive('text', () => {
    field.value = visit.draft.text;
    tell();
  });

  /** May one go on? If not, says why. */
  const ready = () => {
    if (visit.draft.bytesLeft() >= 0) return true;
    screens.problem('text', room.textContent);
    field.focus();
    return false;
  };
  return { ready };
}
