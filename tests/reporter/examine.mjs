// Runs the page's cleaning over a file: node examine.mjs FILE COPY. Writes the clean copy, if there
// is one, and what was found as JSON.
import { readFile, writeFile } from 'node:fs/promises';

import { examine } from '../../app/reporter/client/src/clean/main.js';

const load = {
  pdf: () => import('../../app/reporter/client/dist/pdf.js'),
  office: () => import('../../app/reporter/client/dist/office.js'),
};
const [file, copy] = process.argv.slice(2);
const { told, clean, ending, kind } = await examine(new Blob([await readFile(file)]), load);
if (clean) await writeFile(copy, new Uint8Array(await clean.slice(0).arrayBuffer()));
console.log(JSON.stringify({ told, ending, kind, cleaned: clean !== null }));
