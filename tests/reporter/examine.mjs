// Runs the page's cleaning over a file: node examine.mjs FILE COPY. Writes the clean copy, if there
// is one, and as JSON what was found and the most memory that it took, in bytes.
import { readFile, writeFile } from 'node:fs/promises';

import { examine } from '../../app/reporter/client/src/clean/main.js';

const load = {
  pdf: () => import('../../app/reporter/client/dist/pdf.js'),
  office: () => import('../../app/reporter/client/dist/office.js'),
};
const [file, copy] = process.argv.slice(2);
const { revealed, clean, ending, kind } = await examine(new Blob([await readFile(file)]), load);
if (clean) await writeFile(copy, new Uint8Array(await clean.slice(0).arrayBuffer()));
// Of this program alone: what wait4 tells begins with the size of whoever started it.
const [, most] = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile('/proc/self/status', 'utf8')) ?? [];
console.log(JSON.stringify({ revealed, ending, kind, cleaned: clean !== null, most: Number(most) * 1024 }));
