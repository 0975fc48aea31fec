// The list of cases: which row is the open one, which is the next, its order while a case is open.
import { call } from './calls.js';
import { all, from, one, parse } from './dom.js';
import { counted } from './sentences.js';

/** Where the open case stood when it was last seen in the list. */
let place = -1;
/** The case whose row is marked: the one that is open, or one that was asked for and is on its way. */
let marked = '';

export function startList() {
  document.addEventListener('change', (event) => {
    if (from(event).matches('.pick')) count();
  });
  document.addEventListener('focusin', (event) => {
    /** @type {HTMLAnchorElement | null} */
    const line = from(event).closest?.('.line');
    if (line) rove(line);
  });
  document.addEventListener('click', (event) => {
    if (from(event).id !== 'sort-again') return;
    event.preventDefault();
    refreshList({ sorted: true });
  });
  mark(openCase());
}

/** @returns {HTMLAnchorElement[]} */
export const lines = () => all('.line');

/** The id of the case that is open, '' for none. */
export const openCase = () => one('#thread')?.dataset.open ?? '';

/** @param {string} id */
const row = (id) => (id ? lines().find((line) => line.dataset.case === id) : undefined);

/**
 * Shows which case is open. It is the one stop for the Tab key: a hundred rows lie before what is
 * beside them.
 * @param {string} id
 */
export function mark(id) {
  marked = id;
  for (const line of lines()) {
    const open = line.dataset.case === id;
    line.toggleAttribute('aria-current', open);
    if (open) line.setAttribute('aria-current', 'page');
    line.closest('li')?.classList.toggle('row-open', open);
  }
  const line = row(id);
  if (line) place = lines().indexOf(line);
  rove(line ?? lines()[0]);
}

/** The same after rows were put in: who asked for the next case counts on from there, whatever came meanwhile. */
export const markAgain = () => mark(marked);

/** @param {HTMLElement | undefined} stop */
function rove(stop) {
  for (const line of lines()) line.tabIndex = line === stop ? 0 : -1;
}

/**
 * The line so many steps from the open one, in the list as it stands.
 * @param {number} step
 */
export function beside(step) {
  const at = lines().findIndex((line) => line.hasAttribute('aria-current'));
  return lines()[at < 0 ? Math.max(place + step - (step > 0 ? 1 : 0), 0) : at + step];
}

/**
 * Puts in a case's row as it is now.
 * @param {Element | null} fresh
 */
export function renew(fresh) {
  /** @type {HTMLElement | null} */
  const line = fresh && one('.line', fresh);
  const old = line && row(line.dataset.case ?? '')?.closest('li');
  if (!fresh || !old) return;
  const ticked = /** @type {HTMLInputElement | null} */ (one('.pick', old))?.checked ?? false;
  const made = /** @type {Element} */ (document.importNode(fresh, true));
  const focused = old.contains(document.activeElement);
  old.replaceWith(made);
  const box = /** @type {HTMLInputElement | null} */ (one('.pick', made));
  if (box) box.checked = ticked;
  if (focused) /** @type {HTMLElement | null} */ (one('.line', made))?.focus();
}

export function count() {
  const ticked = document.querySelectorAll('.pick:checked').length;
  const chosen = document.getElementById('many-count');
  if (chosen) chosen.textContent = ticked ? counted('selected', ticked) : '';
}

/**
 * Asks for the list anew. While a case is open its order stays, unless it is asked to be sorted.
 * @returns {Promise<boolean>} whether what is shown is fresh now
 */
export async function refreshList({ sorted = false } = {}) {
  const pane = one('#list');
  if (!pane) return true;
  const open = openCase();
  const address = new URL(/** @type {string} */ (pane.dataset.list), location.origin);
  address.searchParams.set('open', open);
  if (open && !sorted)
    address.searchParams.set(
      'stood',
      lines()
        .map((line) => line.dataset.case)
        .join('.'),
    );
  const answer = await call(address.pathname + address.search);
  if (!answer.ok) return false;
  const active = /** @type {HTMLInputElement | null} */ (document.activeElement); // perhaps no field: then no form
  // What somebody is just doing in the list is not taken away under their hands.
  if (pane.querySelector('details.menu[open]') || active?.form?.id === 'many') return false;
  const fresh = parse(await answer.text());
  if (open !== openCase()) return false;
  putList([...fresh.body.childNodes]);
  return true;
}

/**
 * Puts rows in the place of those that are shown; what is ticked, focused and in sight stays so.
 * @param {Node[]} nodes
 */
export function putList(nodes) {
  const pane = one('#list');
  /** @type {HTMLElement | null} */
  const active = /** @type {HTMLElement | null} */ (document.activeElement);
  const focused = active?.dataset?.case;
  const ticked = /** @type {HTMLInputElement[]} */ (all('.pick:checked', pane)).map((box) => box.value);
  const top = pane.getBoundingClientRect().top;
  const seen = lines().find((line) => line.getBoundingClientRect().bottom > top);
  const before = seen?.getBoundingClientRect().top ?? 0;
  const scrolled = pane.scrollTop;
  pane.replaceChildren(...nodes.map((node) => document.importNode(node, true)));
  pane.scrollTop = scrolled;
  const same = openCase() ? row(seen?.dataset.case ?? '') : undefined;
  if (same && scrolled) pane.scrollTop += same.getBoundingClientRect().top - before;
  for (const box of /** @type {HTMLInputElement[]} */ (all('.pick', pane))) box.checked = ticked.includes(box.value);
  count();
  markAgain();
  if (focused) row(focused)?.focus();
}
