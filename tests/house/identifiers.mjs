// Prints the identifiers of JavaScript files, one JSON object: {path: [identifier, …]}.
// usage: node identifiers.mjs FILE…
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../app/reporter/client/package.json', import.meta.url));
const { tokenizer, tokTypes } = require('acorn');
const NAMES = new Set([tokTypes.name, tokTypes.privateId]);

function identifiers(path) {
  const tokens = [...tokenizer(readFileSync(path, 'utf8'), { ecmaVersion: 'latest', sourceType: 'module' })];
  return [...new Set(tokens.filter((token) => NAMES.has(token.type)).map((token) => token.value))];
}

console.log(JSON.stringify(Object.fromEntries(process.argv.slice(2).map((path) => [path, identifiers(path)]))));
