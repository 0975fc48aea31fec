// A case's dates and the list's menus.
import { all, from } from './dom.js';

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
}

/** @param {HTMLInputElement} input */
function dated(input) {
  input.dataset.changed = '';
}
