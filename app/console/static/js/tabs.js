// What is known of a case stands on four tabs. Without this the address chooses among them.
import { all, from, one } from './dom.js';
import { isHeld } from './held.js';

const NAMES = ['triage', 'links', 'notes', 'more'];
/** @type {Record<string, string>} The tab on which a key's field is: shown before the key does what it does. */
const OF_KEY = { a: 'triage', e: 'triage', p: 'triage', l: 'triage', n: 'notes' };

/** The tab that was last chosen: it stays as one goes from case to case. */
let chosen = NAMES[0];
const counting = new MutationObserver(() => count());
const details = () => /** @type {HTMLElement | null} */ (one('#details'));
const tab = (/** @type {string} */ name) => one(`#to-${name}`);

export function startTabs() {
  begin();
  // After a pane was changed for another, its tabs are told anew what they are.
  document.addEventListener('panes', begin);
  addEventListener('hashchange', () => show(location.hash));
  document.addEventListener('click', clicked);
  // Before other keys, which look for a field that is shown.
  document.addEventListener('keydown', pressed, true);
}

function begin() {
  const pane = details();
  if (!pane) return;
  const list = one('#case-tabs', pane);
  list.setAttribute('role', 'tablist');
  for (const name of NAMES) {
    tab(name).setAttribute('role', 'tab');
    tab(name).setAttribute('aria-controls', `tab-${name}`);
    const panel = one(`#tab-${name}`, pane);
    panel.setAttribute('role', 'tabpanel');
    panel.setAttribute('aria-labelledby', `to-${name}`);
  }
  select(pane.dataset.tab ?? nameOf(location.hash) ?? chosen);
  open(location.hash);
  count();
  // A section is put in anew when a colleague changes something there.
  counting.disconnect();
  counting.observe(pane, { childList: true, subtree: true });
}

/** @param {string} name */
function select(name) {
  const pane = details();
  if (!pane) return;
  chosen = name;
  pane.dataset.tab = name;
  for (const each of NAMES) {
    tab(each).setAttribute('aria-selected', String(each === name));
    tab(each).tabIndex = each === name ? 0 : -1;
  }
}

/**
 * @param {string} hash
 * @returns {string | undefined} the tab of the place to which it leads
 */
function nameOf(hash) {
  return place(hash)?.closest('.tab-panel')?.id.slice('tab-'.length);
}

/**
 * @param {string} hash
 * @returns {HTMLElement | null}
 */
const place = (hash) => (hash.length > 1 ? document.getElementById(hash.slice(1)) : null);

/** @param {string} hash */
function show(hash) {
  const name = nameOf(hash);
  if (!name) return;
  select(name);
  open(hash);
  place(hash)?.scrollIntoView({ block: 'nearest' });
}

// A folded section to which something leads is shown unfolded.
/** @param {string} hash */
function open(hash) {
  const found = /** @type {HTMLDetailsElement | null} */ (place(hash)?.closest('details.section') ?? null);
  if (found) found.open = true;
}

/** @param {MouseEvent} event */
function clicked(event) {
  /** @type {HTMLAnchorElement | null} */
  const link = from(event).closest?.('a[href*="#"]');
  if (!link || link.pathname !== location.pathname) return;
  if (link.dataset.tab) {
    event.preventDefault();
    select(link.dataset.tab);
    if (details()) /** @type {HTMLElement} */ (details()).scrollTop = 0;
  } else if (link.hash === location.hash) show(link.hash); // the address does not change, so nobody is told
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || isHeld() || document.querySelector('dialog[open]')) return;
  const target = from(event);
  if (target.closest?.('[role=tablist]')) along(event);
  if (!details() || target.matches?.('input:not([type=checkbox], [type=radio]), textarea, select')) return;
  const name = NAMES[Number(event.key) - 1] ?? OF_KEY[event.key];
  if (!name) return;
  select(name);
  const hidden = !tab(name).checkVisibility();
  if (hidden && (event.key === 'n' || Number(event.key))) location.hash = `tab-${name}`;
  if (Number(event.key)) tab(name).focus();
}

// In a list of tabs the arrows go from one to the next, as they lie on the screen.
/** @param {KeyboardEvent} event */
function along(event) {
  const at = NAMES.indexOf(from(event).dataset.tab ?? '');
  const forward = getComputedStyle(from(event)).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
  /** @type {Record<string, number>} */
  const to = { ArrowLeft: at - 1, ArrowRight: at - 1, [forward]: at + 1, Home: 0, End: -1 };
  if (!(event.key in to) || at < 0) return;
  event.preventDefault();
  const name = /** @type {string} */ (NAMES.at(to[event.key] % NAMES.length));
  select(name);
  tab(name).focus();
}

function count() {
  for (const shown of all('[data-count-of]', details() ?? document)) {
    const counted = one(`#${shown.dataset.countOf} .counted`);
    const words = counted?.getAttribute('value') ?? '';
    const fresh = words === '0' ? '' : words;
    if (shown.textContent !== fresh) shown.textContent = fresh;
  }
}
