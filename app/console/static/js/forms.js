// Forms of a case and of the list are sent without a page load; what answers them is shown in the panes.
import { ask, call, here, sentence, within } from './calls.js';
import { putBack, startChoosing, whenChosen } from './choosing.js';
import { from, one, parse } from './dom.js';
import { arrived, begunAnew, flush, forget, keepAfterAll } from './drafts.js';
import { openCase, refreshList } from './list.js';
import { afterwards, aside, open, openBeside, show, turn } from './panes.js';
import { answeredQuestion, leaveThem, question, say, tell } from './notify.js';
import { words } from './sentences.js';
import { comesBack, goes, isUnsaved } from './unsaved.js';

/** What a case's page, or the list, answers. All else is sent as a page without scripts sends it. */
const OURS =
  /^\/(undo|cases(\/[0-9a-f]{64}\/(triage|notes|reply|merge|hand|referrals|safety-plan|links|files\/\d+\/remove))?)$/;
/** What another case answers. After all else the one that is open stays, with the words that could not be kept. */
const LEAVES = /\/merge$/;
const SAID = new Map([
  ['note-new', 'note-saved'],
  ['reply', 'reply-waits'],
]);

/** What is sent goes one after the other, as it was pressed. */
let queue = Promise.resolve(true);
/** The same of the last answer, whose field takes no more words until what came of it is shown. */
let answering = queue;
export const whenAnswered = () => answering;

export function startForms() {
  if (!one('.panes')) return;
  document.addEventListener('submit', (event) => {
    /** @type {HTMLFormElement} */
    const form = from(event);
    const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
    const path = addressed(form, button);
    if (event.defaultPrevented || !OURS.test(path)) return;
    event.preventDefault();
    // The next key is a command at once, not only when the answer is there. Who is in a field again by then,
    // were it the same one, is left there.
    if (form.contains(document.activeElement) && document.activeElement?.matches('input, textarea, select')) giveBack();
    send(form, button, path);
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || from(event).id !== 'note-text') return;
    event.preventDefault();
    /** @type {HTMLTextAreaElement} */ (from(event)).form?.requestSubmit();
  });
  document.addEventListener('change', (event) => {
    if (from(event).closest('#auto-advance')) switchAdvance(/** @type {HTMLInputElement} */ (from(event)));
  });
  startChoosing(giveBack);
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLButtonElement | null} button
 */
function addressed(form, button) {
  const url = new URL(button?.hasAttribute('formaction') ? button.formAction : form.action);
  return url.pathname.slice(within('').length);
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLButtonElement | null} button
 * @param {string} path
 */
function send(form, button, path) {
  const data = new FormData(form, button);
  if (path === '/undo') data.set('back', here());
  const next = advances(form, data, path);
  const sent = path.endsWith('/reply') || path.endsWith('/notes') ? form.id : '';
  /** @type {HTMLInputElement | null} */
  const label = one('#label', form);
  if (label) label.value = ''; // what is typed from here on is another one
  const how = { sent, next, many: path === '/cases', turn: turn(), focused: document.activeElement };
  tell('');
  goes(form);
  if (sent) forget(sent);
  begunAnew(sent);
  queue = queue.then(() => sendNow(form, path, data, how));
  if (sent === 'reply') {
    answering = queue;
    answerField(form).readOnly = true;
  }
  afterwards(queue);
}

const answerField = (/** @type {HTMLFormElement} */ form) =>
  /** @type {HTMLTextAreaElement} */ (one('#reply-text', form));

/** @typedef {{sent: string, next: boolean, many: boolean, turn: number, focused: Element | null, url?: string}} How */

/**
 * @param {HTMLFormElement} form
 * @param {string} path
 * @param {FormData} data
 * @param {How} how
 * @returns {Promise<boolean>} whether it was taken
 */
async function sendNow(form, path, data, how) {
  const taken = await sendOnce(form, path, data, how);
  if (how.sent === 'reply') answerField(form).readOnly = false;
  arrived(how.sent, taken);
  if (!taken) {
    comesBack(form);
    keepAfterAll(how.sent, path, data);
  }
  /** @type {HTMLFormElement | null} */
  const triage = one('form.triage');
  if (!taken && triage && addressed(triage, null) === path) putBack(triage, data);
  return taken;
}

/**
 * @param {HTMLFormElement} form
 * @param {string} path
 * @param {FormData} data
 * @param {How} how
 * @returns {Promise<boolean>}
 */
async function sendOnce(form, path, data, how) {
  try {
    const kept = await flush(how.sent);
    if (LEAVES.test(path) && (!kept || isUnsaved()) && !(await leaveThem())) return false;
    const body = new URLSearchParams(/** @type {[string, string][]} */ ([...data]));
    const answer = await ask(path, { method: 'POST', body });
    if (answer.ok) await answered(form, await answer.text(), { ...how, url: answer.url });
    else if (answer.status !== 401) await refused(form, await sentence(answer));
    return answer.ok;
  } catch {
    tell(words('unknown'));
    return false;
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {string} html
 * @param {How} how
 */
async function answered(form, html, { sent, next, many, turn: then, focused, url = '' }) {
  const page = parse(html);
  const asks = one('main.lone-card', page);
  if (asks) {
    comesBack(form);
    question([...asks.childNodes].map((node) => document.importNode(node, true)));
    return;
  }
  if (!one('#thread', page)) {
    location.assign(url); // a page of its own
    return;
  }
  if (many && openCase()) {
    await manyDone(html);
    return;
  }
  await whenChosen();
  if (then !== turn()) {
    aside(html);
    return;
  }
  // Who went on to another field meanwhile stays there, also where an answer before this one has put what was
  // focused anew: else the rest of a note would be commands.
  const active = document.activeElement;
  const writing = active !== focused && active?.matches('input, textarea, select');
  const stayed = active === focused || active === document.body || (!focused?.isConnected && !writing);
  show(html, { sent, url });
  if (SAID.has(sent)) say(words(/** @type {string} */ (SAID.get(sent))));
  if (sent === 'reply') one(one('.reply [role=alert]') ? '.reply' : '#latest')?.scrollIntoView({ block: 'end' });
  if (stayed && (form.id !== 'reply' || !one('.reply [role=alert]'))) giveBack();
  if (next) await openBeside(1, { toast: true, now: true });
}

// Cases were changed from the list while one is open: that stays open, as it is now.
/** @param {string} html */
async function manyDone(html) {
  answeredQuestion();
  const toast = one('form.undo', parse(html));
  await open(here(), { push: false, now: true });
  one('form.undo')?.remove();
  if (toast) one('#notices').parentElement?.after(document.importNode(toast, true));
  await refreshList();
}

/**
 * @param {HTMLFormElement} form
 * @param {string} why
 */
async function refused(form, why) {
  answeredQuestion();
  // What was chosen is not so: the case is shown as it is. What was typed stays.
  if ('triage' in form.dataset) await open(here(), { push: false, now: true });
  tell(why);
}

// Closed, handed over, or given to somebody else: done with. Who takes a case goes on with it.
/**
 * @param {HTMLFormElement} form
 * @param {FormData} data
 * @param {string} path
 */
function advances(form, data, path) {
  if (!one('#list')?.dataset.advance) return false;
  if (path.endsWith('/hand')) return data.get('sure') === 'yes';
  const moved = (/** @type {string} */ name) => data.has(name) && data.get(name) !== data.get(`was-${name}`);
  if (!path.endsWith('/triage')) return false;
  const own = one('#owner option[data-own]', form)?.getAttribute('value');
  const owner = data.get('owner');
  return (
    (moved('status') && String(data.get('status')).startsWith('closed')) ||
    (moved('owner') && Boolean(owner) && owner !== own)
  );
}

/** @param {HTMLInputElement} box */
async function switchAdvance(box) {
  one('#list').dataset.advance = box.checked ? 'yes' : ''; // what is closed next goes by it already
  const body = new URLSearchParams(box.checked ? { on: 'yes' } : {});
  await call('/advance', { method: 'POST', body }).catch(() => tell(words('unknown')));
}

// The next key is a command again.
export function giveBack() {
  one('#case-name')?.focus({ preventScroll: true });
}
