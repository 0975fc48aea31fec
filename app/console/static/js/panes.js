// Another case, or the list, without a page load: its panes are asked for and put in the place of those
// that are shown. The address goes into the history, and nothing else does.
import { ask, here, within } from './calls.js';
import { all, from, one, parse } from './dom.js';
import { carriedChoice } from './choosing.js';
import { carried, flush, forgetAll } from './drafts.js';
import { beside, lines, mark, markAgain, openCase, putList, renew } from './list.js';
import { answeredQuestion, leaveThem, say, tell } from './notify.js';
import { words } from './sentences.js';
import { carriedUnsaved, isUnsaved } from './unsaved.js';

const CASE = /^\/cases\/[0-9a-f]{64}$/;

/** The latest thing that was asked for: what comes later of an earlier one is not shown. */
let latest = 0;
/** Whether what was sent before was taken: nobody leaves a case over words that were refused. */
let taken = Promise.resolve(true);
/** What the panes show, as an address. */
let shown = here();
/** What was asked for and is not shown yet. */
/** @type {Promise<void> | null} */
let coming = null;
/** The case that was asked for last, '' for the list. */
let wanted = '';

export function startPanes() {
  if (!one('.panes')) return;
  // A place that the browser restores is one that these panes do not have any more.
  history.scrollRestoration = 'manual';
  addEventListener('popstate', () => {
    if (here() !== shown) open(here(), { push: false });
  });
  document.addEventListener('click', follow);
}

/** @param {Promise<boolean>} sent */
export function afterwards(sent) {
  taken = sent;
}

/** @param {MouseEvent} event */
function follow(event) {
  /** @type {HTMLAnchorElement | null} */
  const link = from(event).closest?.('.panes a[href]');
  if (
    !link ||
    event.defaultPrevented ||
    event.button ||
    event.ctrlKey ||
    event.metaKey ||
    event.shiftKey ||
    event.altKey
  )
    return;
  const path = inside(link);
  if (!path || link.getAttribute('href')?.startsWith('#')) return;
  event.preventDefault();
  open(path);
}

/**
 * The address within the console, for a case or the list; else ''.
 * @param {HTMLAnchorElement} link
 */
function inside(link) {
  const root = within('');
  if (link.origin !== location.origin || !link.pathname.startsWith(`${root}/`)) return '';
  const path = link.pathname.slice(root.length);
  return CASE.test(path) || path === '/' ? path + link.search : '';
}

/**
 * Shows what is at an address. Nothing that was typed is left behind unasked, and what was sent is
 * waited for, but where it itself leads here (`now`).
 * @param {string} address
 * @param {{push?: boolean, toast?: boolean, now?: boolean}} [how]
 */
export function open(address, how) {
  const brought = bring(address, how);
  const done = () => {
    if (coming === brought) coming = null;
  };
  coming = brought;
  brought.then(done, done);
  return brought;
}

/**
 * Waits for what was asked for; says whether it is what is shown. A console that does not answer, or
 * words that nobody leaves behind, keep the one that stood there.
 */
export async function whenCome() {
  if (!coming) return true;
  const meant = wanted;
  while (coming) await coming.catch(() => {});
  // What was refused meanwhile, or a click, can have asked for another one. From the list ('') a first case may follow.
  return openCase() === wanted && (!meant || meant === wanted);
}

/**
 * @param {string} address
 */
async function bring(address, { push = true, toast = false, now = false } = {}) {
  const mine = ++latest;
  const going = CASE.exec(address.split('?')[0])?.[0].slice(7) ?? '';
  wanted = going;
  if (going) mark(going);
  if (!now && !(await taken)) {
    taken = Promise.resolve(true);
    mark(openCase());
    return;
  }
  tell('');
  const left = !(await flush()) || (going !== openCase() && isUnsaved());
  if (left && !(await leaveThem())) {
    mark(openCase());
    if (!push) history.pushState(null, '', within(shown));
    return;
  }
  if (mine !== latest) return;
  let answer;
  try {
    answer = await ask(address);
  } catch {
    mark(openCase());
    tell(words('gone'));
    return;
  }
  if (answer.status === 401 || mine !== latest) return;
  if (!answer.ok) {
    location.assign(within(address)); // the page says what is wrong
    return;
  }
  const html = await answer.text();
  if (mine !== latest) return;
  if (push && address !== shown) history.pushState(null, '', within(address));
  shown = here();
  show(html, { toast });
}

/** Changes whenever something else is asked to be shown. */
export const turn = () => latest;

/**
 * Tells what was done of a case that is no longer open, and shows its row as it is now.
 * @param {string} html
 */
export function aside(html) {
  const fresh = parse(html);
  renewToast(fresh);
  const row = one('#fresh-row li', fresh);
  renew(row);
  markAgain();
}

/**
 * Puts the panes that came in the place of those that are shown.
 * @param {string} html
 * @param {{sent?: string, toast?: boolean, url?: string}} [how] `sent` is the form of which this is the answer;
 *   with `toast` what was done before stays told; `url` is where what answers a form stands
 */
export function show(html, { sent = '', toast = false, url = '' } = {}) {
  const fresh = parse(html);
  const [thread, old] = [one('#thread', fresh), one('#thread')];
  if (!thread) return;
  const same = thread.dataset.open === openCase() && Boolean(openCase());
  const before = openCase();
  const carries = same ? [carriedUnsaved(), carriedChoice(), carried(sent)] : [];
  if (!same && url) arrive(new URL(url));
  if (!same) flush(); // what was typed since; its case's forms are still here
  document.title = fresh.title;
  if (!toast) renewToast(fresh);
  answeredQuestion();
  const tops = same ? [old.scrollTop, one('#details')?.scrollTop ?? 0] : [0, 0];
  const unfolded = same ? all('#details details[open][id]').map((each) => each.id) : [];
  put(thread, old, same);
  put(one('#details', fresh), one('#details'), same);
  for (const id of unfolded) document.getElementById(id)?.setAttribute('open', '');
  document.body.classList.toggle('opened', Boolean(openCase()));
  document.body.classList.toggle('listed', !openCase());
  if (!same) forgetAll();
  for (const carry of carries) carry();
  one('#thread').scrollTop = tops[0];
  if (one('#details')) one('#details').scrollTop = tops[1];
  showList(fresh, before);
  document.dispatchEvent(new Event('panes'));
  if (!same) one('#case-name')?.focus({ preventScroll: true });
}

// A form may lead to another case, as a merge does to the main one.
/** @param {URL} url */
function arrive(url) {
  const to = url.pathname + url.search;
  if (to !== location.pathname + location.search) history.pushState(null, '', to);
  shown = here();
}

/**
 * @param {HTMLElement | null} fresh
 * @param {HTMLElement | null} old
 * @param {boolean} same
 */
function put(fresh, old, same) {
  if (!fresh) old?.remove();
  else if (!old) one('#thread').after(document.importNode(fresh, true));
  // Of the same case the element stays: on a small screen the address may point to it.
  else if (same) old.replaceChildren(...[...fresh.childNodes].map((node) => document.importNode(node, true)));
  else old.replaceWith(document.importNode(fresh, true));
}

/** @param {Document} fresh */
function renewToast(fresh) {
  one('form.undo')?.remove();
  const toast = one('form.undo', fresh);
  if (!toast) return;
  one('#notices').parentElement?.after(document.importNode(toast, true));
  say(one('span', toast).textContent ?? '');
}

/**
 * @param {Document} fresh
 * @param {string} before
 */
function showList(fresh, before) {
  const list = one('#list', fresh);
  if (list) {
    const pane = one('#list');
    const stood = lines().find((line) => !line.tabIndex)?.dataset.case; // where a hand at the keys is
    pane.dataset.list = list.dataset.list;
    mark(openCase());
    putList([...list.childNodes]);
    const line = lines().find((each) => each.dataset.case === (before || stood));
    (line ?? lines()[0])?.focus({ preventScroll: true });
    line?.scrollIntoView({ block: 'nearest' });
    return;
  }
  const row = one('#fresh-row', fresh);
  renew(row && one('li', row));
  mark(openCase());
  const sync = one('#sync');
  // Only what this very page has changed: anything else is looked for as always.
  if (row && sync.dataset.revision === row.dataset.before) sync.dataset.revision = row.dataset.revision;
  const back = /** @type {HTMLAnchorElement | null} */ (one('.back'));
  if (back) back.href = listAddress();
  for (const line of lines()) if (line.hasAttribute('aria-current')) line.scrollIntoView({ block: 'nearest' });
}

/** Where the list that is shown is alone. */
function listAddress() {
  const query = new URL(/** @type {string} */ (one('#list').dataset.list), location.origin).searchParams;
  for (const name of ['open', 'after']) if (!query.get(name) || name === 'open') query.delete(name);
  return within(`/${query.size ? '?' : ''}${query}`);
}

/** @param {HTMLAnchorElement} link */
export const go = (link) => open(inside(link));

/**
 * Opens the case so many steps on, in the list as it stood.
 * @param {number} step
 */
export async function openBeside(step, { toast = false, now = false } = {}) {
  const line = beside(step);
  if (line) return open(inside(line), { toast, now });
  /** @type {HTMLAnchorElement | null} */
  const more = step > 0 ? one('.more a') : null;
  if (!more) return say(step > 0 ? words('last') : words('first'));
  await go(more);
  if (lines()[0]) await go(lines()[0]);
}
