/** Changes recordings as the reporter's page does. Lines of JSON in, one line out for each. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

import { disguise, draw, INPUT_RATE, readAdpcm } from '../../app/reporter/client/src/clean/voice.js';
import { systemRng } from '../../app/reporter/client/src/protocol/random.js';

/** Raw samples, 32-bit floats, INPUT_RATE a second. */
function samplesOf(path) {
  const bytes = readFileSync(path);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

for await (const line of createInterface({ input: process.stdin })) {
  const { from, to, isWhispered, factor } = JSON.parse(line);
  const samples = samplesOf(from);
  const seconds = samples.length / INPUT_RATE;
  const before = process.cpuUsage();
  const amounts = draw(systemRng);
  // One who tries all shifts draws none of them.
  if (factor) Object.assign(amounts, { warp: (hertz) => hertz * factor, tilt: () => 0, speed: 1 });
  const file = await disguise(samples, { rng: systemRng, amounts, isWhispered });
  writeFileSync(to, new Uint8Array(readAdpcm(file).samples.buffer));
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify({ seconds, cpu: (user + system) / 1e6 }));
}
