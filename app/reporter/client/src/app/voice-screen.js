// A voice note, recorded here and made to sound like somebody else before it is kept; as it is only where the person
// chooses that. Heard by no one before, and then a file like any other. Where the browser cannot record, there is no
// button for it. A recording is never lost because changing it failed: then the person is asked.

import { one, onAction } from './dom.js';
import { clockTime, makeListening, makeRecorder, samplesOf, SECONDS_MAX } from './recorder.js';
import { isStop } from './stopping.js';

/** @import { Parts } from './visit.js' */
/** @typedef {ReturnType<typeof makeVoiceScreen>} Voice */
/** @typedef {'changed' | 'whispered' | 'own'} Which voice is sent */

/**
 * `onDone(file, isChanged)` with what is kept, or `onDone(null)` without.
 * @param {Pick<Parts, 'screens' | 'speaker' | 'core'> & {onDone: (file: File | null, isChanged?: boolean) => void}} o
 */
export function makeVoiceScreen({ screens, speaker, core, onDone }) {
  const section = screens.section('voice');
  const time = one('[data-voice-time]', section);
  const label = one('[data-voice-record]', section);
  /** @type {Record<string, HTMLElement>} */
  const buttons = Object.fromEntries(
    ['listen', 'stop-changing', 'change'].map((name) => [name, one(`[data-action="${name}"]`, section)]),
  );
  const choice = one('[data-voice-choice]', section);
  /** @type {Record<Which, HTMLInputElement>} */
  const radios = {
    changed: one('[value="changed"]', choice),
    whispered: one('[value="whispered"]', choice),
    own: one('[value="own"]', choice),
  };
  /** @type {HTMLButtonElement} */
  const keep = one('[data-action="keep"]', section);
  const recorder = makeRecorder();
  const listening = makeListening();
  /** @type {Blob | null} */
  let recorded = null; // as it is
  /** @type {Map<Which, Uint8Array<ArrayBuffer>>} */
  const made = new Map(); // WAV files
  /** @type {AbortController | null} */
  let changing = null;

  /** @returns {Which | null} */
  const chosen = () => {
    const found = Object.entries(radios).find(([, radio]) => radio.checked);
    return found ? /** @type {Which} */ (found[0]) : null;
  };
  const showState = () => {
    label.textContent = speaker.say(recorder.isOn() ? 'voice.stop' : recorded ? 'voice.again' : 'voice.record');
    const isThere = Boolean(recorded) && !recorder.isOn();
    choice.hidden = !isThere || Boolean(changing);
    buttons['stop-changing'].hidden = !changing;
    buttons.change.hidden = choice.hidden || made.has('changed');
    radios.changed.disabled = !made.has('changed');
    buttons.listen.hidden = choice.hidden || !chosen();
    keep.disabled = choice.hidden || !chosen();
  };
  /** @param {string} text */
  const tell = (text) => {
    time.textContent = text;
    if (changing) screens.announcer.progress(text);
    else screens.announcer.say(text);
  };

  /** @param {Exclude<Which, 'own'>} which */
  const change = async (which) => {
    const mine = new AbortController();
    changing = mine;
    screens.problem('voice', '');
    const onProgress = (/** @type {number} */ done) => {
      if (changing === mine) tell(speaker.say('voice.changing', { percent: Math.floor(done * 100) }));
    };
    onProgress(0);
    showState();
    try {
      const samples = await samplesOf(/** @type {Blob} */ (recorded));
      const { signal } = mine;
      const isWhispered = which === 'whispered';
      const file = await core.run('disguise', { samples, isWhispered }, { onProgress, signal });
      samples.fill(0);
      if (changing !== mine) return; // left meanwhile
      made.set(which, file);
      radios[which].checked = true;
      changing = null;
      tell(speaker.say('voice.is-changed'));
    } catch (error) {
      if (changing !== mine) return;
      changing = null;
      radios[which].checked = false;
      radios.changed.checked = made.has('changed');
      tell(speaker.say(made.has('changed') ? 'voice.is-changed' : 'voice.unchanged'));
      if (!isStop(error)) screens.problem('voice', speaker.say('voice.failed'));
    }
    showState();
    keep.scrollIntoView({ block: 'nearest' }); // with the two voices above it
  };

  const drop = () => {
    for (const file of made.values()) file.fill(0);
    made.clear();
    for (const radio of Object.values(radios)) radio.checked = false;
  };
  const begin = async () => {
    if (recorder.isAsking()) return;
    listening.hush();
    screens.problem('voice', '');
    try {
      const begun = await recorder.start({
        onTick: (seconds) => {
          time.textContent = speaker.say('voice.recording', { time: clockTime(seconds) });
        },
        onDone(blob, seconds) {
          if (screens.current !== 'voice') return; // left meanwhile
          recorded = blob;
          if (seconds >= SECONDS_MAX) screens.problem('voice', speaker.say('voice.full'));
          change('changed');
        },
      });
      if (!begun) return; // gone back meanwhile
    } catch {
      screens.problem('voice', speaker.say('voice.denied'));
      return;
    }
    drop();
    showState();
    one('[data-action="record"]', section).scrollIntoView({ block: 'nearest' }); // where it is stopped
  };

  const play = () =>
    listening.play(async (context) => {
      const which = chosen();
      if (which === 'own') return context.decodeAudioData(await /** @type {Blob} */ (recorded).arrayBuffer());
      const { samples, rate } = await core.run('hear', {
        file: /** @type {Uint8Array} */ (made.get(/** @type {Which} */ (which))),
      });
      const buffer = context.createBuffer(1, samples.length, rate);
      buffer.copyToChannel(samples, 0);
      return buffer;
    });

  const stopChanging = () => changing?.abort();
  const forget = () => {
    const mine = changing;
    changing = null;
    mine?.abort();
    listening.hush();
    recorder.release();
    recorded = null;
    drop();
    time.textContent = '';
  };
  screens.onArrive('voice', () => {
    forget();
    showState();
    core.run('voiceReady', {}).catch(() => {}); // tried again when it is needed
  });
  onAction(section, 'record', () => {
    if (recorder.isOn()) recorder.release();
    else if (changing) stopChanging();
    else begin();
    showState();
  });
  for (const radio of Object.values(radios)) {
    radio.addEventListener('change', () => {
      listening.hush();
      if (chosen() === 'whispered' && !made.has('whispered')) change('whispered');
      else showState();
    });
  }
  onAction(section, 'listen', play);
  onAction(section, 'change', () => change('changed'));
  onAction(section, 'stop-changing', stopChanging);
  onAction(section, 'keep', () => {
    const file = made.get(/** @type {Which} */ (chosen()));
    const [content, type, ending] = file
      ? [file, 'audio/wav', 'wav']
      : [/** @type {Blob} */ (recorded), /** @type {Blob} */ (recorded).type, ''];
    const kept = new File([content], `file.${ending || type.split('/')[1]}`, { type });
    forget();
    onDone(kept, Boolean(file));
  });
  onAction(section, 'back', () => {
    forget();
    onDone(null);
  });
  return { start: () => screens.show('voice'), wipe: forget };
}
