/**
 * Envelopes that must be refused, each for the reason given and for no other.
 *
 * An envelope that fails proves little: any damage makes one fail. So each is also compared with
 * the file's good envelopes: it must differ from one of them in just the way its reason says.
 */
import { equal, unhex } from '../../app/reporter/client/src/protocol/encoding.js';
import { openEnvelope } from '../../app/reporter/client/src/protocol/envelope.js';
import { checkEnvelope } from '../../app/reporter/client/src/protocol/wire.js';
import { exact, list } from './material.mjs';
import { direction, parties } from './parties.mjs';

/** Where one bit may have been flipped: [from, to) in bytes. */
const FLIPS = {
  c2: [64, 1152],
  'c2 first': [64, 65],
  'c2 last': [1151, 1152],
  c1: [1152, 1184],
  'c1 first': [1152, 1153],
  'c1 last': [1183, 1184],
  cp: [1184, 17584],
  'cp first': [1184, 1185],
  'cp last': [17583, 17584],
  pke: [17584, 19936],
  'pke enc': [17584, 18704],
  'pke ct': [18704, 19936],
  'pke first': [17584, 17585],
  'pke last': [19935, 19936],
};
const LENGTHS = ['truncated', 'empty', 'too long', 'one byte too long', 'one byte short', 'extended'];
const POINTS = ['X', 'Z', 'X and Z'].flatMap((which) => [
  `${which} ${which.length > 1 ? 'are' : 'is'} the identity element`,
  `${which} ${which.length > 1 ? 'are' : 'is'} not a canonical ristretto255 encoding`,
]);
const REASONS = [...Object.keys(FLIPS).map((field) => `one bit flipped in ${field}`), ...LENGTHS, ...POINTS];

/** A reason nobody knows is let be, unless it is a known one with one letter changed. */
function misspelt(why) {
  const nearly = (a, b) => a.length === b.length && [...a].filter((letter, i) => letter !== b[i]).length === 1;
  return !REASONS.includes(why) && REASONS.some((known) => nearly(known, why));
}

/** The code of the ProtocolError that a step throws, or null. */
function codeOf(step) {
  try {
    step();
    return null;
  } catch (error) {
    return error.code || error.message;
  }
}

function flippedBits(a, b) {
  const places = [];
  for (let i = 0; i < a.length; i++) {
    for (let rest = a[i] ^ b[i]; rest; rest &= rest - 1) places.push(i);
  }
  return places;
}

/** "must not open": submitted gladly, opened by nobody, one bit from an envelope that opens. */
function closed(v, bytes, why, good) {
  if (codeOf(() => checkEnvelope(bytes)) !== null) return false;
  const everyone = [parties(v).bundle, ...parties(v).reporters];
  if (everyone.some((own) => codeOf(() => openEnvelope(bytes, own, parties(v).lineId)) !== 'cannot-open')) return false;
  const field = /^one bit flipped in (.*)$/.exec(why);
  if (!field) return true;
  const [from, to] = FLIPS[field[1]] || [64, bytes.length];
  return good.some((one) => {
    const places = flippedBits(one.bytes, bytes);
    return places.length === 1 && places[0] >= from && places[0] < to;
  });
}

/** "wrong length": a good envelope cut or lengthened. */
function wrongLength(bytes, good) {
  if (codeOf(() => checkEnvelope(bytes)) !== 'wrong-length') return false;
  const within = (a, b) => a.length <= b.length && equal(a, b.subarray(0, a.length));
  return good.some((one) => within(bytes, one.bytes) || within(one.bytes, bytes));
}

/** "reject on submit": a good envelope but for the points that its reason names. */
function badPoint(bytes, why, good) {
  if (codeOf(() => checkEnvelope(bytes)) !== 'bad-point') return false;
  const reason = /^(X and Z|X|Z) (?:is|are) (the identity element|not a canonical ristretto255 encoding)$/.exec(why);
  const named = reason ? reason[1] : 'X and Z';
  const keptX = named === 'Z';
  const keptZ = named === 'X';
  const [x, z] = [bytes.subarray(0, 32), bytes.subarray(32, 64)];
  const rest = good.some(
    (one) =>
      equal(one.bytes.subarray(64), bytes.subarray(64)) &&
      (!keptX || equal(one.bytes.subarray(0, 32), x)) &&
      (!keptZ || equal(one.bytes.subarray(32, 64), z)),
  );
  if (!reason) return rest;
  const points = [...(keptX ? [] : [x]), ...(keptZ ? [] : [z])];
  if (reason[2] === 'the identity element') return rest && points.every((point) => point.every((byte) => byte === 0));
  // Any other encoding will do, but 32 times ff is the usual one: nearly that is a changed byte.
  const slips = points.map((point) => point.filter((byte) => byte !== 255).length);
  return rest && points.every((point) => point.some((byte) => byte)) && slips.every((n) => n === 0 || n > 3);
}

/** @yields {[string, boolean]} one check per envelope */
export function* badEnvelopes(v) {
  const good = list(v.envelopes, 'envelopes').map((one) => {
    direction(v, one.direction);
    return { bytes: unhex(one.envelope) };
  });
  for (const [i, one] of list(v.bad_envelopes, 'bad_envelopes').entries()) {
    exact(one, `bad_envelopes[${i}]`, ['why', 'envelope', 'error']);
    const { why, error } = one;
    const bytes = unhex(one.envelope);
    const kinds = {
      'must not open': () => closed(v, bytes, why, good),
      'wrong length': () => wrongLength(bytes, good),
      'reject on submit': () => badPoint(bytes, why, good),
    };
    const name = `bad_envelopes[${i}] (${why}): ${error}`;
    yield [name, Object.hasOwn(kinds, error) && kinds[error]()];
    yield [`bad_envelopes[${i}]: a reason that is spelt right`, typeof why === 'string' && !misspelt(why)];
  }
}
