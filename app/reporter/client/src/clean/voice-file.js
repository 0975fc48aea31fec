// WAV with IMA ADPCM: a quarter of the size, played by the programs that investigators have, and written here, so that
// nothing stands in it but the sound. IMA's "Recommended Practices", revision 3.00 (1992), in Microsoft's blocks.

const BLOCK = 512; // bytes: a head of four, then two samples a byte
const PER_BLOCK = (BLOCK - 4) * 2 + 1;
const HEAD = 60;
const IMA_ADPCM = 0x11;
const MOVES = [-1, -1, -1, -1, 2, 4, 6, 8];
const STEPS = [
  7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107, 118,
  130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963, 1060,
  1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358, 5894, 6484,
  7132, 7845, 8630, 9493, 10442, 11487, 12635, 13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794, 32767,
];

/** @typedef {{value: number, step: number}} State the last sample as a reader has it, and the place in STEPS */

/**
 * @param {number} value
 * @param {number} least
 * @param {number} most
 */
const held = (value, least, most) => Math.max(least, Math.min(most, value));

/**
 * Go on by one code, as every reader does; returns the sample.
 * @param {State} state
 * @param {number} code four bits
 */
function advance(state, code) {
  const step = STEPS[state.step];
  let change = step >> 3;
  if (code & 4) change += step;
  if (code & 2) change += step >> 1;
  if (code & 1) change += step >> 2;
  state.value = held(state.value + (code & 8 ? -change : change), -32_768, 32_767);
  state.step = held(state.step + MOVES[code & 7], 0, STEPS.length - 1);
  return state.value;
}

/**
 * @param {State} state
 * @param {number} wanted
 * @returns {number} the code that comes nearest
 */
function codeFor({ value, step }, wanted) {
  let left = Math.abs(wanted - value);
  let code = wanted < value ? 8 : 0;
  for (let bit = 4, size = STEPS[step]; bit > 0; bit >>= 1, size >>= 1) {
    if (left < size) continue;
    code |= bit;
    left -= size;
  }
  return code;
}

/**
 * @param {Float32Array} samples one channel, from −1 to 1
 * @param {number} rate samples a second
 * @returns {Uint8Array<ArrayBuffer>} a WAV file; its last block is filled with silence
 */
export function writeAdpcm(samples, rate) {
  const blocks = Math.ceil(samples.length / PER_BLOCK);
  const file = new Uint8Array(HEAD + blocks * BLOCK);
  writeHead(file, samples.length, rate);
  const state = { value: 0, step: 0 };
  const sample = (/** @type {number} */ n) => held(Math.round((samples[n] ?? 0) * 32_767), -32_768, 32_767);
  for (let block = 0; block < blocks; block += 1) {
    const from = block * PER_BLOCK;
    let at = HEAD + block * BLOCK;
    state.value = sample(from);
    file.set([state.value & 0xff, (state.value >> 8) & 0xff, state.step, 0], at);
    at += 4;
    for (let n = 1; n < PER_BLOCK; n += 2, at += 1) {
      const low = codeFor(state, sample(from + n));
      advance(state, low);
      const high = codeFor(state, sample(from + n + 1));
      advance(state, high);
      file[at] = low | (high << 4);
    }
  }
  return file;
}

/**
 * @param {Uint8Array<ArrayBuffer>} file
 * @param {number} count samples
 * @param {number} rate
 */
function writeHead(file, count, rate) {
  const view = new DataView(file.buffer);
  const text = (/** @type {number} */ at, /** @type {string} */ name) =>
    file.set(
      [...name].map((letter) => letter.charCodeAt(0)),
      at,
    );
  text(0, 'RIFF');
  view.setUint32(4, file.length - 8, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 20, true);
  view.setUint16(20, IMA_ADPCM, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, Math.round((rate * BLOCK) / PER_BLOCK), true);
  view.setUint16(32, BLOCK, true);
  view.setUint16(34, 4, true);
  view.setUint16(36, 2, true);
  view.setUint16(38, PER_BLOCK, true);
  text(40, 'fact');
  view.setUint32(44, 4, true);
  view.setUint32(48, count, true);
  text(52, 'data');
  view.setUint32(56, file.length - HEAD, true);
}

/**
 * What such a file sounds like, to the sample: browsers do not play them. Only what writeAdpcm wrote.
 * @param {Uint8Array} file
 * @returns {{samples: Float32Array<ArrayBuffer>, rate: number}}
 */
export function readAdpcm(file) {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const samples = new Float32Array(view.getUint32(48, true));
  const state = { value: 0, step: 0 };
  const put = (/** @type {number} */ n, /** @type {number} */ value) => {
    if (n < samples.length) samples[n] = value / 32_768;
  };
  for (let at = HEAD, n = 0; at < file.length; n += PER_BLOCK) {
    state.value = view.getInt16(at, true);
    state.step = file[at + 2];
    put(n, state.value);
    at += 4;
    for (let i = 1; i < PER_BLOCK; i += 2, at += 1) {
      put(n + i, advance(state, file[at] & 15));
      put(n + i + 1, advance(state, file[at] >> 4));
    }
  }
  return { samples, rate: view.getUint32(24, true) };
}
