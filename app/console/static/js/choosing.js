// A choice counts when it is made, with Enter or a click: never by a letter that was meant for something
// else while the list of choices is closed.
import { from, one } from './dom.js';
import { words } from './sentences.js';

const CHOICES = '[data-triage] select, #template';

/** @param {Event} event */
const choice = (event) => /** @type {HTMLSelectElement | null} */ (from(event).closest?.(CHOICES) ?? null);

/** Clicked in this very moment: browsers say so before or after they say that it changed. */
/** @type {HTMLSelectElement | null} */
let clicked = null;

/** Went down on the page itself; an open list of choices keeps these for itself, and lets only go of them. */
const down = { Enter: false, Escape: false };
/** @param {KeyboardEvent} event */
const ending = (event) => (event.key === 'Enter' || event.key === 'Escape' ? event.key : null);

/** @param {() => void} giveBack */
export function startChoosing(giveBack) {
  document.addEventListener('keydown', (event) => {
    const key = ending(event);
    if (key) down[key] = true;
    const select = choice(event);
    if (!select) return;
    if (event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey && !event.altKey)
      select.dataset.typed = '';
    const isChanged = 'changed' in select.dataset;
    if (event.key === 'Escape' && isChanged) restore(select);
    else if (event.key === 'Enter' && isChanged) {
      event.preventDefault();
      made(select, giveBack);
    } else if (event.key === 'Enter' && 'typed' in select.dataset) {
      // Chosen by its letter, and it holds already: done, so that the next keys are commands again.
      event.preventDefault();
      clear(select);
      if (select.id !== 'template') giveBack();
    }
  });
  document.addEventListener('keyup', (event) => {
    const key = ending(event);
    if (!key) return;
    const select = choice(event);
    // Chosen in the open list, and it holds already: nothing changed, and nothing else says so.
    const isHeld = select && !('changed' in select.dataset) && select.id !== 'template';
    // An open list that is left for good chooses nothing, though a browser says that it changed.
    if (select && !down[key] && (isHeld || key === 'Escape')) giveBack();
    down[key] = false;
  });
  document.addEventListener('change', (event) => {
    const select = choice(event);
    if (!select) return;
    if (clicked === select) made(select, giveBack);
    else wait(select);
  });
  document.addEventListener('click', (event) => {
    const select = choice(event);
    if (!select) return;
    if ('changed' in select.dataset) made(select, giveBack);
    clicked = select;
    setTimeout(() => {
      clicked = null;
    });
  });
  for (const left of ['pointerdown', 'focusout']) {
    document.addEventListener(left, (event) => {
      const select = choice(event);
      if (!select) return;
      if ('changed' in select.dataset) restore(select);
      else clear(select);
    });
  }
}

// It shows another value, which does not hold yet: say so, and what to do.
/** @param {HTMLSelectElement} select */
function wait(select) {
  select.dataset.changed = '';
  if (select.nextElementSibling?.matches('.choice-hint')) return;
  const hint = document.createElement('span');
  hint.className = 'choice-hint';
  hint.setAttribute('role', 'status');
  hint.textContent = words('choose');
  select.after(hint);
}

const AT_MOST = 8_000;

/**
 * Waits for who has a list of choices open: a case that is shown anew would close it under their hand, and the rest
 * of what they press would be commands. Not for long: they may have gone.
 * @returns {Promise<unknown>}
 */
export function whenChosen() {
  const active = document.activeElement;
  if (!active?.matches(CHOICES)) return Promise.resolve();
  const left = new Promise((resolve) => active.addEventListener('focusout', resolve, { once: true }));
  return Promise.race([left, new Promise((resolve) => setTimeout(resolve, AT_MOST))]);
}

/**
 * Keeps a choice that is being made while its case is shown anew: what is typed then would be commands, or another choice.
 * @returns {() => void} what puts it into the panes that came
 */
export function carriedChoice() {
  const active = document.activeElement;
  /** @type {HTMLSelectElement | null} */
  const select = active?.matches(CHOICES) ? /** @type {HTMLSelectElement} */ (active) : null;
  if (!select || !('typed' in select.dataset)) return () => {};
  const { id, value } = select;
  const isChanged = 'changed' in select.dataset;
  return () => {
    /** @type {HTMLSelectElement | null} */
    const again = one(`#${CSS.escape(id)}`);
    if (!again || ![...again.options].some((option) => option.value === value)) return;
    again.dataset.typed = '';
    again.value = value;
    if (isChanged) wait(again);
  };
}

/**
 * @param {HTMLSelectElement} select
 * @param {() => void} giveBack
 */
function made(select, giveBack) {
  clear(select);
  select.dispatchEvent(new CustomEvent('chosen', { bubbles: true }));
  if (select.id === 'template') return;
  select.form?.requestSubmit();
  giveBack();
}

/**
 * What was chosen was not taken: what holds is shown again, and what was typed stands there to be sent again.
 * @param {HTMLFormElement} form
 * @param {FormData} data
 */
export function putBack(form, data) {
  for (const select of form.querySelectorAll('select')) restore(select);
  for (const date of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll('input[type=date]')))
    date.value = date.defaultValue;
  /** @type {HTMLInputElement | null} */
  const label = form.querySelector('#label');
  if (label && !label.value) label.value = String(data.get('label') ?? '');
}

// Left without a choice: it shows again what holds.
/** @param {HTMLSelectElement} select */
function restore(select) {
  clear(select);
  const held = [...select.options].find((option) => option.defaultSelected) ?? select.options[0];
  select.value = held?.value ?? '';
}

/** @param {HTMLSelectElement} select */
function clear(select) {
  delete select.dataset.changed;
  delete select.dataset.typed;
  if (select.nextElementSibling?.matches('.choice-hint')) select.nextElementSibling.remove();
}
