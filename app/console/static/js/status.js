// Keeps the status line and the list fresh; the list is replaced only when something changed.
import { call, here } from './calls.js';
import { all, one, parse } from './dom.js';
import { isNoteUnderWay } from './drafts.js';
import { openCase, refreshList } from './list.js';
import { open } from './panes.js';
import { words } from './sentences.js';

/** @typedef {{level: string, text: string}} Notice */

/** @typedef {{words: string, tone: string, notices: Notice[], total?: number, done?: number}} Status */

const SECONDS = 2.5;

export function startStatus() {
  document.querySelector('[data-sync-form]')?.addEventListener('submit', (event) => {
    event.preventDefault();
    call('/sync', { method: 'POST' });
    setTimeout(ask, 150);
  });
  setInterval(() => document.hidden || ask(), SECONDS * 1000);
}

async function ask() {
  let answer;
  try {
    answer = await call('/status');
  } catch {
    return say({
      words: words('stopped'),
      tone: 'trouble',
      notices: [],
    });
  }
  if (!answer.ok) return;
  const status = await answer.json();
  say(status);
  showDue(status.due);
  const sync = one('#sync');
  if (String(status.revision) !== sync.dataset.revision) {
    const whole = [await refreshList(), await refreshThread()].every(Boolean);
    // What was left alone, since somebody is at work there, is looked for again.
    if (whole) sync.dataset.revision = status.revision;
  }
}

/** @param {Status} status */
function say(status) {
  const sync = one('#sync');
  sync.dataset.tone = status.tone;
  const shown = one('#sync-words');
  // Written only when it differs: a screen reader says every change.
  if (shown.textContent !== status.words) shown.textContent = status.words;
  /** @type {HTMLProgressElement} */
  const progress = one('#sync-progress');
  progress.hidden = !status.total;
  progress.max = status.total || 1;
  progress.value = status.done ?? 0;
  showNotices(status.notices);
}

// What is due changes with a sync, with what a colleague does, and with the hour.
/** @param {number} due */
function showDue(due) {
  const shown = one('#due-count');
  shown.hidden = !due;
  for (const number of all('[data-count]', shown)) number.textContent = String(due);
}

/** @param {Notice[]} notices */
function showNotices(notices) {
  const list = one('#notices');
  const shown = [...list.children].map((item) => item.textContent?.trim());
  if (shown.join('\n') === notices.map((notice) => notice.text).join('\n')) return;
  list.replaceChildren(
    ...notices.map((notice) => {
      const item = document.createElement('li');
      item.className = `notice notice-${notice.level}`;
      item.textContent = notice.text;
      if (notice.level === 'alarm') item.setAttribute('role', 'alert');
      return item;
    }),
  );
}

// A case that is being read is never moved under the reader's eyes: a link is offered,
// unless only the state of one's own answers changed.
async function refreshThread() {
  /** @type {HTMLElement | null} */
  const thread = one('.messages');
  if (!thread) return true;
  const answer = await call(here());
  if (!answer.ok) return false;
  const fresh = parse(await answer.text());
  if (one('#thread', fresh)?.dataset.open !== openCase()) return false; // another is open by now
  refreshStanding(fresh);
  let whole = refreshSections(fresh);
  for (const message of all('.message', fresh)) {
    /** @type {HTMLElement | null} */
    const known = one(`[data-message="${CSS.escape(message.dataset.message ?? '')}"]`, thread);
    if (!known) {
      offer(thread);
      break;
    }
    if (message.className !== known.className) known.replaceWith(document.importNode(message, true));
    else {
      refreshFiles(known, message);
      if (!refreshTranslations(known, message)) whole = false;
    }
  }
  return whole;
}

// What is said of the case above its messages: who has it, how urgent it is, who may read. A colleague who
// took it must not look as if nobody had. Whose finger is on a button that is gone by now stands at the case's
// name; what was unfolded stays so.
/** @param {Document} fresh */
function refreshStanding(fresh) {
  for (const place of ['#case-priority', '#standing', '#written-since', '#choices']) {
    const [old, now] = [one(place), one(place, fresh)];
    if (!old || !now || alike(old, now)) continue;
    const within = old.contains(document.activeElement);
    const unfolded = all('details[open][id]', old).map((each) => each.id);
    old.replaceChildren(...[...now.childNodes].map((node) => document.importNode(node, true)));
    for (const id of unfolded) document.getElementById(id)?.setAttribute('open', '');
    if (within) one('#case-name').focus({ preventScroll: true });
  }
}

/**
 * @param {HTMLElement} old
 * @param {HTMLElement} now
 */
function alike(old, now) {
  const shown = /** @type {HTMLElement} */ (old.cloneNode(true));
  for (const each of all('details[open]', shown)) each.removeAttribute('open');
  return shown.innerHTML === now.innerHTML;
}

// What colleagues changed beside the messages, unless somebody is just at work there.
/** @param {Document} fresh */
function refreshSections(fresh) {
  let whole = true;
  for (const section of all('#details .section', fresh)) {
    const old = document.getElementById(section.id);
    if (!old || old.innerHTML === section.innerHTML) continue;
    if (busy(old)) whole = false;
    else old.replaceChildren(...[...section.childNodes].map((node) => document.importNode(node, true)));
  }
  return whole;
}

/** @param {HTMLElement} section */
function busy(section) {
  /** @type {HTMLInputElement[]} */
  const typed = all('textarea, input:not([type=hidden])', section);
  return (
    (isNoteUnderWay() && section.querySelector('#note-new') !== null) ||
    section.contains(document.activeElement) ||
    section.querySelector('details[open]') !== null ||
    typed.some((field) => field.defaultValue !== field.value)
  );
}

/**
 * @param {HTMLElement} known
 * @param {HTMLElement} message
 */
function refreshFiles(known, message) {
  for (const file of all('.file', message)) {
    /** @type {HTMLElement | null} */
    const old = one(`[data-file="${CSS.escape(file.dataset.file ?? '')}"]`, known);
    const state = (/** @type {HTMLElement} */ item) => item?.querySelector('.file-text > .quiet')?.textContent;
    if (old && state(old) !== state(file)) old.replaceWith(document.importNode(file, true));
  }
}

/**
 * Puts translations that are new below their original; one that stands there already is left as it is,
 * open or folded. None is taken away while somebody is in it.
 * @param {HTMLElement} known
 * @param {HTMLElement} message
 */
function refreshTranslations(known, message) {
  const [old, made] = [all('.translation', known), all('.translation', message)];
  const text = (/** @type {HTMLElement[]} */ items) => items.map((item) => item.innerHTML).join();
  if (text(old) === text(made)) return true;
  const chosen = getSelection();
  const at = [document.activeElement, chosen?.isCollapsed ? null : chosen?.anchorNode];
  if (old.some((item) => at.some((node) => node && item.contains(node)))) return false;
  const kept = made.map(
    (item) => old.find((each) => each.innerHTML === item.innerHTML) ?? document.importNode(item, true),
  );
  for (const item of old) if (!kept.includes(item)) item.remove();
  one('.message-text', known).after(...kept);
  return true;
}

/** @param {HTMLElement} thread */
function offer(thread) {
  if (document.getElementById('newer')) return;
  const link = document.createElement('a');
  link.id = 'newer';
  link.className = 'button';
  link.href = location.pathname + location.search + '#latest';
  link.textContent = words('new-message');
  link.addEventListener('click', async (event) => {
    event.preventDefault();
    await open(here(), { push: false });
    one('#latest')?.scrollIntoView({ block: 'end' });
  });
  thread.append(link);
}
