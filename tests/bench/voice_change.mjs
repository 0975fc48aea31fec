/** Changes recordings as the reporter's page does, and tries to undo it. Lines of JSON in, one line out for each. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

import { disguise, INPUT_RATE } from '../../app/reporter/client/src/clean/voice.js';
import { trackPitch } from '../../app/reporter/client/src/clean/voice-pitch.js';
import { shift } from '../../app/reporter/client/src/clean/voice-shift.js';
import { systemRng } from '../../app/reporter/client/src/protocol/random.js';

const step = async () => {};

/** Raw samples, 32-bit floats, INPUT_RATE a second. */
function samplesOf(path) {
  const bytes = readFileSync(path);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

for await (const line of createInterface({ input: process.stdin })) {
  const { from, to, tries } = JSON.parse(line);
  const samples = samplesOf(from);
  const seconds = samples.length / INPUT_RATE;
  const before = process.cpuUsage();
  if (tries) {
    const track = await trackPitch(samples, INPUT_RATE, step);
    for (const [n, [pitch, formants]] of tries.entries()) {
      const out = await shift(samples, INPUT_RATE, track, { pitch, formants, liveliness: 1 }, step);
      writeFileSync(`${to}-${n}.f32`, new Uint8Array(out.buffer));
    }
  } else writeFileSync(to, await disguise(samples, { rng: systemRng }));
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify({ seconds, cpu: (user + system) / 1e6 }));
}
