// Cuts a file and changes its bytes, again and again: node broken.mjs FILE TRIES [WITHIN the first bytes].
// Fails where the page would stumble, and where a copy tells something.
import { readFileSync } from 'node:fs';

import { examine } from '../../app/reporter/client/src/clean/main.js';

const load = {
  pdf: () => import('../../app/reporter/client/dist/pdf.js'),
  office: () => import('../../app/reporter/client/dist/office.js'),
};
const [file, tries, within = Infinity] = process.argv.slice(2);
const whole = readFileSync(file);
let seed = 77;
const below = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
for (let n = 0; n < Number(tries); n += 1) {
  const bytes = whole.slice(0, n % 3 ? whole.length : below(whole.length));
  const reach = Math.min(bytes.length, Number(within));
  for (let k = 0; k < 3 && reach; k += 1) bytes[below(reach)] = below(256);
  const { clean } = await examine(new Blob([bytes]), load);
  if (!clean) continue;
  const { revealed } = await examine(clean, load);
  const tells = !revealed || revealed.place || revealed.time || revealed.device || revealed.author || revealed.other;
  if (tells) throw new Error(`try ${n}`);
}
