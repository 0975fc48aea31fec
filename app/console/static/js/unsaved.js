// What is typed into a form that keeps no draft: a safety plan, an older note, a reason. It goes with its button
// alone, so it is carried over what else is done to its case, and nobody leaves it behind unasked.
import { all, one } from './dom.js';

const FORMS = ['safety-plan', 'hand', 'referrals', 'links', 'notes']
  .map((end) => `#details form[action$="/${end}"]:not(#note-new)`)
  .join(', ');

/** On their way: what comes of them is shown, and not what was in them. */
/** @type {WeakSet<HTMLFormElement>} */
const sent = new WeakSet();

/** @param {HTMLFormElement} form */
export const goes = (form) => void sent.add(form);
/** @param {HTMLFormElement} form it was refused: it stands there still */
export const comesBack = (form) => void sent.delete(form);

/** @returns {HTMLInputElement[]} */
function changed() {
  const forms = /** @type {HTMLFormElement[]} */ (all(FORMS)).filter((form) => !sent.has(form));
  return forms.flatMap((form) =>
    /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll('textarea, input:not([type=hidden])')]).filter(
      (field) => field.value !== field.defaultValue,
    ),
  );
}

export const isUnsaved = () => changed().length > 0;

/**
 * Which field it is, also in the panes that come: a form by where it goes and what it is about.
 * @param {HTMLInputElement} field
 */
function nameOf(field) {
  const form = /** @type {HTMLFormElement} */ (field.form);
  const about = ['edit', 'other', 'referral', 'mark'].map((name) => one(`[name=${name}]`, form)?.getAttribute('value'));
  return JSON.stringify([form.getAttribute('action'), ...about, field.name]);
}

/**
 * What the console says that a field held when it was shown: who changed it since is not written over.
 * @param {HTMLInputElement} field
 */
const was = (field) =>
  /** @type {HTMLInputElement | null} */ (
    one(`[name="was-${field.name}"]`, /** @type {HTMLFormElement} */ (field.form))
  );

/** @returns {() => void} puts it into the panes that came */
export function carriedUnsaved() {
  const kept = new Map(changed().map((field) => [nameOf(field), { value: field.value, held: was(field)?.value }]));
  return () => {
    if (!kept.size) return;
    for (const form of all(FORMS)) {
      for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (
        form.querySelectorAll('textarea, input:not([type=hidden])')
      )) {
        const typed = kept.get(nameOf(field));
        if (!typed) continue;
        field.value = typed.value;
        const held = was(field);
        if (held && typed.held !== undefined) held.value = typed.held;
        field.closest('details')?.setAttribute('open', '');
      }
    }
  };
}
