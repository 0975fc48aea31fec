// One hand on the keyboard; ? shows every key.
import { within } from './calls.js';

const typing = (element) => element?.matches?.('input:not([type=checkbox]), textarea, select, [contenteditable]');
const opened = () => document.body.classList.contains('opened');
const id = (name) => document.getElementById(name);

export function startKeys() {
  const dialog = id('keys');
  if (!dialog) return;
  const opener = id('keys-open');
  opener.hidden = false;
  opener.addEventListener('click', () => dialog.showModal());
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    if (event.key === 'Escape') return escape(event);
    if (typing(event.target)) return;
    const act = actions(dialog)[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  });
}

function escape(event) {
  const menu = event.target.closest?.('details.menu[open]');
  if (menu) {
    menu.open = false;
    menu.querySelector('summary').focus();
  } else if (typing(event.target)) {
    event.target.blur();
  }
}

function actions(dialog) {
  return {
    j: () => move(1),
    k: () => move(-1),
    ']': () => openBeside(1),
    '[': () => openBeside(-1),
    u: () => opened() && location.assign(document.querySelector('.back')?.href ?? within('/')),
    r: () => id('reply-text')?.focus(),
    x: () => tick(),
    a: () => choose('owner'),
    e: () => choose('status'),
    p: () => choose('priority'),
    l: () => choose('label'),
    m: () => mine(),
    n: () => id('note-text')?.focus(),
    '/': () => (id('question') ? id('question').focus() : location.assign(within('/search'))),
    d: () => location.assign(within('/due')),
    f: () => openMenu('filter'),
    h: () => id('to-exercise')?.click(),
    z: () => id('undo-last')?.requestSubmit(),
    s: () => document.querySelector('[data-sync-form]').requestSubmit(),
    L: () => id('lock-form').requestSubmit(),
    '?': () => dialog.showModal(),
  };
}

function lines() {
  return [...document.querySelectorAll('.line')];
}

// The line that is focused, or else the one that is open.
function here() {
  const all = lines();
  const focused = all.findIndex((line) => line.closest('li').contains(document.activeElement));
  return focused >= 0 ? focused : all.findIndex((line) => line.hasAttribute('aria-current'));
}

function move(step) {
  const all = lines();
  if (!all.length) return;
  const at = here();
  const next = at < 0 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1);
  all[next].focus();
  all[next].scrollIntoView({ block: 'nearest' });
}

function openBeside(step) {
  const all = lines();
  const at = all.findIndex((line) => line.hasAttribute('aria-current'));
  const next = all[at + step];
  if (next) location.assign(next.href);
}

function pick(at) {
  return lines()[at]?.closest('li').querySelector('.pick');
}

function tick() {
  const box = pick(here());
  if (box) box.click();
}

// In a case its own form; in the list what is ticked, or the line that is focused.
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
  if (opened() && !document.querySelector('.pick:checked') && id('owner')) {
    const own = [...id('owner').options].find((option) => 'own' in option.dataset);
    if (!own) return;
    id('owner').value = own.value;
    id('owner').form.requestSubmit();
    return;
  }
  if (!document.querySelector('.pick:checked')) tick();
  if (document.querySelector('.pick:checked')) id('many').requestSubmit(id('many-mine'));
}

function reveal(field) {
  if (!field.checkVisibility() && location.hash !== '#details') location.hash = 'details';
  field.focus();
  try {
    field.showPicker?.();
  } catch {
    // Only where the browser lets a key open it.
  }
}

function openMenu(name) {
  const menu = id(name);
  if (!menu) return;
  menu.open = true;
  menu.querySelector('select, input:not([type=hidden])').focus();
}
