// The rules that keep a page's promises, each against what it must refuse (biome.json, banned.grit).
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const TOP = fileURLToPath(new URL('../..', import.meta.url));
const BIOME = join(TOP, 'app/reporter/client/node_modules/@biomejs/biome/bin/biome');
const SRC = 'app/reporter/client/src';

/** What Biome says of these texts, [path, text], in a tree of their own under our rules: by path. */
function said(files) {
  const tree = mkdtempSync(join(tmpdir(), 'quietline-lint-'));
  try {
    for (const rules of ['biome.json', 'app/reporter/client/banned.grit']) cpSync(join(TOP, rules), join(tree, rules));
    for (const [path, text] of files) {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), text);
    }
    const args = [BIOME, 'lint', '--reporter=github', '--max-diagnostics=500'];
    const { stdout } = spawnSync(process.execPath, args, { cwd: tree, encoding: 'utf8' });
    return (path) => stdout.split('\n').filter((line) => line.includes(path));
  } finally {
    rmSync(tree, { recursive: true });
  }
}

const REFUSED = [
  ['app', 'a = Math.random();', 'not random enough'],
  ['app', "eval('a');", 'eval'],
  ['app', "new Function('a');", 'Code from strings'],
  ['app', "setTimeout('a', 1);", 'Code from strings'],
  ['app', "document.body.innerHTML = 'a';", 'HTML from strings'],
  ['app', "document.body.innerHTML += 'a';", 'HTML from strings'],
  ['app', "document.body.outerHTML = 'a';", 'HTML from strings'],
  ['app', "document.body.insertAdjacentHTML('beforeend', 'a');", 'HTML from strings'],
  ['app', "localStorage.setItem('a', 'b');", 'nothing stays'],
  ['app', 'globalThis.sessionStorage.clear();', 'nothing stays'],
  ['app', 'const { localStorage: kept } = window; kept.clear();', 'nothing stays'],
  ['app', "indexedDB.open('a');", 'nothing stays'],
  ['app', "document.cookie = 'a=b';", 'noDocumentCookie'],
  ['app', "console.log('a');", 'noConsole'],
  ['app', "fetch('/a');", 'noRestrictedGlobals'],
  ['clean', "new WebSocket('wss://a');", 'noRestrictedGlobals'],
  ['app', 'a();\n'.repeat(301), 'noExcessiveLinesPerFile'],
  ['app', "import { tasks } from '../core/tasks.js'; tasks();", 'The screens take'],
  ['app', "import { sha256 } from '@noble/hashes/sha2.js'; sha256();", 'The screens take'],
  ['clean', "import { one } from '../app/dom.js'; one();", 'The cleaners take'],
  ['clean', "import { gzip } from '../../node_modules/fflate/esm/browser.js'; gzip();", 'The cleaners take'],
  ['core', "import { one } from '../app/dom.js'; one();", 'The worker takes'],
  ['protocol', "import { one } from '../app/dom.js'; one();", 'The protocol takes'],
  ['protocol', "import { gzip } from 'fflate'; gzip();", 'The protocol takes'],
];

/** Each text in a file of its own, in the room that it is tried in. */
const FILES = REFUSED.map(([room, text], n) => [`${SRC}/${room}/case-${n}-.js`, text]);
const PASSING = [
  [`${SRC}/app/service.js`, "fetch('/a');\n"],
  [`${SRC}/protocol/passing.js`, "import { sha256 } from '@noble/hashes/sha2.js';\nsha256();\n"],
  [`${SRC}/clean/passing.js`, "import { zlibSync } from 'fflate';\nzlibSync();\n"],
  ['tests/client/passing.test.mjs', "console.log('a');\n"],
];
const of = said([...FILES, ...PASSING]);

for (const [n, [room, text, why]] of REFUSED.entries()) {
  test(`refused in ${room}: ${text.slice(0, 60).split('\n')[0]} (${why})`, () => {
    assert.match(of(FILES[n][0]).join('\n'), new RegExp(why));
  });
}

test('what a room may do passes', () => {
  for (const [path] of PASSING) assert.deepEqual(of(path), []);
});

test('a copy of the tree under build/ does not stop it', () => {
  const rules = readFileSync(join(TOP, 'biome.json'), 'utf8');
  const path = `${SRC}/app/a.js`;
  const found = said([
    ['build/copy/biome.json', rules],
    [path, "eval('a');"],
  ]);
  assert.ok(found(path).some((line) => line.includes('eval')));
});
