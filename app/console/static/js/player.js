// Recordings, a few minutes at a time: fetched when they are wanted, played out of memory, forgotten when their
// place in the page is gone. Only one plays; none begins by itself.
import { call, sentence } from './calls.js';
import { from, one } from './dom.js';
import { words } from './sentences.js';

const PART_SECONDS = 240; // as the console gives them (viewer/preview.py)
const SKIP_SECONDS = 5;

/** @type {WeakMap<Element, ReturnType<typeof makePlayer>>} */
const players = new WeakMap();
/** @type {ReturnType<typeof makePlayer> | null} */
let playing = null;

export function startPlayers() {
  document.addEventListener('click', (event) => {
    if (from(event).closest?.('[data-play]')) playerOf(from(event)).toggle();
  });
  document.addEventListener('input', (event) => {
    const field = /** @type {HTMLInputElement} */ (from(event));
    if (!field.closest?.('[data-player]')) return;
    if ('place' in field.dataset) playerOf(field).seek(Number(field.value));
    else playerOf(field).apply();
  });
  document.addEventListener(
    'keydown',
    (event) => {
      const field = from(event);
      if (event.ctrlKey || event.metaKey || event.altKey || !field.closest?.('[data-player]')) return;
      const act = keys(field)[event.key];
      if (!act) return;
      event.preventDefault();
      event.stopPropagation();
      act(playerOf(field));
    },
    true,
  );
}

/**
 * What a key does where the focus is: a slider and a list have arrows of their own.
 * @param {HTMLElement} field
 * @returns {Record<string, (player: ReturnType<typeof makePlayer>) => void>}
 */
function keys(field) {
  const always = {
    ',': (/** @type {ReturnType<typeof makePlayer>} */ player) => player.faster(-1),
    '.': (/** @type {ReturnType<typeof makePlayer>} */ player) => player.faster(1),
  };
  if (field.matches('select')) return always;
  const toggle = { ' ': (/** @type {ReturnType<typeof makePlayer>} */ player) => player.toggle() };
  if (field.matches('[data-loudness]')) return { ...always, ...toggle };
  return {
    ...always,
    ...toggle,
    ArrowLeft: (player) => player.skip(-SKIP_SECONDS),
    ArrowRight: (player) => player.skip(SKIP_SECONDS),
  };
}

/** @param {Element} within */
function playerOf(within) {
  const root = /** @type {HTMLElement} */ (within.closest('[data-player]'));
  const found = players.get(root) ?? makePlayer(root);
  players.set(root, found);
  return found;
}

/** "3:07". */
const clock = (/** @type {number} */ seconds) =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

/** @param {HTMLElement} root */
function makePlayer(root) {
  /** @type {HTMLAudioElement} */
  const audio = one('audio', root);
  /** @type {HTMLInputElement} */
  const place = one('[data-place]', root);
  /** @type {HTMLSelectElement} */
  const speed = one('[data-speed]', root);
  /** @type {HTMLInputElement} */
  const loudness = one('[data-loudness]', root);
  const at = one('[data-at]', root);
  const said = one('[data-said]', root);
  const pressed = one('[data-play] span', root);
  const atRest = said.textContent;
  /** @type {{part: number, more: boolean} | null} */
  let loaded = null;
  let whole = 0; // seconds of all of it, as far as is known
  let wants = false; // is it to play?
  let calls = 0; // of parts: only the last one counts
  let address = '';
  /** @type {{context: AudioContext, node: GainNode} | null} */
  let amplifier = null; // louder than it was recorded: a media element alone only goes down

  const here = () => (loaded ? loaded.part * PART_SECONDS + audio.currentTime : 0);
  const show = () => {
    place.max = String(Math.max(whole, here(), 1));
    place.value = String(here());
    const length = whole > 0 ? ` / ${clock(whole)}` : '';
    at.textContent = `${clock(here())}${length}`;
    place.setAttribute('aria-valuetext', at.textContent);
    pressed.textContent = wants ? words('pause') : words('play');
  };
  const forget = () => {
    calls += 1;
    wants = false;
    loaded = null;
    audio.pause();
    if (address) URL.revokeObjectURL(address);
    address = '';
    amplifier?.context.close();
    if (playing === player) playing = null;
  };
  const amplify = () => {
    const context = new AudioContext();
    const node = context.createGain();
    context.createMediaElementSource(audio).connect(node).connect(context.destination);
    return { context, node };
  };
  const apply = () => {
    audio.playbackRate = Number(speed.value);
    if (amplifier) amplifier.node.gain.value = Number(loudness.value) / 100;
  };
  /**
   * @param {number} part
   * @param {number} from seconds within it
   */
  const load = async (part, from) => {
    const mine = (calls += 1);
    said.textContent = words('opening');
    const answer = await call(`${root.dataset.player}?part=${part + 1}`);
    if (mine !== calls) return;
    if (!answer.ok) {
      wants = false;
      said.textContent = await sentence(answer);
      show();
      return;
    }
    const bytes = await answer.arrayBuffer();
    if (mine !== calls) return;
    if (address) URL.revokeObjectURL(address);
    address = URL.createObjectURL(new Blob([bytes], { type: 'audio/wav' }));
    audio.src = address;
    loaded = { part, more: answer.headers.get('quietline-more') === '1' };
    const seconds = (bytes.byteLength - 44) / 32_000;
    whole = Math.max(whole, Number(answer.headers.get('quietline-seconds')), part * PART_SECONDS + seconds);
    audio.currentTime = Math.min(from, seconds);
    said.textContent = atRest;
    apply();
    if (wants) await audio.play();
    show();
  };
  const player = {
    apply,
    toggle() {
      wants = !wants;
      if (wants) {
        if (playing && playing !== player) playing.pause();
        playing = player;
        amplifier ??= amplify();
        apply();
        if (loaded) audio.play();
        else load(0, Number(place.value));
      } else audio.pause();
      show();
    },
    pause() {
      if (!root.isConnected) return forget();
      wants = false;
      audio.pause();
      show();
    },
    /** @param {number} to seconds from the beginning */
    seek(to) {
      const part = Math.floor(to / PART_SECONDS);
      if (!loaded && part === 0) place.value = String(to);
      else if (loaded?.part === part) audio.currentTime = to - part * PART_SECONDS;
      else load(part, to - part * PART_SECONDS);
      if (loaded) show();
    },
    /** @param {number} by seconds */
    skip(by) {
      player.seek(Math.max(0, Math.min(here() + by, Math.max(whole - 0.1, 0))));
    },
    /** @param {number} by places in the list of speeds */
    faster(by) {
      const last = speed.options.length - 1;
      speed.selectedIndex = Math.max(0, Math.min(last, speed.selectedIndex + by));
      apply();
    },
  };
  audio.addEventListener('timeupdate', () => {
    if (root.isConnected) show();
    else forget(); // another case stands there now
  });
  audio.addEventListener('ended', () => {
    if (loaded?.more) load(loaded.part + 1, 0);
    else {
      wants = false;
      audio.currentTime = 0;
      show();
    }
  });
  return player;
}
