// Light, dark or the system's, at once; the cookie is set in the background.
import { call } from './calls.js';
import { all, one } from './dom.js';

export function startTheme() {
  /** @type {HTMLFormElement | null} */
  const form = one('[data-theme-form]');
  /** @type {AbortController | null} */
  let before = null;
  form?.addEventListener('submit', (event) => {
    event.preventDefault();
    const theme = /** @type {HTMLButtonElement} */ (event.submitter).value;
    document.documentElement.dataset.theme = theme;
    for (const button of all('button', form)) {
      button.setAttribute('aria-pressed', String(button === event.submitter));
    }
    // The last choice counts, whichever call comes through first; and leaving the page ends none.
    before?.abort();
    before = new AbortController();
    const body = new URLSearchParams({ theme });
    call('/theme', { method: 'POST', body, keepalive: true, signal: before.signal }).catch(() => {});
  });
}
