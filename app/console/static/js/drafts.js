// An answer or a note that is being typed is kept in the vault at each pause: a lock, another case or
// a closed window takes nothing of it. Panes come and go, so nothing of a form is held on to.
import { call, here, keepDraft } from './calls.js';
import { all, from, one } from './dom.js';

const PAUSE = 800;
/** Who types without a pause loses no more than this to a lock. */
const LONGEST = 2000;
const AGAIN = 4000;

/** @type {Record<string, {field: string, state: string, path: string}>} */
const FORMS = {
  reply: { field: '#reply-text', state: '#draft-state', path: 'draft' },
  'note-new': { field: '#note-text', state: '#note-state', path: 'notes/draft' },
};

/** @type {Map<string, {timer: number, since: number}>} */
const pending = new Map();
/** @type {Set<string>} */
const unkept = new Set();

export function startDrafts() {
  document.addEventListener('input', (event) => {
    /** @type {HTMLInputElement} */
    const field = from(event);
    const name = field.form?.id ?? '';
    if (!(name in FORMS) || field.type === 'file' || field.id === 'template') return;
    one(FORMS[name].state).textContent = '';
    later(name, PAUSE);
  });
  // Before what follows is asked for: at the end of this page, that one has come without these words.
  addEventListener('beforeunload', (event) => {
    if (unkept.size) event.preventDefault();
    keepPending();
  });
  addEventListener('pagehide', keepPending);
  document.addEventListener('submit', lockAfterwards, true);
  document.addEventListener('keydown', reloadAfterwards);
}

function keepPending() {
  for (const name of pending.keys()) keep(name, { keepalive: true });
}

/**
 * @param {string} name
 * @param {number} pause
 */
function later(name, pause) {
  const before = pending.get(name);
  clearTimeout(before?.timer);
  const since = before?.since ?? Date.now();
  const wait = Math.max(0, Math.min(pause, since + Math.max(LONGEST, pause) - Date.now()));
  pending.set(name, { timer: setTimeout(keep, wait, name), since });
}

/**
 * @param {string} name
 * @param {RequestInit} [options]
 */
async function keep(name, options = {}) {
  forget(name);
  /** @type {HTMLFormElement | null} */
  const form = one(`#${name}`);
  if (!form) return;
  const { field, state, path } = FORMS[name];
  /** @type {HTMLTextAreaElement} */
  const text = one(field);
  const came = await keepDraft(`/cases/${caseOf(form)}/${path}`, form, one(state), text, options);
  if (form.isConnected && pending.has(name)) one(state).textContent = ''; // what was typed since is not saved yet
  if (came === 'kept' || !form.isConnected) return;
  unkept.add(name);
  if (came === 'unreached' && !pending.has(name)) later(name, AGAIN);
}

/** @param {HTMLElement} form */
const caseOf = (form) => form.dataset.reply ?? form.dataset.note;

/**
 * What is typed there goes another way, or not at all.
 * @param {string} name
 */
export function forget(name) {
  clearTimeout(pending.get(name)?.timer);
  pending.delete(name);
  unkept.delete(name);
}

/** Notes on their way: until they are there, no draft of theirs is put into the field again. */
let underWay = 0;
export const isNoteUnderWay = () => underWay > 0;

/**
 * What is typed from here on is another note: the one that is on its way does not wait in its field.
 * @param {string} sent
 */
export function begunAnew(sent) {
  if (sent !== 'note-new') return;
  underWay += 1;
  noteField().value = '';
}

/**
 * It is there, or was refused. A note that was begun since is kept anew: the one before took the draft's place.
 * One that only came with the panes is another window's, and stays that one's.
 * @param {string} sent
 * @param {boolean} taken
 */
export function arrived(sent, taken) {
  if (sent !== 'note-new') return;
  underWay -= 1;
  const field = noteField();
  if (taken && field?.value.trim() && field.value !== field.defaultValue) later(sent, 0);
}

/**
 * What was sent was not taken: it stands in its field again, before what was typed since, as a draft. Of a
 * case that is no longer open it becomes the draft there.
 * @param {string} name a form's, or '' for one that has no draft
 * @param {string} path where it was sent
 * @param {FormData} data
 */
export function keepAfterAll(name, path, data) {
  if (!name) return;
  /** @type {HTMLFormElement | null} */
  const form = one(`#${name}`);
  if (!form || caseOf(form) !== path.split('/')[2]) {
    const body = new URLSearchParams(/** @type {[string, string][]} */ ([...data]));
    call(path.replace(/[^/]+$/, FORMS[name].path), { method: 'POST', body }).catch(() => {});
    return;
  }
  const field = /** @type {HTMLTextAreaElement} */ (one(FORMS[name].field));
  if (name === 'note-new') {
    field.value = [String(data.get('text') ?? ''), field.value].filter(Boolean).join('\n');
    const forMe = /** @type {HTMLInputElement | null} */ (one('[name=private][value=yes]', form));
    if (forMe && data.get('private') === 'yes') forMe.checked = true; // never shown to more than was chosen
  }
  if (field.value.trim()) later(name, 0);
}

const noteField = () => /** @type {HTMLTextAreaElement} */ (one(FORMS['note-new'].field));

/** Nothing that was typed waits any longer. */
export function forgetAll() {
  for (const name of Object.keys(FORMS)) forget(name);
}

/**
 * Keeps what was typed since the last pause, but for a form's that is just being sent.
 * @param {string} [sent]
 * @returns {Promise<boolean>} whether all is kept
 */
export async function flush(sent = '') {
  const names = new Set([...pending.keys(), ...unkept]);
  names.delete(sent);
  await Promise.all([...names].map((name) => keep(name)));
  return [...unkept].every((name) => name === sent);
}

// A lock takes the page away: first what was typed is kept. Whoever unlocks goes on with what is shown now.
/** @param {Event} event */
async function lockAfterwards(event) {
  /** @type {HTMLFormElement} */
  const form = from(event);
  if (form.id !== 'lock-form') return;
  /** @type {HTMLInputElement} */ (form.elements.namedItem('back')).value = here();
  if (!pending.size) return;
  event.preventDefault();
  await flush();
  form.submit();
}

// The keys of the browser can wait for it, its button cannot: that one's page may be made before the words are kept.
/** @param {KeyboardEvent} event */
async function reloadAfterwards(event) {
  const isReload = event.key === 'F5' || ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'r');
  if (!isReload || event.altKey || !pending.size) return;
  event.preventDefault();
  await flush();
  location.reload();
}

/** What a form says of its window: its name, and that of the one whose draft it was shown. */
const NAMED = ['page', 'drafted-by', 'noted-by'];
/**
 * @param {string} form
 * @param {string} name
 */
const hidden = (form, name) =>
  /** @type {HTMLInputElement | null | undefined} */ (
    /** @type {HTMLFormElement | null} */ (one(`#${form}`))?.elements.namedItem(name)
  );

/**
 * What was typed and chosen while the panes were on their way, and where the focus is.
 * @param {string} [sent] the form whose answer comes: what was in it went, but for a note begun since
 * @returns {() => void} puts all of it into the panes that came
 */
export function carried(sent = '') {
  /** @type {HTMLInputElement[]} */
  const fields = all('#reply :is(textarea, select), #note-new :is(textarea, input[type=radio]), #triage input[id]');
  const active = /** @type {HTMLInputElement | null} */ (document.activeElement);
  const focused = active?.closest('#thread, #details') && active.id ? active.id : '';
  const place = active?.matches('textarea') ? active.selectionStart : null;
  const begun = sent === 'note-new' && (underWay > 1 || Boolean(noteField()?.value.trim()));
  const kept = fields
    .filter((field) => field.form?.id !== sent || !sent || begun)
    .filter((field) => field.form?.id || field.value !== field.defaultValue)
    .map((field) => ({
      form: field.form?.id ?? '',
      name: field.name,
      value: field.value,
      checked: field.checked,
      radio: field.type === 'radio',
    }));
  // In the panes that come this window is the one that it was: under a new name what it saves would count as another's.
  const named = ['reply', 'note-new']
    .filter((form) => form !== sent)
    .flatMap((form) => NAMED.map((name) => ({ form, name, value: hidden(form, name)?.value })));
  // A note that was begun since may be kept already, by this window under the name that it had.
  if (begun) named.push({ form: 'note-new', name: 'noted-by', value: hidden('note-new', 'page')?.value });
  return () => {
    for (const { form, name, value } of named) {
      const input = hidden(form, name);
      if (input && value !== undefined) input.value = value;
    }
    for (const { form, name, value, checked, radio } of kept) {
      /** @type {HTMLInputElement[]} */
      const fresh = all(`${form ? `#${form}` : '#triage'} [name="${name}"]:not([type=hidden])`);
      if (!radio && fresh[0]) fresh[0].value = value;
      for (const each of fresh) if (radio && each.value === value) each.checked = checked;
    }
    /** @type {HTMLInputElement | null} */
    const again = focused ? one(`#${CSS.escape(focused)}`) : null;
    again?.focus({ preventScroll: true });
    if (again && place !== null) again.setSelectionRange(place, place);
  };
}
