// Danger, and a console that hears nothing: seen on every page without loading it again, in the
// title and the icon, heard once however many windows are open.
//
// One window asks for all of them, and the console answers when something changes or after some
// seconds: a window that is hidden has its clock slowed to once a minute, its questions have not.
// That window may stand still, as while it prints: who hears nothing of it asks by themselves.
import { call, here, within } from './calls.js';
import { mayBeHeard, play, whenChanged } from './alarm_sound.js';
import { all, one } from './dom.js';
import { words } from './sentences.js';

/**
 * @typedef {object} State
 * @property {string} place
 * @property {number} version
 * @property {number} count
 * @property {string} words
 * @property {string} case
 * @property {string} name
 * @property {string} was
 * @property {number} more
 * @property {string} deaf
 * @property {string} trouble
 * @property {number} ring
 * @property {number} deaf_ring
 * @property {boolean} sound
 * @property {boolean} notify
 * @property {boolean} practice
 */

const AGAIN = 3000;
/** Longer than any answer takes of a console that is not broken, in milliseconds. */
const PATIENCE = 15_000;
const HELD = `quietline-alarm${within('')}`;
const NUMBERED = /^\(\d+\) [^·]+ · /;

/** @type {HTMLElement} */
let strip;
/** @type {BroadcastChannel} */
let others;
/** When the console last answered this window or another, in milliseconds of `performance.now`. */
let answered = 0;
let silent = false;
/** Whether a form of this page is on its way: its answer leads on. */
let sending = false;

export function startAlarm() {
  strip = one('#alarm');
  addEventListener('submit', (event) => {
    sending = !event.defaultPrevented;
  });
  addEventListener('pageshow', () => {
    sending = false;
  });
  others = new BroadcastChannel(HELD);
  others.onmessage = (event) => show(event.data);
  answered = performance.now();
  navigator.locks.request(HELD, ask);
  setInterval(askInstead, PATIENCE / 3);
  one('[data-mute] button', strip).addEventListener('click', heard);
  for (const name of ['click', 'keydown']) document.addEventListener(name, unmute, { passive: true });
  whenChanged(heard);
  startTrying();
  if ('sound' in strip.dataset) heard();
}

// Held for as long as the window is open; the next one goes on.
async function ask() {
  for (;;) {
    if (await askOnce(strip.dataset.version)) continue;
    await new Promise((done) => setTimeout(done, AGAIN));
  }
}

/**
 * Says whether the console answered what this page now shows.
 * @param {string | undefined} seen
 */
async function askOnce(seen) {
  try {
    const answer = await call(`/alarm/state?seen=${seen}`, { signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok) throw new Error(answer.statusText);
    /** @type {State} */
    const state = await answer.json();
    others.postMessage(state);
    show(state);
    return String(state.version) === strip.dataset.version;
  } catch {
    gone();
    return false;
  }
}

function askInstead() {
  if (performance.now() - answered > PATIENCE) askOnce('');
}

/** @param {State} state */
function show(state) {
  answered = performance.now();
  silent = false;
  if (state.place !== strip.dataset.place) return move(state.place);
  const before = { ...strip.dataset };
  strip.dataset.version = String(state.version);
  strip.dataset.ring = String(state.ring);
  strip.dataset.deafRing = String(state.deaf_ring);
  strip.dataset.count = String(state.count);
  strip.toggleAttribute('data-sound', state.sound);
  strip.toggleAttribute('data-notify', state.notify);
  showStrip(state);
  showCount(state.count, state.practice);
  if (state.ring > Number(before.ring)) ring('danger', state.ring);
  if (state.deaf_ring > Number(before.deafRing)) ring('deaf', state.deaf_ring);
}

/** @param {State} state */
function showStrip(state) {
  const danger = one('[data-danger]', strip);
  danger.hidden = !state.case;
  if (state.case) {
    write(one('[data-words]', danger), state.words);
    /** @type {HTMLAnchorElement} */
    const link = one('[data-case-link]', danger);
    link.href = within(`/cases/${state.case}`);
    write(link, state.name);
    /** @type {HTMLInputElement} */ (one('[name=case]', danger)).value = state.case;
    /** @type {HTMLInputElement} */ (one('[name=was]', danger)).value = state.was;
    one('[data-more]', danger).hidden = !state.more;
    write(one('[data-count]', danger), String(state.more));
  }
  for (const [name, words] of /** @type {[string, string][]} */ ([
    ['deaf', state.deaf],
    ['trouble', state.trouble],
  ])) {
    const line = one(`[data-${name}]`, strip);
    line.hidden = !words;
    write(line, words);
  }
  settle();
}

/**
 * What is made up is in no title and no icon: they are seen from elsewhere.
 * @param {number} count
 * @param {boolean} practice
 */
function showCount(count, practice) {
  const outside = practice ? 0 : count;
  const plain = document.title.replace(NUMBERED, '');
  document.title = outside ? `(${outside}) ${words('danger')} · ${plain}` : plain;
  /** @type {HTMLLinkElement} */
  const icon = one('link[rel=icon]');
  const address = within(outside ? `/alarm/icon/${Math.min(outside, 10)}.svg` : '/static/icon.svg');
  if (icon.getAttribute('href') !== address) icon.setAttribute('href', address);
  for (const badge of all('#danger-count, #duty-count')) {
    if (badge.id === 'danger-count') badge.hidden = !count;
    badge.toggleAttribute('data-any', count > 0);
    for (const number of all('[data-count]', badge)) write(number, String(count));
  }
}

// The console was locked, went on duty, or was opened: this page is no longer the one to show.
/** @param {string} place */
function move(place) {
  /** @type {HTMLInputElement | null} */
  const typed = one('#passphrase');
  if (typed?.value && place !== 'open') return;
  // A form of this page may have opened it: its answer leads where its user was going.
  if (place === 'open' && sending) return;
  if (place === 'open') location.assign(within('/'));
  else if (strip.dataset.place === 'open') location.assign(within(`/unlock?back=${encodeURIComponent(here())}`));
  else location.reload();
}

// The program has ended, or stands still: who looks at this page must not think that it listens.
// One that locks is begun anew, which takes a moment: only a longer silence is heard.
function gone() {
  const line = one('[data-deaf]', strip);
  write(line, words('deaf'));
  line.hidden = false;
  settle();
  if (silent || performance.now() - answered < 2 * PATIENCE) return;
  silent = true;
  ring('deaf', 'gone');
}

// One window makes it heard and notified: the first that may, of all that are open.
/**
 * @param {import('./alarm_sound.js').Kind} kind
 * @param {number | string} number
 */
async function ring(kind, number) {
  const { sound, notify } = strip.dataset;
  if (notify !== undefined) once(`notify-${kind}-${number}`, notice);
  if (sound === undefined) return;
  const may = await heard();
  if (may) once(`${kind}-${number}`, () => play(kind));
}

/**
 * @param {string} what
 * @param {() => void} act
 */
function once(what, act) {
  navigator.locks.request(`${HELD}/${what}`, { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    act();
    await new Promise((done) => setTimeout(done, 2 * AGAIN));
  });
}

function notice() {
  if (typeof Notification === 'undefined' || Notification.permission !== 'granted') return;
  const shown = new Notification(words('look'), { tag: HELD, requireInteraction: true, silent: true });
  shown.onclick = () => window.focus();
}

/** Says whether it can be heard, and shows what to press where it cannot. */
async function heard() {
  const may = await mayBeHeard();
  one('[data-mute]', strip).hidden = may;
  for (const words of all('[data-heard]')) words.hidden = !may;
  settle();
  return may;
}

function unmute() {
  if (!one('[data-mute]', strip).hidden) heard();
}

function settle() {
  strip.hidden = all('.alarm-row', strip).every((row) => row.hidden);
}

// A screen reader says every change: only changes are written.
/**
 * @param {HTMLElement} element
 * @param {string} words
 */
function write(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

// On the alarm's own page: the sound to try, and the browser's leave to notify.
function startTrying() {
  /** @type {HTMLElement | null} */
  const button = one('#alarm-try');
  if (!button) return;
  button.hidden = false;
  button.addEventListener('click', async () => {
    if (await heard()) play('danger');
  });
  one('[data-ask-notify]')?.addEventListener('click', () => {
    if (typeof Notification !== 'undefined') Notification.requestPermission();
  });
  const said = one('#notify-state');
  const leave = typeof Notification === 'undefined' ? 'none' : Notification.permission;
  said.hidden = leave === 'granted' || !('notify' in strip.dataset);
  said.textContent = leave === 'default' ? words('notify-unasked') : words('notify-denied');
}
