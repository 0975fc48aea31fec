// A voice note, recorded here: heard by no one before the reporter keeps it, and then a file like any
// other. Where the browser cannot record, there is no button for it.

import { one, onAction } from './dom.js';

/** @import { Parts } from './visit.js' */
/** @typedef {ReturnType<typeof makeVoiceScreen>} Voice */

const TYPES = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'];
const TICK_MS = 500;

/**
 * `onDone(file)` with the recording, or with null.
 * @param {Pick<Parts, 'screens' | 'speaker'> & {onDone: (file: File | null) => void}} o
 */
export function makeVoiceScreen({ screens, speaker, onDone }) {
  const section = screens.section('voice');
  const time = one('[data-voice-time]', section);
  const label = one('[data-voice-record]', section);
  const listen = one('[data-action="listen"]', section);
  /** @type {HTMLButtonElement} */
  const keep = one('[data-action="keep"]', section);
  /** @type {MediaRecorder | null} */
  let recorder = null;
  /** @type {Blob | null} */
  let recorded = null;
  /** @type {AudioContext | null} */
  let playing = null;
  /** @type {number | null} */
  let clock = null;

  const hush = () => {
    playing?.close();
    playing = null;
  };
  /** Let go of the microphone; what it gave meanwhile is handed to `recorder.onstop`. */
  const release = () => {
    clearInterval(/** @type {number} */ (clock)); // null is none, and stops none
    if (!recorder) return;
    if (recorder.state !== 'inactive') recorder.stop();
    for (const track of recorder.stream.getTracks()) track.stop();
    recorder = null;
  };
  const showState = () => {
    label.textContent = speaker.say(recorder ? 'voice.stop' : recorded ? 'voice.again' : 'voice.record');
    listen.hidden = !recorded;
    keep.disabled = !recorded;
  };
  /** @param {number} since */
  const elapsed = (since) => {
    const seconds = Math.floor((performance.now() - since) / 1000);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  };

  const begin = async () => {
    hush();
    screens.problem('voice', '');
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      screens.problem('voice', speaker.say('voice.denied'));
      return;
    }
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    const mine = new MediaRecorder(stream, mimeType ? { mimeType } : {});
    /** @type {Blob[]} */
    const parts = [];
    const since = performance.now();
    recorder = mine;
    recorded = null;
    mine.ondataavailable = ({ data }) => parts.push(data);
    mine.onstop = () => {
      if (screens.current !== 'voice') return; // left meanwhile
      recorded = new Blob(parts, { type: mine.mimeType.split(';')[0] });
      time.textContent = speaker.say('voice.recorded', { time: elapsed(since) });
      showState();
    };
    mine.start();
    time.textContent = speaker.say('voice.recording', { time: elapsed(since) });
    clock = setInterval(() => {
      time.textContent = speaker.say('voice.recording', { time: elapsed(since) });
    }, TICK_MS);
    showState();
  };

  /** By Web Audio: a media element would need a wider content security policy. */
  const play = async () => {
    hush();
    const context = new AudioContext();
    playing = context;
    const source = context.createBufferSource();
    source.buffer = await context.decodeAudioData(await /** @type {Blob} */ (recorded).arrayBuffer());
    source.connect(context.destination);
    source.start();
  };

  const forget = () => {
    hush();
    release();
    recorded = null;
    time.textContent = '';
  };
  screens.onArrive('voice', () => {
    forget();
    showState();
  });
  onAction(section, 'record', () => {
    if (recorder) {
      release();
      showState();
    } else begin();
  });
  onAction(section, 'listen', play);
  onAction(section, 'keep', () => {
    const ending = /** @type {Blob} */ (recorded).type.split('/')[1];
    const file = new File([/** @type {Blob} */ (recorded)], `file.${ending}`, {
      type: /** @type {Blob} */ (recorded).type,
    });
    forget();
    onDone(file);
  });
  onAction(section, 'back', () => {
    forget();
    onDone(null);
  });
  return { start: () => screens.show('voice'), wipe: forget };
}
