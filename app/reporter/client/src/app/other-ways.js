// Everything besides the way to "sent": coming back, help, a voice note, sending files. A script of its own,
// dist/later.js, loaded together with its screens (later.js). Wiring only.

import { onAction } from './dom.js';
import { makeReturning } from './returning.js';
import { makeVoiceScreen } from './voice-screen.js';

/**
 * @import { Parts } from './visit.js'
 * @import { Writing } from './writing.js'
 */

export { uploadFiles } from './upload.js';

/**
 * Give the screens that were loaded later their life. Returns {returning, voice}.
 * @param {{parts: Parts, writing: Writing, onCheck: () => void}} o
 */
export function wire({ parts, writing, onCheck }) {
  const { screens, visit } = parts;
  const returning = makeReturning({
    ...parts,
    onCheck,
    onBack: () => screens.show('safety'),
    onWriteMore() {
      if (visit.draft.kind !== 'message' || visit.draft.isEmpty()) {
        visit.startDraft('message');
        // Only those whose answers were just opened; everyone else is asked for.
        visit.draft.desks = new Set(visit.desksOpened);
      }
      writing.start();
    },
  });
  const voice = makeVoiceScreen({ ...parts, onDone: writing.withVoice });
  onAction(screens.section('help'), 'back', () => screens.show('safety'));
  onAction(screens.section('sent'), 'to-answers', () => screens.show('answers'));
  return { returning, voice };
}
