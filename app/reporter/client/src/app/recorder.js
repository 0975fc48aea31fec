// The microphone: what it hears until it is let go, and at most ten minutes of it. And listening, by Web Audio: a media
// element would need a wider content security policy.

/** @typedef {ReturnType<typeof makeRecorder>} Recorder */

const TYPES = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'];
const BITS_A_SECOND = 64_000;
const VOICE_RATE = 16_000; // samples a second that changing a voice takes (clean/voice.js)
export const SECONDS_MAX = 600; // 40 MB of samples, which a small phone has room for

/** "0:07". */
export const clockTime = (/** @type {number} */ seconds) =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

/** `onDone(blob, seconds)` when it was stopped, or stopped by itself. */
export function makeRecorder() {
  /** @type {MediaRecorder | null} */
  let recorder = null;
  /** @type {object | null} */
  let asking = null; // while the browser asks the person for the microphone

  /** Let go of the microphone; what it gave meanwhile is handed to `onDone`. One that is still to come is not taken. */
  const release = () => {
    asking = null;
    if (!recorder) return;
    const { stream } = recorder;
    if (recorder.state !== 'inactive') recorder.stop();
    for (const track of stream.getTracks()) track.stop();
    recorder = null;
  };

  /**
   * The microphone, or null where it was released before the person had answered: then it is off again.
   * @returns {Promise<MediaStream | null>}
   */
  const askFor = async () => {
    const mine = {};
    asking = mine;
    const audio = { channelCount: 1, noiseSuppression: true };
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio });
      if (asking === mine) return stream;
      for (const track of stream.getTracks()) track.stop();
    } catch (error) {
      if (asking === mine) throw error;
    } finally {
      if (asking === mine) asking = null;
    }
    return null;
  };

  return {
    isOn: () => recorder !== null,
    isAsking: () => asking !== null,
    release,
    /**
     * Begin; returns whether it did, and was not released before the person had answered. Throws where the
     * microphone is not to be had. `onTick(seconds)` twice a second.
     * @param {{onTick: (seconds: number) => void, onDone: (recorded: Blob, seconds: number) => void}} o
     */
    async start({ onTick, onDone }) {
      const stream = await askFor();
      if (!stream) return false;
      const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
      const options = { audioBitsPerSecond: BITS_A_SECOND, ...(mimeType ? { mimeType } : {}) };
      const mine = new MediaRecorder(stream, options);
      /** @type {Blob[]} */
      const parts = [];
      const since = performance.now();
      const seconds = () => Math.min(SECONDS_MAX, (performance.now() - since) / 1000);
      const clock = setInterval(() => {
        if (recorder === mine) onTick(seconds());
        if (seconds() >= SECONDS_MAX) release();
      }, 500);
      recorder = mine;
      mine.ondataavailable = ({ data }) => parts.push(data);
      // Also when a call came in and took the microphone: what was said until then is there.
      mine.onstop = () => {
        clearInterval(clock);
        if (recorder === mine) release();
        onDone(new Blob(parts, { type: mine.mimeType.split(';')[0] }), seconds());
      };
      mine.start();
      onTick(0);
      return true;
    },
  };
}

/**
 * A recording as samples, one channel, as changing a voice takes them. Throws where the browser cannot.
 * @param {Blob} recorded
 * @returns {Promise<Float32Array>}
 */
export async function samplesOf(recorded) {
  const context = new OfflineAudioContext(1, 1, VOICE_RATE);
  const buffer = await context.decodeAudioData(await recorded.arrayBuffer());
  const samples = buffer.getChannelData(0);
  for (let channel = 1; channel < buffer.numberOfChannels; channel += 1) {
    const other = buffer.getChannelData(channel);
    for (let n = 0; n < samples.length; n += 1) samples[n] += (other[n] - samples[n]) / (channel + 1);
  }
  return samples;
}

/** What is listened to, one at a time. */
export function makeListening() {
  /** @type {AudioContext | null} */
  let playing = null;
  const hush = () => {
    playing?.close();
    playing = null;
  };
  return {
    hush,
    /** @param {(context: AudioContext) => Promise<AudioBuffer>} make what is heard; asked for within a touch */
    async play(make) {
      hush();
      const context = new AudioContext();
      playing = context;
      const source = context.createBufferSource();
      source.buffer = await make(context);
      if (playing !== context) return; // hushed meanwhile
      source.connect(context.destination);
      source.start();
    },
  };
}
