/**
 * Builds dist/: the page's scripts and stylesheet, the scripts that it loads when they are needed, the
 * ten word lists, and the hashes of all of them.
 *
 *   node build.mjs           writes dist/
 *   node build.mjs --check   builds into a temporary folder and compares with dist/
 *
 * The same sources give the same bytes anywhere: pinned packages, no source maps, no paths and no
 * dates in the output. dist/ is checked in, so that running Quietline needs no Node.
 */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build, transform } from 'esbuild';
import { minify } from 'terser';

const HERE = dirname(fileURLToPath(import.meta.url));
const DIST = join(HERE, 'dist');
const STYLES = ['site.css', 'listening.css'].map((name) => join(HERE, '../pages', name));
const SUMS = 'SHA256SUMS';

/** BIP-39's names for the lists, and the package's. */
const LISTS = {
  chinese_simplified: 'simplified-chinese',
  chinese_traditional: 'traditional-chinese',
  czech: 'czech',
  english: 'english',
  french: 'french',
  italian: 'italian',
  japanese: 'japanese',
  korean: 'korean',
  portuguese: 'portuguese',
  spanish: 'spanish',
};

/** Modules by name. What two of them share becomes a file of its own, `chunkNames`; a part that is imported when it is
 * needed is an entry of its own, and keeps its name. */
async function scripts(entryPoints, chunkNames = 'shared') {
  const result = await build({
    absWorkingDir: HERE,
    entryPoints,
    outdir: DIST,
    external: ['/assets/*'], // imported when they are needed, from where they are served
    bundle: true,
    format: 'esm',
    splitting: true,
    chunkNames,
    target: 'es2020',
    charset: 'utf8',
    minify: true,
    sourcemap: false,
    legalComments: 'none', // licences of the parts: LICENCES.txt
    write: false,
    plugins: [slowApart, fewerWords, noFonts, onlyWhatIsUsed],
    logLevel: 'warning',
  });
  if (result.warnings.length) throw new Error('the bundle has warnings');
  const files = result.outputFiles.map(async ({ path, text }) => [basename(path), await smaller(text)]);
  return Object.fromEntries(await Promise.all(files));
}

/** A tenth smaller again, over the wire too: browsers that get gzip only (an onion's) pay the most. */
async function smaller(text) {
  const compress = { passes: 3, drop_console: true }; // packages warn their programmers there
  const options = { module: true, ecma: 2020, compress, format: { comments: false } };
  const { code } = await minify(text, options);
  return Buffer.from(`${code}\n`);
}

/** The page's stylesheet, without comments and spaces. */
async function styles() {
  const options = { loader: 'css', minify: true, charset: 'utf8', target: 'es2020' };
  const sheets = await Promise.all(STYLES.map((path) => readFile(path, 'utf8')));
  const { code } = await transform(sheets.join('\n'), options);
  return Buffer.from(code);
}

/** What only browsers without WebCrypto import stays out of core.js. */
const slowApart = {
  name: 'slow apart',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/slow\.js$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: '/assets/slow.js', external: true } : null,
    ),
};

/** What the packages say to their programmers when something is wrong: the page has its own sentences
 * for people, and shows none of these. */
const fewerWords = {
  name: 'fewer words',
  setup({ onLoad }) {
    const literal = '\'[^\'\\n]*\'|"[^"\\n]*"|`[^`]*`';
    const part = `(?:${literal}|(?:typeof )?[\\w.]+(?:\\([\\w.]*\\))?)`;
    const said = new RegExp(`new (\\w*Error)\\((?:${literal})(?:\\s*\\+\\s*${part})*\\)`, 'g');
    onLoad({ filter: /\/@noble\/.*\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      return { contents: text.replace(said, 'new $1()') };
    });
  },
};

/** pdf-lib brings fourteen fonts to write with. What is copied brings its own. */
const noFonts = {
  name: 'no fonts',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\/pdf-lib\/es\/packages\/standard-fonts\/index\.js$/ }, () => ({
      contents: 'export const Encodings = {}, Font = {}, FontNames = {};',
    })),
};

/** pdf-lib does not say that importing its modules alone does nothing: all of it would be bundled, not the
 * tenth that is used. */
const onlyWhatIsUsed = {
  name: 'only what is used',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /./ }, async ({ path, importer, kind, resolveDir, pluginData }) => {
      const concerns = path === '@cantoo/pdf-lib' || importer.includes('/@cantoo/pdf-lib/');
      if (!concerns || pluginData === onlyWhatIsUsed) return null;
      return {
        ...(await resolve(path, { importer, kind, resolveDir, pluginData: onlyWhatIsUsed })),
        sideEffects: false,
      };
    });
  },
};

async function wordList(name) {
  const { wordlist } = await import(`@scure/bip39/wordlists/${name}.js`);
  if (wordlist.length !== 2048) throw new Error(`${name}: not 2,048 words`);
  let last = '';
  const parts = wordlist.map((listed) => {
    const word = listed.normalize('NFC');
    let same = 0; // letters shared with the word before: nearly a third less to load
    while (same < Math.min(word.length, 9) && word[same] === last[same]) same += 1;
    last = word;
    return `${same}${word.slice(same)}`;
  });
  return Buffer.from(parts.join(''));
}

/** The licences of everything that ends up in the scripts: they ask to travel with it. */
async function licences() {
  const noble = ['@noble/ciphers', '@noble/curves', '@noble/hashes', '@noble/post-quantum', '@scure/bip39'];
  const names = [...noble, '@cantoo/pdf-lib', 'fflate', 'tslib'];
  const texts = await Promise.all(
    names.map(async (name) => {
      const folder = join(HERE, 'node_modules', name);
      const file = (await readdir(folder)).find((each) => /^licen[sc]e/i.test(each));
      return `${name}\n\n${await readFile(join(folder, file), 'utf8')}`;
    }),
  );
  return Buffer.from(texts.join('\n----\n\n'));
}

async function buildInto(folder) {
  const files = {
    ...(await scripts({ app: 'src/app/main.js', later: 'src/app/other-ways.js' })),
    ...(await scripts({ core: 'src/core/main.js', more: 'src/core/more.js' }, 'core-shared')),
    ...(await scripts({ listen: 'src/app/listen.js' })),
    ...(await scripts({ 'by-picture': 'src/app/by-picture.js' })),
    ...(await scripts({ slow: 'src/protocol/slow.js' })),
    ...(await scripts({ clean: 'src/clean/main.js' })),
    ...(await scripts({ pdf: 'src/clean/pdf-copy.js' })),
    ...(await scripts({ office: 'src/clean/office.js' })),
    'site.css': await styles(),
    'LICENCES.txt': await licences(),
  };
  for (const [ours, theirs] of Object.entries(LISTS)) files[`words-${ours}.txt`] = await wordList(theirs);
  const digest = (name) => createHash('sha256').update(files[name]).digest('hex');
  const sums = Object.keys(files)
    .sort()
    .map((name) => `${digest(name)}  ${name}\n`);
  files[SUMS] = Buffer.from(sums.join(''));
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
  return files;
}

async function check() {
  const folder = await mkdtemp(join(tmpdir(), 'quietline-build-'));
  try {
    const files = await buildInto(folder);
    const found = await readdir(DIST).catch(() => []);
    const names = new Set([...Object.keys(files), ...found]);
    const different = [];
    for (const name of [...names].sort()) {
      const built = files[name];
      const kept = found.includes(name) && (await readFile(join(DIST, name)));
      if (!built || !kept || !kept.equals(Buffer.from(built))) different.push(name);
    }
    return different;
  } finally {
    await rm(folder, { recursive: true });
  }
}

if (process.argv.includes('--check')) {
  const different = await check();
  if (different.length) {
    console.error(`dist/ is not what the sources give: ${different.join(', ')}. Run "npm run build" and commit dist/.`);
    process.exitCode = 1;
  } else {
    console.log('dist/ is what the sources give, byte for byte.');
  }
} else {
  await rm(DIST, { recursive: true, force: true });
  const files = await buildInto(DIST);
  console.log(`dist/: ${Object.keys(files).length} files, app.js ${files['app.js'].length} bytes`);
}
