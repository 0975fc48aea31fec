// A case's dates, the list's menus, and templates put into an answer.
import { all, from, one } from './dom.js';

export function startCases() {
  document.documentElement.classList.add('scripted');
  document.addEventListener('change', (event) => {
    /** @type {HTMLInputElement} */
    const field = from(event);
    if (field.matches('[data-triage] input[type=date]')) dated(field);
  });
  // A date is typed in parts: it is kept when the field is left.
  document.addEventListener('focusout', (event) => {
    /** @type {HTMLInputElement} */
    const field = from(event);
    if (field.matches?.('[data-triage] input[type=date][data-changed]')) field.form?.requestSubmit();
  });
  document.addEventListener('click', (event) => {
    for (const menu of /** @type {HTMLDetailsElement[]} */ (all('details.menu[open]'))) {
      if (!menu.contains(from(event))) menu.open = false;
    }
  });
  ready();
}

/** @param {HTMLInputElement} input */
function dated(input) {
  input.dataset.changed = '';
}

// A ready-made answer is put in behind what stands there, to be changed.
function ready() {
  document.addEventListener('chosen', (event) => {
    /** @type {HTMLSelectElement} */
    const chosen = from(event);
    if (chosen.id !== 'ready') return;
    const text = chosen.selectedOptions[0].dataset.text;
    chosen.value = '';
    if (!text) return;
    /** @type {HTMLTextAreaElement} */
    const field = one('#reply-text');
    field.value = `${field.value.trimEnd()}\n\n${text}`.trim();
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.focus();
  });
}
