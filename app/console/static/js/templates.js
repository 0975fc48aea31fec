// Templates of answers: put in behind what stands there, to be changed; in another language with the English below.
import { call } from './calls.js';
import { from, one } from './dom.js';

export function startTemplates() {
  document.addEventListener('chosen', (event) => {
    /** @type {HTMLSelectElement} */
    const chosen = from(event);
    if (chosen.id === 'template' && chosen.value) void put(chosen);
  });
}

/** @param {HTMLSelectElement} chosen */
async function put(chosen) {
  /** @type {HTMLFormElement} */
  const form = /** @type {HTMLFormElement} */ (chosen.form);
  const lang = /** @type {HTMLSelectElement} */ (form.elements.namedItem('lang')).value;
  const id = chosen.value;
  chosen.value = '';
  const answer = await call(`/templates/${encodeURIComponent(lang)}/${encodeURIComponent(id)}`);
  const note = one('#template-note');
  if (!answer.ok) {
    note.textContent = note.dataset.none ?? '';
    note.hidden = false;
    return;
  }
  const { text, english, reviewed } = await answer.json();
  /** @type {HTMLTextAreaElement} */
  const field = one('#reply-text');
  field.value = `${field.value.trimEnd()}\n\n${text}`.trim();
  field.dispatchEvent(new Event('input', { bubbles: true }));
  field.focus();
  beside(note, english === text ? '' : english, reviewed);
}

// What was put in says, in English, and that nobody who grew up with its language has read it.
/**
 * @param {HTMLElement} note
 * @param {string} english
 * @param {boolean} reviewed
 */
function beside(note, english, reviewed) {
  const parts = [];
  if (!reviewed) parts.push(note.dataset.unreviewed);
  if (english) parts.push(`${note.dataset.english} ${english}`);
  note.replaceChildren(...parts.map((words) => Object.assign(document.createElement('span'), { textContent: words })));
  note.hidden = parts.length === 0;
}
