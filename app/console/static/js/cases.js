// Lists and forms of cases: what is ticked is counted, what is chosen is kept at once.
export function startCases() {
  document.documentElement.classList.add('scripted');
  document.addEventListener('change', (event) => {
    if (event.target.matches('.pick')) count();
    if (event.target.matches('[data-triage] select')) event.target.form.requestSubmit();
    if (event.target.matches('[data-triage] input[type=date]')) dated(event.target);
  });
  // A date is typed in parts: it is kept when the field is left.
  document.addEventListener('focusout', (event) => {
    if (event.target.matches?.('[data-triage] input[type=date][data-changed]')) event.target.form.requestSubmit();
  });
  document.addEventListener('click', (event) => {
    for (const menu of document.querySelectorAll('details.menu[open]')) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  ready();
}

function dated(input) {
  input.dataset.changed = '';
}

export function count() {
  const ticked = document.querySelectorAll('.pick:checked').length;
  const words = document.getElementById('many-count');
  if (words) words.textContent = ticked ? `${ticked} ticked` : '';
}

// A ready-made answer is put in behind what stands there, to be changed.
function ready() {
  const chosen = document.getElementById('ready');
  chosen?.addEventListener('change', () => {
    const text = chosen.selectedOptions[0].dataset.text;
    chosen.value = '';
    if (!text) return;
    const field = document.getElementById('reply-text');
    field.value = `${field.value.trimEnd()}\n\n${text}`.trim();
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.focus();
  });
}
