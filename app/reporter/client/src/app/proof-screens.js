// Showing that a letter is one's own: a text from the verifier in, a signed text out. All of it
// happens here; nothing is sent, and the code is not in the answer.

import { ProtocolError } from '../protocol/errors.js';
import { onAction, one } from './dom.js';

/** @import { Bytes } from '../protocol/attachments.js' */

/**
 * @import { ProofRequest } from '../protocol/letter.js'
 * @import { Parts } from './visit.js'
 */

/** @param {Parts & {onCancel: () => void}} o */
export function makeProofScreens({ screens, visit, speaker, core, onCancel }) {
  const asking = screens.section('proof');
  const proving = screens.section('prove');
  /** @type {HTMLTextAreaElement} */
  const field = one('#proof', asking);
  const verifier = one('[data-verifier]', proving);
  const made = one('[data-made]', proving);
  /** @type {HTMLTextAreaElement} */
  const answer = one('#made', proving);
  const copied = one('[data-copied]', proving);
  /** @type {ProofRequest | null} */
  let request = null;

  const forget = () => {
    request = null;
    answer.value = '';
    made.hidden = true;
    copied.textContent = '';
  };
  const read = async () => {
    try {
      request = await core.run('readProofRequest', { text: field.value });
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      screens.problem('proof', speaker.say('proof.unreadable'));
      field.focus();
      return;
    }
    verifier.textContent = request.verifier;
    screens.show('prove');
  };
  const make = async () => {
    const text = await core.run('proveLetter', {
      code: /** @type {Bytes} */ (visit.code),
      request: /** @type {ProofRequest} */ (request),
    });
    if (text === null) {
      screens.problem('prove', speaker.say('proof.not-yours'));
      return;
    }
    answer.value = text;
    made.hidden = false;
    answer.focus();
    answer.select();
  };
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(answer.value);
      copied.textContent = speaker.say('proof.copied');
    } catch {
      copied.textContent = speaker.say('proof.not-copied');
      answer.select();
    }
  };

  screens.onArrive('proof', forget);
  field.addEventListener('input', () => screens.problem('proof', ''));
  onAction(asking, 'read', read);
  onAction(asking, 'back', () => {
    field.value = '';
    onCancel();
  });
  onAction(proving, 'make', make);
  onAction(proving, 'copy', copy);
  onAction(proving, 'back', () => screens.show('proof'));
  return {
    start: () => screens.show('proof'),
    wipe: forget,
  };
}
