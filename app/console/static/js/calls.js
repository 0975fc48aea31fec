// Calls to this console's own server, with the page's token. Addresses are written as the server's
// handlers have them; the path before them, which only this browser knows, is put there here.
import { one } from './dom.js';
import { words } from './sentences.js';

const ROOT = new URL('../..', import.meta.url).pathname.replace(/\/$/, '');
const token = () => /** @type {HTMLMetaElement} */ (one('meta[name="csrf"]')).content;

export const within = (/** @type {string} */ path) => ROOT + path;
export const here = () => location.pathname.slice(ROOT.length) + location.search;

/**
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<Response>}
 */
export async function call(path, options = {}) {
  const headers = { 'x-quietline-csrf': token(), ...options.headers };
  const answer = await fetch(within(path), { ...options, headers, cache: 'no-store' });
  if (answer.status === 401) location.assign(within(`/unlock?back=${encodeURIComponent(here())}`));
  return answer;
}

/**
 * The same for a person, who is told what comes of it: what is shown then counts as read.
 * @param {string} path
 * @param {RequestInit} [options]
 */
export const ask = (path, options = {}) => call(path, { ...options, headers: { 'x-quietline-opened': 'yes' } });

/**
 * @param {Response} answer
 * @param {string} [unsaid] what is said of an answer without a sentence, as of a console that was started anew
 * @returns {Promise<string>}
 */
export async function sentence(answer, unsaid = 'failed') {
  try {
    return (await answer.json()).problem;
  } catch {
    return words(unsaid);
  }
}

/**
 * Keeps what is being typed, and says beside it what came of that: kept, refused, or unreached.
 * @param {string} path
 * @param {HTMLFormElement} form
 * @param {HTMLElement} state
 * @param {HTMLTextAreaElement} field
 * @param {RequestInit} [options]
 * @returns {Promise<'kept' | 'refused' | 'unreached'>}
 */
export async function keepDraft(path, form, state, field, options = {}) {
  try {
    const answer = await call(path, { method: 'POST', body: fieldsOf(form), ...options });
    state.textContent = answer.ok
      ? field.value.trim()
        ? words('draft-saved')
        : ''
      : await sentence(answer, 'not-saved');
    state.classList.toggle('not-kept', !answer.ok);
    return answer.ok || answer.status === 401 ? 'kept' : 'refused';
  } catch {
    state.classList.add('not-kept');
    state.textContent = words('not-saved');
    return 'unreached';
  }
}

/**
 * What was typed. Files go on their own, as they are added.
 * @param {HTMLFormElement} form
 */
function fieldsOf(form) {
  return new URLSearchParams(/** @type {[string, string][]} */ ([...new FormData(form)]));
}
