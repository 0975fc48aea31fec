// Listening to a screen: asks once, loads all that was recorded in this language, checks it, and plays
// it from memory by Web Audio (a media element would need a wider content security policy). Which screen
// is listened to is never asked of anybody: whoever listens loads every part, in the same order. Where desks
// are chosen, each is heard after the screen, and marked meanwhile.

import { hex } from '../protocol/encoding.js';
import { deskSounds } from './desk-sounds.js';
import { all, one } from './dom.js';
import { insist } from './loading.js';
import { Changed, readBundle } from './sound-bundle.js';
import { partAt } from './sound-parts.js';
import { isStop } from './stopping.js';
import { Trouble } from './trouble.js';

/**
 * @import { Parts } from './visit.js'
 * @import { Sounds } from './sound-bundle.js'
 */
/** @typedef {ReturnType<typeof makeListening>} Listening */
/**
 * What the build wrote into the page: how many parts of how many bytes, the SHA-256 of them all, hex.
 * @typedef {{parts: number, part: number, sha256: string, desks: Record<string, string>,
 *   phrases: Record<string, string>}} There
 */

/**
 * @param {unknown} error
 * @returns {Changed}
 */
function unlessUnreachable(error) {
  if (error instanceof Changed) return error;
  throw error;
}

/** @param {Pick<Parts, 'page' | 'speaker' | 'core' | 'visit'>} o */
function makeListening({ page, speaker, core, visit }) {
  /** @type {There | null} */
  let there = null;
  /** @type {Uint8Array[]} */
  let parts = []; // that came so far: going on after a failure asks for the others alone
  /** @type {Sounds | null} */
  let sounds = null;
  let agreed = false; // whether somebody near may hear
  let turn = 0; // what belongs to an earlier one is thrown away
  /** @type {() => void} */
  let stopLoading = () => {};
  /** @type {AudioContext | null} */
  let context = null;
  /** @type {AudioBufferSourceNode | null} */
  let source = null;
  /** @type {HTMLElement | null} */
  let ear = null;

  /** @param {string} key @param {import('./page.js').Values} [values] */
  const say = (key, values) => speaker.say(key, values);

  /** @param {boolean} on */
  const showEar = (on) => {
    if (!ear) return;
    ear.setAttribute('aria-pressed', String(on));
    ear.setAttribute('aria-label', say(on ? 'hear.stop' : 'hear.listen'));
  };
  const panel = () => one('[data-hear]');

  /** @type {HTMLElement | null} */
  let marked = null; // the card of the desk that is heard
  const endSound = () => {
    try {
      source?.stop();
    } catch {
      // it never began
    }
    source?.disconnect();
    source?.buffer?.getChannelData(0).fill(0);
    source = null;
    marked?.removeAttribute('data-heard');
    marked = null;
  };
  const hush = () => {
    turn += 1;
    stopLoading();
    endSound();
    context?.close();
    context = null;
    showEar(false);
    ear = null;
    panel()?.remove();
  };
  const forget = () => {
    for (const part of parts) part.fill(0);
    parts = [];
    sounds?.wipe();
    sounds = null;
  };
  const wipe = () => {
    hush();
    forget();
  };

  /** What this page says there is; what was loaded of another language is forgotten. */
  const look = () => {
    /** @type {There} */
    const found = JSON.parse(/** @type {HTMLElement} */ (document.getElementById('listening')).textContent);
    if (found.sha256 !== there?.sha256) forget();
    there = found;
    Object.assign(page.phrases, found.phrases);
    return found;
  };

  /**
   * Load what is still missing, one part after the other, and check the whole.
   * @param {There} o
   * @param {(done: number) => void} onProgress a share of 1
   */
  const load = async ({ parts: count, part: size, sha256: digest }, onProgress) => {
    const mine = turn;
    while (parts.length < count) {
      const n = parts.length;
      const address = `/${page.lang}/listen/${String(n).padStart(2, '0')}.bin`;
      const onLoaded = (/** @type {number} */ bytes) => {
        if (mine === turn) onProgress((n * size + bytes) / (count * size));
      };
      const onBegun = (/** @type {() => void} */ stop) => {
        stopLoading = stop;
      };
      // Called off, or another site by now: neither gets better by trying again.
      const part = await insist(async () =>
        mine === turn ? partAt(address, size, { onLoaded, onBegun }).catch(unlessUnreachable) : null,
      );
      if (part instanceof Changed) throw part;
      if (!part || mine !== turn) return null;
      parts.push(part);
    }
    if (hex(await core.run('digest', { parts })) !== digest) throw new Changed();
    if (mine !== turn) return null;
    const found = readBundle(parts);
    parts = [];
    return found;
  };

  /**
   * One after the other.
   * @param {[string, HTMLElement | null][]} names with the card that is marked meanwhile
   */
  const play = async ([[name, card], ...rest]) => {
    const mine = turn;
    const sound = sounds?.of(name);
    if (!context || !sound) return;
    const buffer = await context.decodeAudioData(sound);
    if (mine !== turn || !context) return; // hushed meanwhile
    marked = card;
    card?.setAttribute('data-heard', '');
    card?.scrollIntoView({ block: 'nearest' });
    source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    source.onended = () => {
      if (mine !== turn) return;
      if (rest.length === 0) hush();
      else {
        endSound();
        play(rest).catch(hush);
      }
    };
    source.start();
    showEar(true);
  };
  const digest = async (/** @type {Uint8Array} */ bytes) => hex(await core.run('digest', { parts: [bytes] }));
  /**
   * @param {string} screen
   * @param {HTMLElement} section
   */
  const playScreen = async (screen, section) => {
    const mine = turn;
    const { desks } = /** @type {There} */ (there);
    const cards = await deskSounds(section, visit.directory?.desks ?? [], desks, { lang: page.lang, digest });
    if (mine === turn) await play([[screen, null], ...cards]);
  };

  /**
   * Begin within the touch, as phones demand; then load, if nothing is here yet, and play.
   * @param {HTMLElement} pressed
   */
  const start = async (pressed) => {
    const screen = /** @type {string} */ (pressed.dataset.ear);
    const asking = panel();
    const tell = (/** @type {string} */ text) => {
      if (asking) one('[data-hear-now]', asking).textContent = text;
    };
    const mine = turn;
    ear = pressed;
    try {
      context ??= new AudioContext();
      context.resume();
      if (!sounds) {
        const bar = /** @type {HTMLProgressElement} */ (one('[data-hear-bar]', asking));
        bar.hidden = false;
        one('[data-hear-start]', asking).hidden = true;
        const found = await load(/** @type {There} */ (there), (done) => {
          bar.value = Math.floor(done * 1000);
          tell(say('hear.loading', { percent: Math.floor(done * 100) }));
        });
        if (!found) return;
        sounds = found;
      }
      asking?.remove();
      await playScreen(screen, /** @type {HTMLElement} */ (pressed.closest('section')));
    } catch (error) {
      if (mine !== turn || isStop(error)) return;
      failed(error, tell);
    }
  };

  /**
   * @param {unknown} error
   * @param {(text: string) => void} tell
   */
  const failed = (error, tell) => {
    showEar(false);
    context?.close();
    context = null;
    if (error instanceof Changed) forget();
    const button = one('[data-hear-start]');
    if (button) button.hidden = error instanceof Changed;
    if (error instanceof Trouble) tell(say('hear.broken'));
    else if (error instanceof Changed) tell(say('hear.changed'));
    else tell(say('hear.cannot'));
  };

  /** @param {HTMLElement} pressed */
  const ask = (pressed) => {
    const { parts: count, part: size } = /** @type {There} */ (there);
    const template = /** @type {HTMLTemplateElement} */ (document.getElementById('hear'));
    const body = /** @type {HTMLElement} */ (pressed.parentElement);
    one('h1', body).after(document.importNode(template.content, true));
    const shown = panel();
    if (!sounds) one('[data-hear-now]', shown).textContent = say('hear.size', { size: speaker.bytes(count * size) });
    one('[data-hear-start]', shown).addEventListener('click', () => {
      agreed = true;
      start(pressed);
    });
    one('[data-hear-not]', shown).addEventListener('click', () => {
      hush();
      pressed.focus();
    });
    shown.focus();
  };

  /** @param {HTMLElement} pressed */
  const press = (pressed) => {
    const again = ear === pressed || panel() !== null;
    hush();
    if (again) return;
    look();
    if (agreed && sounds) start(pressed);
    else ask(pressed);
  };

  document.addEventListener('click', ({ target }) => {
    // What is done ends what is said; a microphone, above all, must not hear it.
    if (/** @type {Element} */ (target).closest('[data-action]')) hush();
  });
  // Another screen, nothing on the screen, or a page that is no longer looked at: silence.
  new MutationObserver(hush).observe(document.body, { attributeFilter: ['data-at'] });
  new MutationObserver(() => {
    if (all('main').length === 0) wipe();
  }).observe(document.body, { childList: true });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) hush();
  });
  addEventListener('wipe', wipe); // the page is left
  return { press };
}

/** @type {Listening | null} */
let listening = null;

/**
 * Listen to the screen of this ear, or stop.
 * @param {HTMLElement} ear
 * @param {Pick<Parts, 'page' | 'speaker' | 'core' | 'visit'>} shared
 */
export function press(ear, shared) {
  listening ??= makeListening(shared);
  listening.press(ear);
}
