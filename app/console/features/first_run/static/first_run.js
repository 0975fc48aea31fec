// The first run: how strong what is typed is, and what happens by itself while somebody waits.
import { call } from '../../../static/js/calls.js';
import { one } from '../../../static/js/dom.js';

const LOOK_MS = 1500;
const TYPING_MS = 400;

/** @param {HTMLInputElement} field */
function startStrength(field) {
  const words = one('#strength');
  const form = /** @type {HTMLFormElement} */ (field.form);
  const token = /** @type {HTMLInputElement} */ (form.elements.namedItem('csrf')).value;
  let waiting = 0;
  let latest = 0;
  const look = async () => {
    const mine = ++latest;
    const body = new URLSearchParams({ csrf: token, passphrase: field.value });
    const answer = await call('/first/strength', { method: 'POST', body });
    if (!answer.ok || mine !== latest) return;
    const said = await answer.json();
    words.dataset.kind = said.kind;
    words.textContent = said.words;
  };
  field.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(() => look().catch(() => {}), TYPING_MS);
  });
  // What was typed before this was loaded.
  if (field.value) look().catch(() => {});
  const shown = /** @type {HTMLInputElement} */ (one('#shown'));
  /** @type {HTMLElement} */ (shown.parentElement).hidden = false;
  shown.addEventListener('change', () => {
    for (const each of [field, /** @type {HTMLInputElement} */ (one('#again'))])
      each.type = shown.checked ? 'text' : 'password';
  });
  // Browsers write down what stands in a field of text, not what stands in one of a passphrase.
  form.addEventListener('submit', () => {
    for (const each of [field, /** @type {HTMLInputElement} */ (one('#again'))]) each.type = 'password';
  });
}

/** @param {HTMLElement} steps */
function startSteps(steps) {
  let leaving = false;
  addEventListener('beforeunload', () => {
    leaving = true;
  });
  const look = async () => {
    const answer = await call('/first/state');
    if (!answer.ok) return;
    const said = await answer.json();
    const chosen = /** @type {HTMLInputElement | null} */ (one('#directory'))?.value;
    // What was chosen would be lost; the page is made anew when that is sent. And whoever is on the
    // way elsewhere, such as to lock, is not called back.
    if (said.key !== steps.dataset.firstKey && !chosen && !leaving) location.reload();
    const words = one('[data-first-words]');
    if (words.textContent !== said.words) words.textContent = said.words;
    const bar = /** @type {HTMLProgressElement | null} */ (one('[data-first-percent]'));
    if (bar) bar.value = said.percent;
  };
  setInterval(() => look().catch(() => {}), LOOK_MS);
}

const field = /** @type {HTMLInputElement | null} */ (one('[data-strength]'));
if (field) startStrength(field);
const steps = /** @type {HTMLElement | null} */ (one('[data-first-key]'));
if (steps) startSteps(steps);
