// Lists and forms of cases: what is selected is counted, what is chosen is kept at once.
import { all, from, one } from './dom.js';

export function startCases() {
  document.documentElement.classList.add('scripted');
  document.addEventListener('change', (event) => {
    /** @type {HTMLInputElement} */
    const field = from(event);
    if (field.matches('.pick')) count();
    if (field.matches('[data-triage] select')) field.form?.requestSubmit();
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

export function count() {
  const ticked = document.querySelectorAll('.pick:checked').length;
  const words = document.getElementById('many-count');
  if (words) words.textContent = ticked ? `${ticked} selected` : '';
}

// A ready-made answer is put in behind what stands there, to be changed.
function ready() {
  /** @type {HTMLSelectElement | null} */
  const chosen = one('#ready');
  chosen?.addEventListener('change', () => {
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
