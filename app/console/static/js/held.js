// A key that is pressed while a case is on its way waits for it. What is written after the key of a text
// goes into that text; of anything else that follows nothing is guessed, and nothing of it is a command,
// however fast the hand and slow the computer.
import { one } from './dom.js';
import { tell } from './notify.js';
import { words } from './sentences.js';

/** Who pressed nothing for so many milliseconds has seen what is there now. */
const PAUSE = 500;

let held = false;
let isCalledOff = false;
/** What was pressed since, as `KeyboardEvent.key`. */
/** @type {string[]} */
let since = [];
let pause = 0;

/** Whether a key waits, or a hand goes on that was too fast. */
export const isHeld = () => held;

/**
 * Does what a key means once what it is meant for is there.
 * @param {() => Promise<boolean>} there whether it came; another key may have asked for something else
 * @param {() => unknown} act
 */
export async function hold(there, act) {
  if (held) return;
  held = true;
  isCalledOff = false;
  since = [];
  const came = (await there()) && !isCalledOff;
  if (came) act();
  const field = document.activeElement;
  if (came && field instanceof HTMLTextAreaElement) {
    write(field);
    held = false;
  } else if (since.length) untilQuiet();
  else held = false;
}

/** Escape: the key that waits is not meant any more. */
export function callOff() {
  isCalledOff = true;
}

/** @param {KeyboardEvent} event a key while one waits */
export function pressedSince(event) {
  event.preventDefault();
  since.push(event.key);
  if (pause) untilQuiet();
}

/** @param {HTMLTextAreaElement} field */
function write(field) {
  const text = [];
  for (const key of since) {
    if (key === 'Backspace') text.pop();
    else if (key === 'Enter') text.push('\n');
    else if ([...key].length === 1) text.push(key);
  }
  if (!text.length) return;
  field.setRangeText(text.join(''), field.selectionStart, field.selectionEnd, 'end');
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
}

function untilQuiet() {
  clearTimeout(pause);
  pause = setTimeout(() => {
    pause = 0;
    held = false;
    if (one('#notice').hidden) tell(words('keys-unused')); // why a case did not come says more
  }, PAUSE);
}
