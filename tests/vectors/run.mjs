/**
 * Runs the JavaScript implementation over a file of vectors: of the shape of ql1.json, or of
 * quietline.json. What only a console reads is named, and left to the Python implementation.
 *
 *   node tests/vectors/run.mjs FILE
 *
 * Prints a line per section, every failure in words, and as its last line
 * {"passed": n, "failed": n}. Exit code 0 if nothing failed, 1 otherwise, 2 if used wrongly.
 */
import { readFileSync } from 'node:fs';
import process, { argv, stdout } from 'node:process';
import { pathToFileURL } from 'node:url';

import { fromUtf8 } from '../../app/reporter/client/src/protocol/encoding.js';
import { irregularities } from './layout.mjs';
import * as ours from './quietline-sections.mjs';
import { SECTIONS } from './sections.mjs';

const LANGUAGE = 'javascript';

/** What an error says, in words and on one line. */
function inWords(error) {
  const missing = error instanceof TypeError || error instanceof RangeError;
  return `${missing ? 'something is missing or malformed: ' : ''}${error.message}`.split('\n')[0];
}

/** Runs one section; a section that stops early has failed. */
async function runSection(section, v) {
  const result = { passed: 0, failures: [] };
  try {
    for await (const [what, passed] of section(v)) {
      if (passed) result.passed++;
      else result.failures.push(what);
    }
  } catch (error) {
    result.failures.push(inWords(error));
  }
  return result;
}

/** What there is to check, by the member that only files of one shape have. */
function shapeOf(v) {
  if ('invitation' in v) return { sections: {}, consolesAlone: Object.keys(v) };
  if ('line_id' in v) return { sections: ours.SECTIONS, consolesAlone: ours.CONSOLES_ALONE };
  return { sections: SECTIONS, consolesAlone: [] };
}

function* fileChecks(text, v, known) {
  const strange = irregularities(text);
  yield [`layout${strange.length ? `: ${strange.slice(0, 3).join('; ')}` : ''}`, strange.length === 0];
  const unknown = Object.keys(v).filter((name) => !known.includes(name));
  yield [`sections${unknown.length ? `: unknown ${unknown.join(', ')}` : ''}`, unknown.length === 0];
}

function missing(name) {
  return function* () {
    yield [`the section ${name} is missing`, false];
  };
}

/**
 * @param {Uint8Array} bytes a vectors file
 * @param {(line: string) => void} print
 * @returns {Promise<{passed: number, failed: number}>}
 */
export async function runVectors(bytes, print) {
  const total = { passed: 0, failed: 0 };
  const report = (name, { passed, failures }) => {
    print(`${LANGUAGE}  ${name}: ${passed} passed, ${failures.length} failed`);
    for (const failure of failures) print(`              failed: ${failure}`);
    total.passed += passed;
    total.failed += failures.length;
  };
  let text;
  let v;
  try {
    text = fromUtf8(bytes);
    v = JSON.parse(text);
    if (v === null || typeof v !== 'object' || Array.isArray(v)) throw new Error('it is not a JSON object');
  } catch (error) {
    report('file', { passed: 0, failures: [`this is not a vectors file: ${inWords(error)}`] });
    return total;
  }
  const { sections, consolesAlone } = shapeOf(v);
  report('file', await runSection(() => fileChecks(text, v, [...Object.keys(sections), ...consolesAlone]), v));
  for (const [name, section] of Object.entries(sections)) {
    report(name, await runSection(name in v ? section : missing(name), v));
  }
  for (const name of consolesAlone) print(`${LANGUAGE}  ${name}: only consoles read this`);
  return total;
}

async function main() {
  if (argv.length !== 3) {
    stdout.write('Usage: node tests/vectors/run.mjs FILE\n');
    return 2;
  }
  let bytes;
  try {
    bytes = readFileSync(argv[2]);
  } catch (error) {
    stdout.write(`${LANGUAGE}  file: 0 passed, 1 failed\n`);
    stdout.write(`              failed: ${argv[2]} cannot be read (${error.code})\n`);
    stdout.write(`${JSON.stringify({ passed: 0, failed: 1 })}\n`);
    return 1;
  }
  const total = await runVectors(bytes, (line) => stdout.write(`${line}\n`));
  stdout.write(`${JSON.stringify(total)}\n`);
  return total.failed ? 1 : 0;
}

if (import.meta.url === pathToFileURL(argv[1]).href) process.exitCode = await main();
