// One hand on the keyboard; ? shows every key.
import { within } from './calls.js';
import { all, from, one } from './dom.js';
import { whenAnswered } from './forms.js';
import { callOff, hold, isHeld, pressedSince } from './held.js';
import { count, lines } from './list.js';
import { go, openBeside, whenCome } from './panes.js';

const typing = (/** @type {Element | null} */ element) =>
  element?.matches?.('input:not([type=checkbox]), textarea, select, [contenteditable]');
/** @type {Record<string, number>} */
const ARROWS = { ArrowDown: 1, ArrowUp: -1 };
/** Keys that do something to the case that is open. */
const TO_CASE = new Set([...'aeplmnr']);
const opened = () => document.body.classList.contains('opened');

/**
 * @template {HTMLElement | null} [T=HTMLElement]
 * @param {string} name
 * @returns {T}
 */
const id = (name) => /** @type {T} */ (document.getElementById(name));

export function startKeys() {
  /** @type {HTMLDialogElement | null} */
  const dialog = id('keys');
  if (!dialog) return;
  const opener = id('keys-open');
  opener.hidden = false;
  opener.addEventListener('click', () => dialog.showModal());
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || one('dialog[open]')) return;
    if (event.key === 'Escape') return escape(event);
    if (isHeld()) return pressedSince(event);
    if (typing(from(event))) return;
    if (from(event).matches?.('.line') && event.key in ARROWS) {
      event.preventDefault();
      move(ARROWS[event.key]);
      return;
    }
    const act = actions(dialog)[event.key];
    if (act) {
      event.preventDefault();
      if (event.key === 'r') hold(async () => (await whenAnswered(), whenCome()), act);
      else if (TO_CASE.has(event.key)) hold(whenCome, act);
      else act();
    }
  });
}

/** @param {Event} event */
function escape(event) {
  /** @type {HTMLDetailsElement | null} */
  const menu = from(event).closest?.('details.menu[open]');
  callOff();
  if (menu) {
    menu.open = false;
    one('summary', menu).focus();
  } else if (typing(from(event))) {
    from(event).blur();
    one('#case-name')?.focus({ preventScroll: true });
  } else unpick();
}

// What stays selected is what the next key means: Escape ends it.
function unpick() {
  for (const box of /** @type {HTMLInputElement[]} */ (all('.pick:checked'))) box.checked = false;
  count();
}

/**
 * @param {HTMLDialogElement} dialog
 * @returns {Record<string, () => unknown>}
 */
function actions(dialog) {
  return {
    j: () => move(1),
    k: () => move(-1),
    ']': () => openBeside(1),
    '[': () => openBeside(-1),
    u: () => opened() && go(/** @type {HTMLAnchorElement} */ (one('.back'))),
    r: () => write(id('reply-text')),
    x: () => tick(),
    a: () => choose('owner'),
    e: () => choose('status'),
    p: () => choose('priority'),
    l: () => choose('label'),
    m: () => mine(),
    n: () => write(id('note-text')),
    '/': () => (id('question') ? id('question').focus() : location.assign(within('/search'))),
    d: () => location.assign(within('/due')),
    f: () => openMenu('filter'),
    h: () => id('to-exercise')?.click(),
    z: () => /** @type {HTMLFormElement | null} */ (id('undo-last'))?.requestSubmit(),
    s: () => /** @type {HTMLFormElement} */ (one('[data-sync-form]')).requestSubmit(),
    L: () => /** @type {HTMLFormElement} */ (id('lock-form')).requestSubmit(),
    '?': () => dialog.showModal(),
  };
}

// The line that is focused, or else the one that is open.
function here() {
  const rows = lines();
  const focused = rows.findIndex((line) => line.closest('li')?.contains(document.activeElement));
  return focused >= 0 ? focused : rows.findIndex((line) => line.hasAttribute('aria-current'));
}

/** @param {number} step */
function move(step) {
  const rows = lines();
  if (!rows.length) return;
  const at = here();
  const next = at < 0 ? 0 : Math.min(Math.max(at + step, 0), rows.length - 1);
  rows[next].focus();
  rows[next].scrollIntoView({ block: 'nearest' });
}

/**
 * @param {number} at
 * @returns {HTMLElement | null | undefined}
 */
function pick(at) {
  const item = lines()[at]?.closest('li');
  return item && one('.pick', item);
}

function tick() {
  const box = pick(here());
  if (box) box.click();
}

// In a case its own form; in the list what is ticked, or the line that is focused.
/** @param {string} name */
function choose(name) {
  const inCase = opened() && !document.querySelector('.pick:checked') && id(name);
  if (inCase) {
    reveal(inCase);
    return;
  }
  if (!document.querySelector('.pick:checked')) tick();
  const field = id(`many-${name}`);
  if (document.querySelector('.pick:checked')) reveal(field);
}

function mine() {
  /** @type {HTMLSelectElement | null} */
  const owner = id('owner');
  if (opened() && !document.querySelector('.pick:checked') && owner) {
    const own = [...owner.options].find((option) => 'own' in option.dataset);
    if (!own) return;
    owner.value = own.value;
    owner.form?.requestSubmit();
    return;
  }
  if (!document.querySelector('.pick:checked')) tick();
  if (document.querySelector('.pick:checked'))
    /** @type {HTMLFormElement} */ (id('many')).requestSubmit(id('many-mine'));
}

/**
 * What was begun goes on at its end: in a field where nobody has been yet, the cursor stands before the words.
 * @param {HTMLTextAreaElement | null} field
 */
function write(field) {
  if (!field) return;
  field.focus();
  if (!field.selectionEnd) field.setSelectionRange(field.value.length, field.value.length);
}

/** @param {HTMLElement} field */
function reveal(field) {
  if (!field.checkVisibility() && location.hash !== '#details') location.hash = 'details';
  field.focus();
  try {
    /** @type {Partial<HTMLInputElement>} */ (field).showPicker?.();
  } catch {
    // Only where the browser lets a key open it.
  }
}

/** @param {string} name */
function openMenu(name) {
  /** @type {HTMLDetailsElement | null} */
  const menu = id(name);
  if (!menu) return;
  menu.open = true;
  one('select, input:not([type=hidden])', menu).focus();
}
