// The alarm's two sounds, made here: nothing is fetched, and nothing is said in them.

/** @typedef {'danger' | 'deaf'} Kind */

/** @type {Record<Kind, [number, number][]>} Each a tone: hertz, and when it begins, in seconds. */
const TONES = {
  danger: [0, 0.9, 1.8].flatMap(
    (at) =>
      /** @type {[number, number][]} */ ([
        [880, at],
        [660, at + 0.22],
        [880, at + 0.44],
      ]),
  ),
  deaf: [
    [330, 0],
    [262, 0.5],
  ],
};
const LENGTH = 0.2;
const LOUD = 0.35;

/** @type {AudioContext | null} */
let context = null;
let changed = () => {};

/**
 * Has something done when what is heard may have changed: a press can take a while to be heard.
 * @param {() => void} act
 */
export function whenChanged(act) {
  changed = act;
}

/** Says whether the browser lets it be heard by now. Until somebody pressed something, many do not. */
export async function mayBeHeard() {
  if (!context) {
    context = new AudioContext();
    context.addEventListener('statechange', () => changed());
  }
  if (context.state === 'suspended') {
    // A browser that holds sound back leaves this open for as long as nobody presses anything.
    await Promise.race([context.resume(), new Promise((done) => setTimeout(done, 300))]);
  }
  return context.state === 'running';
}

/** @param {Kind} kind */
export function play(kind) {
  if (!context) return;
  const now = context.currentTime + 0.05;
  for (const [hertz, at] of TONES[kind]) {
    const tone = context.createOscillator();
    const loudness = context.createGain();
    tone.frequency.value = hertz;
    // Without a slope at both ends it would click.
    loudness.gain.setValueAtTime(0, now + at);
    loudness.gain.linearRampToValueAtTime(LOUD, now + at + 0.02);
    loudness.gain.linearRampToValueAtTime(0, now + at + LENGTH);
    tone.connect(loudness).connect(context.destination);
    tone.start(now + at);
    tone.stop(now + at + LENGTH);
  }
}
