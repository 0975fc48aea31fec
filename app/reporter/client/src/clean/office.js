// Word, Excel and PowerPoint files without who wrote them, when, and in which sitting: out of the
// properties, of comments and of changes. Pictures inside are cleaned like others; previews, printers
// and notes of programs are left out; the text stays. Only parts that are known here are taken:
// another file inside, a program, a path on somebody's disk, and it is a file that cannot be cleaned.

import { Unreadable } from './bytes.js';
import { jpeg, png } from './pictures.js';
import { readZip, writeZip } from './zip.js';

const TYPES = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
};
const MAIN = { docx: 'word/document.xml', xlsx: 'xl/workbook.xml', pptx: 'ppt/presentation.xml' };

const LEFT_OUT =
  /^docProps\/(thumbnail\.\w+|custom\.xml)$|^customXml\/|^word\/people\.xml$|^(xl|ppt)\/printerSettings\//;
const RELATIONS = /^([\w-]+\/)*_rels\/[\w.-]*\.rels$/;
const MARKUP = /^(\[Content_Types\]\.xml|(word|xl|ppt)\/([\w-]+\/)*[\w-]+\.(xml|vml))$/;
const PICTURE = /^(word|xl|ppt)\/media\/[\w-]+\.(jpe?g|png)$/i;
// Other people's names under ids of their own, other files, pictures that nobody here can clean.
const UNKNOWN = new RegExp(
  '(^|/)(persons|threadedComments|externalLinks|embeddings|activeX|ink|changesInfos|revisions|tags)/' +
    '|^xl/connections\\.xml$',
);
// What is looked for below stands in double quotes, as office programs write it.
const OTHERWISE_QUOTED = new RegExp(
  '<(?![?!])[^<>]*?\\s([\\w-]+:)?' +
    '(author|initials|date|dateUtc|rsid\\w*|userName|userId|providerId|dt|created|name|Target|TargetMode)' +
    "(\\s*=\\s*'|\\s+=|=\\s)",
);

const CORE = 'docProps/core.xml';
const APP = 'docProps/app.xml';
const EMPTY = {
  [CORE]:
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
  [APP]: '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>',
};
const NOBODY = 'Author'; // what Word itself puts in the place of a name that it takes out

const text = (bytes) => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Unreadable('not UTF-8');
  }
};
const plain = (markup) =>
  markup.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&amp;/g, '&').trim();
const inside = (markup, name) => plain(new RegExp(`<${name}\\b[^>]*>([^<]*)</${name}>`).exec(markup)?.[1] ?? '');

/** Which of the three it is, by its main part; null for any other zip. */
const endingOf = (parts) => Object.keys(MAIN).find((ending) => parts.has(MAIN[ending])) ?? null;

function readProperties(parts, told) {
  const core = parts.has(CORE) ? text(parts.get(CORE)) : '';
  const app = parts.has(APP) ? text(parts.get(APP)) : '';
  told.author = inside(core, 'dc:creator') || inside(core, 'cp:lastModifiedBy') || inside(app, 'Company') || null;
  told.time = inside(core, 'dcterms:created') || inside(core, 'dcterms:modified') || null;
  told.device = [inside(app, 'Application'), inside(app, 'AppVersion')].filter(Boolean).join(' ') || null;
  told.other = /<(cp|dc|dcterms):\w/.test(core.replace(/<\/?cp:coreProperties/g, '')) || /<\w+>/.test(app);
}

const quoted = (markup) => {
  if (OTHERWISE_QUOTED.test(markup)) throw new Unreadable('markup of another hand');
  return markup;
};

/** A part's markup without names, dates and sittings; `told` learns what there was. */
function cleanMarkup(name, markup, told) {
  const learn = (found) => {
    const who = plain(found);
    if (who && who !== NOBODY) told.author ??= who;
  };
  const drop = () => {
    told.other = true;
    return '';
  };
  let clean = quoted(markup)
    .replace(/<!--[\s\S]*?-->/g, drop)
    .replace(/\s([\w-]+):(author|initials)="([^"]*)"/g, (_, space, what, who) => {
      learn(what === 'author' ? who : '');
      return ` ${space}:${what}="${what === 'author' ? NOBODY : ''}"`;
    })
    .replace(/\s[\w-]+:(date|dateUtc)="[^"]*"/g, drop)
    .replace(/\s[\w-]+:rsid\w*="[^"]*"/g, drop)
    .replace(/<([\w-]+):rsids>[\s\S]*?<\/\1:rsids>/g, drop)
    .replace(/<[\w-]+:attachedTemplate\b[^>]*\/>/g, drop)
    .replace(/<([\w-]+):docVars>[\s\S]*?<\/\1:docVars>/g, drop)
    .replace(/<x15ac:absPath\b[^>]*\/>/g, drop)
    .replace(/\suserName="[^"]+"/g, () => drop() + ' userName=""')
    .replace(/(<pageSetup\b[^>]*?)\sr:id="[^"]*"/g, '$1');
  if (/^xl\/comments/.test(name)) {
    clean = clean.replace(/<author>([^<]*)<\/author>/g, (_, who) => {
      learn(who);
      return `<author>${NOBODY}</author>`;
    });
  }
  if (/^ppt\/(commentAuthors|authors)\.xml$/.test(name)) {
    clean = clean
      .replace(/\sname="([^"]*)"/g, (_, who) => {
        learn(who);
        return ` name="${NOBODY}"`;
      })
      .replace(/\s(initials|userId|providerId)="[^"]*"/g, ' $1=""');
  }
  if (/^ppt\/comments\//.test(name)) clean = clean.replace(/\s(dt|created)="[^"]*"/g, drop);
  return clean;
}

/** Relations without those to what is left out; none may lead to somebody's disk. */
function cleanRelations(markup) {
  return quoted(markup).replace(/<Relationship\b[^>]*\/?>/g, (relation) => {
    const target = /\sTarget="([^"]*)"/.exec(relation)?.[1] ?? '';
    if (/\/attachedTemplate"/.test(relation)) return '';
    if (/\sTargetMode="External"/.test(relation)) {
      if (!/^(https?:|mailto:)/i.test(target)) throw new Unreadable('a path on a disk');
      return relation;
    }
    return /thumbnail|custom-properties|customXml|people\.xml|printerSettings/.test(target + relation) ? '' : relation;
  });
}

/** Office: {parts, told, ending, type}. */
export async function office(bytes) {
  const parts = await readZip(bytes);
  const ending = endingOf(parts);
  if (!ending) throw new Unreadable('another kind of zip');
  const told = { place: null, time: null, device: null, author: null, other: false };
  readProperties(parts, told);
  const kept = new Map();
  for (const [name, part] of parts) {
    if (LEFT_OUT.test(name)) {
      told.other = true;
      continue;
    }
    if (UNKNOWN.test(name)) throw new Unreadable('an unknown part');
    const picture = PICTURE.exec(name);
    if (EMPTY[name]) kept.set(name, EMPTY[name]);
    else if (RELATIONS.test(name)) kept.set(name, cleanRelations(text(part)));
    else if (MARKUP.test(name)) kept.set(name, cleanMarkup(name, text(part), told));
    else if (picture) {
      const cleaned = (picture[2].toLowerCase() === 'png' ? png : jpeg)(part);
      for (const what of ['place', 'time', 'device']) told[what] ??= cleaned.told[what];
      told.other ||= cleaned.told.other;
      kept.set(name, new Uint8Array(await new Blob(cleaned.parts).arrayBuffer()));
    } else throw new Unreadable('an unknown part');
  }
  const types = '[Content_Types].xml';
  if (!kept.has(types)) throw new Unreadable('no list of types');
  const listed = kept.get(types).replace(/<Override\b[^>]*\sPartName="\/([^"]*)"[^>]*\/>/g, (all, part) =>
    LEFT_OUT.test(part) ? '' : all,
  );
  kept.set(types, listed);
  for (const [name, part] of kept) if (typeof part === 'string') kept.set(name, new TextEncoder().encode(part));
  return { parts: await writeZip(kept), told, ending, type: TYPES[ending] };
}
