// "In your own words": the text, and how much room is left. Room is counted in bytes of the body,
// and told in letters of the kind the person uses (an Arabic letter takes two bytes).

import { all, onAction, one } from './dom.js';

/** @import { Parts } from './visit.js' */

const ROOM_SHOWN = 500; // letters: from here on it is said how many are left
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

/**
 * `onFiles()` when the person wants to add photos or files; `onVoice()` to speak, null where the browser
 * cannot record.
 * @param {Pick<Parts, 'screens' | 'visit' | 'speaker'> & {onFiles: () => void, onVoice: (() => void) | null}} o
 */
export function makeTextScreen({ screens, visit, speaker, onFiles, onVoice }) {
  const section = screens.section('text');
  const ownWords = one('.lead', section).textContent;
  /** @type {HTMLTextAreaElement} */
  const field = one('textarea', section);
  const room = one('[data-room]', section);
  const added = one('[data-added]', section);
  const noVoice = one('[data-no-voice]', section);

  /** What was added besides the words. */
  const tellAdded = () => {
    const { files } = visit.draft;
    const isVoice = (/** @type {{kind: string | null}} */ each) => each.kind?.startsWith('voice') ?? false;
    const spoken = files.some(isVoice);
    const others = files.filter((each) => !isVoice(each));
    const size = speaker.bytes(others.reduce((sum, each) => sum + each.blob.size, 0));
    const parts = [
      spoken && speaker.say('added.voice'),
      others.length > 0 && speaker.count('added.files', others.length, { size }),
    ];
    added.textContent = parts.filter(Boolean).join(' · ');
  };

  const tell = () => {
    const left = visit.draft.bytesLeft();
    const letters = Math.ceil(Math.abs(left) / bytesPerLetter(field.value, ownWords));
    const tooLong = left < 0;
    // Said when it matters: nobody who begins needs the number.
    const said = tooLong || letters < ROOM_SHOWN;
    room.textContent = said ? speaker.count(tooLong ? 'text.too-long' : 'text.room', letters) : '';
    room.classList.toggle('bad', tooLong);
    room.dataset.bytesLeft = /** @type {string} */ (/** @type {unknown} */ (left));
    field.setAttribute('aria-invalid', String(tooLong));
  };

  field.addEventListener('input', () => {
    visit.draft.text = field.value;
    screens.problem('text', '');
    tell();
  });
  screens.onArrive('text', () => {
    field.value = visit.draft.text;
    tell();
    tellAdded();
  });
  for (const button of all('[data-action="voice"]', section)) button.hidden = !onVoice;
  noVoice.hidden = onVoice !== null;
  noVoice.textContent = speaker.say('text.no-voice');
  onAction(section, 'voice', () => onVoice?.());
  onAction(section, 'files', onFiles);

  /** May one go on? If not, says why. */
  const ready = () => {
    if (visit.draft.bytesLeft() >= 0) return true;
    field.focus();
    screens.problem('text', room.textContent);
    return false;
  };
  return { ready, tellAdded };
}
