/**
 * A small linter: every file parses; protocol files import noble and each other only; no console,
 * no eval, no Math.random, no clock beyond slicing.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const TESTS = join(HERE, '../../../tests');
const LINE = 120;
const BANNED = [
  [/\bconsole\./, 'console: nothing about a reporter is logged'],
  [/\bMath\.random\b/, 'Math.random is not random enough'],
  [/\beval\(|new Function\(/, 'eval: the CSP forbids it'],
  [/\binnerHTML\b|\bouterHTML\b|insertAdjacentHTML/, 'HTML from strings: Trusted Types forbids it'],
  [/\b(local|session)Storage\b|\bindexedDB\b|document\.cookie/, 'storage: nothing stays on the phone'],
];
const OUTSIDE = /^@noble\/(ciphers|curves|hashes|post-quantum)\//;

function filesIn(folder, found = []) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) filesIn(path, found);
    else if (/\.m?js$/.test(name)) found.push(path);
  }
  return found;
}

const problems = [];
function check(path, isPage) {
  execFileSync(process.execPath, ['--check', path]);
  const name = relative(HERE, path);
  const source = readFileSync(path, 'utf8');
  source.split('\n').forEach((line, i) => {
    if (line.length > LINE) problems.push(`${name}:${i + 1}: longer than ${LINE}`);
    if (/\s$/.test(line)) problems.push(`${name}:${i + 1}: space at the end`);
    if (isPage) for (const [what, why] of BANNED) if (what.test(line)) problems.push(`${name}:${i + 1}: ${why}`);
  });
  if (!path.includes('/src/protocol/')) return;
  for (const [, from] of source.matchAll(/^(?:import|export)[^;]*? from '([^']+)'/gm)) {
    const allowed = OUTSIDE.test(from) || /^\.\/[a-z]+\.js$/.test(from);
    if (!allowed) problems.push(`${name}: imports ${from}; the protocol core takes noble and itself only`);
  }
  for (const [, exported] of source.matchAll(/(?<!\*\/)\nexport (?:async )?function (\w+)/g)) {
    problems.push(`${name}: ${exported} has no docstring`);
  }
}

for (const path of filesIn(join(HERE, 'src'))) check(path, true);
for (const path of [join(HERE, 'build.mjs'), join(HERE, 'lint.mjs')]) check(path, false);
for (const folder of ['client', 'vectors']) for (const path of filesIn(join(TESTS, folder))) check(path, false);

if (problems.length) {
  console.error(problems.join('\n'));
  process.exitCode = 1;
} else {
  console.log('JavaScript: nothing to complain about.');
}
