// A note is kept as it is typed: a lock, another page or a closed window takes nothing of it.
import { keepDraft } from './calls.js';
import { from, one } from './dom.js';

const PAUSE = 800;

// What is in the form's section is put in anew when a colleague changes something there, so
// nothing of it is held on to.
/** @param {string} id */
export function startNote(id) {
  let timer = 0;
  /** @param {RequestInit} options */
  const keep = (options = {}) => {
    clearTimeout(timer);
    timer = 0;
    keepDraft(`/cases/${id}/notes/draft`, one('#note-new'), one('#note-state'), one('#note-text'), options);
  };
  document.addEventListener('input', (event) => {
    if (from(event).id !== 'note-text') return;
    one('#note-state').textContent = '';
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  });
  document.addEventListener('submit', (event) => {
    if (from(event).id !== 'note-new') return;
    clearTimeout(timer);
    timer = 0;
  });
  addEventListener('pagehide', () => {
    if (timer) keep({ keepalive: true });
  });
}
