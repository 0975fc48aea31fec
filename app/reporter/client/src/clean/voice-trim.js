// Silence before, after and between words. How somebody pauses is theirs, and a room is heard in its silence.

const FRAME_S = 0.02;
const EDGE_S = 0.12; // kept around what is loud: consonants begin and end softly
const OVER_FLOOR = 3; // times as loud as the quietest tenth
const UNDER_PEAK = 0.015; // of the loudest twentieth: quieter is no speech here
const JOIN_S = 0.005;

/**
 * @param {Float32Array} samples
 * @param {number} frame
 * @returns {Float32Array} the loudness of each frame (root of the mean square)
 */
function loudness(samples, frame) {
  const found = new Float32Array(Math.ceil(samples.length / frame));
  for (let n = 0; n < found.length; n += 1) {
    const end = Math.min((n + 1) * frame, samples.length);
    let sum = 0;
    for (let at = n * frame; at < end; at += 1) sum += samples[at] * samples[at];
    found[n] = Math.sqrt(sum / (end - n * frame));
  }
  return found;
}

/**
 * A copy without its silences, but for a quarter of a second between two loud parts. All of it where nothing is loud.
 * @param {Float32Array} samples
 * @param {number} rate samples a second
 * @returns {Float32Array}
 */
export function shorten(samples, rate) {
  const frame = Math.round(FRAME_S * rate);
  const loud = loudness(samples, frame);
  const sorted = loud.slice().sort();
  const floor = sorted[Math.floor(sorted.length * 0.1)] * OVER_FLOOR;
  const peak = sorted[Math.floor(sorted.length * 0.95)];
  const limit = Math.max(Math.min(floor, peak * 0.2), peak * UNDER_PEAK);
  const edge = Math.round(EDGE_S / FRAME_S);
  const kept = new Uint8Array(loud.length);
  loud.forEach((each, n) => {
    if (each > limit) kept.fill(1, Math.max(0, n - edge), n + edge + 1);
  });
  if (!kept.includes(1)) return samples.slice();
  return joined(samples, kept, frame, Math.round(JOIN_S * rate));
}

/**
 * @param {Float32Array} samples
 * @param {Uint8Array} kept by frame
 * @param {number} frame
 * @param {number} join samples over which one part fades into the next
 */
function joined(samples, kept, frame, join) {
  const out = new Float32Array(samples.length);
  let length = 0;
  for (let n = 0; n < kept.length; n += 1) {
    if (!kept[n]) continue;
    const part = samples.subarray(n * frame, (n + 1) * frame);
    const isJoint = n > 0 && !kept[n - 1] && length >= join;
    if (isJoint) length -= join;
    for (let i = 0; i < part.length; i += 1) {
      const fade = isJoint && i < join ? (i + 1) / (join + 1) : 1;
      out[length + i] = out[length + i] * (1 - fade) + part[i] * fade;
    }
    length += part.length;
  }
  return out.slice(0, length);
}
