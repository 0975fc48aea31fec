// Word, Excel and PowerPoint files made anew: the parts that can be reached and are known, under names of
// no meaning, and of each what is listed. Who wrote them, when, with what, in which sitting and in which
// folder is in no list. Pictures inside are cleaned like others. What shows something and is not known
// makes it a file that cannot be cleaned.

import { Unreadable } from './bytes.js';
import { isAddress } from './office-fields.js';
import { cleanMarkup } from './office-markup.js';
import { CHARTS_SOURCE, KEPT, LEFT_OUT, PROGRAMS } from './office-parts.js';
import { Names } from './office-values.js';
import { jpeg, png } from './pictures.js';
import { escaped, marks, textOf } from './xml.js';
import { readZip, writeZip } from './zip.js';

/**
 * @import { Bytes, Cleaned, Revealed } from './bytes.js'
 * @import { Kept, Program } from './office-parts.js'
 * @import { Opening } from './xml.js'
 * @import { Parts } from './zip.js'
 */
/**
 * Where a part leads: `target` is a place in the package, or an address; `kind` is null for one of another hand.
 * @typedef {{id: string, kind: string | null, external: boolean, target: string}} Relation
 */
/** @typedef {{id: string, type: string, target: string, external?: boolean}} Written a relation as it is written */
/**
 * A part that waits for its turn; `owner` names what the part that led here calls a relation.
 * @typedef {{from: string, place: string, root?: string, kind?: string | null,
 *   owner?: (id: string) => string | null}} Waiting
 */

const PACKAGE = 'http://schemas.openxmlformats.org/package/2006/';
const RELATIONS = `${PACKAGE}relationships`;
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/';
// With the letters that LibreOffice takes for its properties, too.
const STANDARD = /^http:\/\/schemas\.openxmlformats\.org\/(package|office[dD]ocument)\/2006\/relationships\/[\w/-]+$/;
const MICROSOFT = /^http:\/\/schemas\.microsoft\.com\/office\/\d{4}\/(\d\d\/)?relationships\/[\w/]+$/;
const PARTS_MAX = 5000;
const CORE = 'docProps/core.xml';
const APP = 'docProps/app.xml';
const PROPERTIES = 'application/vnd.openxmlformats-officedocument.extended-properties+xml';
// LibreOffice draws files of Microsoft's programs, and among them those of 2007, in another way.
const drawnAs = (/** @type {Record<string, string>} */ app) =>
  `<Properties xmlns="${OFFICE.replace('/relationships/', '/extended-properties')}">` +
  `<Application>Microsoft</Application>${/^12\./.test(app.AppVersion) ? '<AppVersion>12.0000</AppVersion>' : ''}` +
  '</Properties>';

/** A relation's kind, by the last word of its type; null for one of another hand. */
const kindOf = (/** @type {string} */ type) =>
  STANDARD.test(type) || MICROSOFT.test(type) ? /** @type {string} */ (type.split('/').pop()) : null;

/**
 * Where a relation of a part leads, from the package's beginning.
 * @param {string} from
 * @param {string} target
 * @returns {string}
 */
function placeOf(from, target) {
  const steps = target.startsWith('/') ? [] : from.split('/').slice(0, -1);
  for (const step of target.split('/')) {
    if (step === '..') steps.pop();
    else if (step && step !== '.') steps.push(step);
  }
  return steps.join('/');
}

/**
 * A part's relations: [{id, kind, target, external}].
 * @param {Parts} parts
 * @param {string} name
 * @returns {Relation[]}
 */
function relationsOf(parts, name) {
  const [, folder, file] = /** @type {RegExpExecArray} */ (/^(.*\/)?([^/]*)$/.exec(name));
  const listed = parts.get(`${folder ?? ''}_rels/${file}.rels`);
  /** @type {Relation[]} */
  const found = [];
  if (!listed) return found;
  for (const { open } of marks(textOf(listed))) {
    if (open?.space !== RELATIONS || open.name !== 'Relationship') continue;
    const of = Object.fromEntries(open.attributes.map(({ name: key, value }) => [key, value]));
    const external = of.TargetMode === 'External';
    const target = of.Target ?? '';
    found.push({ id: of.Id, kind: kindOf(of.Type ?? ''), external, target: external ? target : placeOf(name, target) });
  }
  return found;
}

/**
 * Words of the first elements of these names in a part, by name.
 * @param {Bytes | undefined} bytes
 * @returns {Record<string, string>}
 */
function wordsIn(bytes) {
  /** @type {Record<string, string>} */
  const found = {};
  /** @type {string | null} */
  let name = null;
  for (const mark of bytes ? marks(textOf(bytes)) : []) {
    if (mark.open) ({ name } = mark.open);
    else if (mark.close) name = null;
    else if (name && mark.text?.trim()) found[name] ??= mark.text.trim();
  }
  return found;
}

/** One file on its way into another. */
class Office {
  /** @param {Parts} parts */
  constructor(parts) {
    this.parts = parts;
    this.names = new Names();
    /** @type {Revealed} */
    this.revealed = { place: null, time: null, device: null, author: null, other: false };
    /** @type {Map<string, Bytes | string>} */
    this.files = new Map(); // by the new name
    /** @type {Map<string, string>} */
    this.types = new Map(); // content types, by the new name
    /** @type {Map<string, string>} */
    this.called = new Map(); // the new name, by the old one and what it is
    /** @type {Map<string | null, number>} */
    this.counts = new Map();
    /** @type {Waiting[]} */
    this.waiting = [];
  }

  /** Everything that can be reached. */
  async all() {
    const beginning = relationsOf(this.parts, '');
    const main = beginning.filter(({ kind, external }) => kind === 'officeDocument' && !external);
    if (main.length !== 1) throw new Unreadable('no document, or several');
    this.ending = Object.keys(PROGRAMS).find((ending) => this.begins(main[0].target, PROGRAMS[ending].root));
    if (!this.ending) throw new Unreadable('another kind of zip');
    /** @type {Program} */
    this.program = PROGRAMS[this.ending];
    this.properties();
    for (const relation of beginning) {
      if (relation !== main[0] && !(this.app && relation.target === APP)) this.leave(relation);
    }
    this.styles(main[0].target);
    const { folder, name, root, type, kind } = this.program;
    const place = `${folder}/${name}.xml`;
    this.called.set(main[0].target, place);
    this.types.set(place, `${type}${kind}.main+xml`);
    this.waiting.push({ from: main[0].target, place, root });
    for (let n = 0; n < this.waiting.length; n += 1) await this.part(this.waiting[n]);
    const found = [{ id: 'rId1', type: `${OFFICE}officeDocument`, target: place }];
    if (this.app) found.push({ id: 'rId2', type: `${OFFICE}extended-properties`, target: APP });
    const written = new Map(
      /** @type {[string, Bytes | string][]} */ ([
        ['[Content_Types].xml', this.contentTypes()],
        ['_rels/.rels', relationsText(found)],
        ...this.files,
        ...(this.app ? [[APP, this.app]] : []),
      ]),
    );
    for (const [at, part] of written) if (typeof part === 'string') written.set(at, new TextEncoder().encode(part));
    return /** @type {Parts} */ (written);
  }

  /**
   * @param {string} name
   * @param {string} root
   */
  begins(name, root) {
    const part = this.parts.get(name);
    if (!part) return false;
    for (const { open } of marks(textOf(part))) {
      if (open) return open.name === root.slice(2) && open.space.startsWith('http://schemas.openxmlformats.org/');
    }
    return false;
  }

  /** What the file says of itself. */
  properties() {
    const core = wordsIn(this.parts.get(CORE));
    const app = wordsIn(this.parts.get(APP));
    const { revealed } = this;
    revealed.author = core.creator ?? core.lastModifiedBy ?? app.Company ?? app.Manager ?? null;
    revealed.time = core.created ?? core.modified ?? null;
    this.app = /^Microsoft/.test(app.Application) ? drawnAs(app) : null;
    if (this.app && textOf(/** @type {Bytes} */ (this.parts.get(APP))) === this.app) return;
    revealed.device = [app.Application, app.AppVersion].filter(Boolean).join(' ') || null;
    revealed.other ||= this.parts.has(APP);
  }

  /**
   * Titles of the styles, which fields name, before all else.
   * @param {string} main
   */
  styles(main) {
    const relation = relationsOf(this.parts, main).find(({ kind, external }) => kind === 'styles' && !external);
    const part = this.ending === 'docx' && relation && this.parts.get(relation.target);
    /** @type {string | null} */
    let style = null;
    for (const { open } of part ? marks(textOf(part)) : []) {
      const of = (/** @type {string} */ wanted) =>
        /** @type {Opening} */ (open).attributes.find(({ name }) => name === wanted)?.value;
      if (open?.name === 'style' && of('styleId')) {
        style = /** @type {string} */ (of('styleId'));
        this.names.style(style);
      } else if (open?.name === 'name' && style) {
        this.names.title(style, of('val') ?? '');
        style = null;
      }
    }
  }

  /**
   * Whether a relation is left out; throws for one that is not known.
   * @param {Relation} relation
   */
  leave({ kind, external }) {
    if (!external && !LEFT_OUT.has(/** @type {string} */ (kind)))
      throw new Unreadable(`a part that is not known: ${kind}`);
    this.revealed.other = true;
    return null;
  }

  /** @param {Waiting} waiting */
  async part({ from, place, root, owner, kind }) {
    const old = this.parts.get(from);
    if (!old) throw new Unreadable('a part that is not there');
    if (kind === 'image') {
      this.files.set(place, await this.picture(old));
      return;
    }
    const found = relationsOf(this.parts, from);
    /** @type {Map<string, string | null>} */
    const ids = new Map();
    /** @type {Written[]} */
    const relations = [];
    const called = (/** @type {string} */ id) => ids.get(id) ?? null;
    const related = (/** @type {string} */ id) => {
      const relation = found.find((each) => each.id === id);
      if (!ids.has(id)) ids.set(id, relation ? this.relate(relation, relations, called) : null);
      return ids.get(id);
    };
    const alone = found.filter((each) => !each.external && this.kept(each.kind)?.alone);
    for (const each of found) if (!this.kept(each.kind)) this.known(each, kind);
    const learn = (/** @type {string | null} */ what, /** @type {string | undefined} */ who) => {
      if (what === 'author') this.revealed.author ??= /** @type {string} */ (who).trim() || null;
      if (what) this.revealed.other = true;
    };
    const text = await cleanMarkup(textOf(old), {
      root: /** @type {string} */ (root),
      names: this.names,
      related,
      owner,
      learn,
    });
    for (const each of alone) related(each.id);
    if (found.length > relations.length) this.revealed.other = true;
    this.files.set(place, text);
    if (!relations.length) return;
    const [, folder, file] = /** @type {RegExpExecArray} */ (/^(.*\/)([^/]*)$/.exec(place));
    this.files.set(`${folder}_rels/${file}.rels`, relationsText(relations, place));
  }

  /**
   * @param {string | null | undefined} kind
   * @returns {Partial<Kept> | null}
   */
  kept(kind) {
    if (kind === 'image') return { folder: 'media/' };
    const parts = KEPT[/** @type {string} */ (this.ending)];
    return parts.get(/** @type {string} */ (kind)) ?? KEPT.all.get(/** @type {string} */ (kind)) ?? null;
  }

  /**
   * Throws for a relation that is neither taken nor left out.
   * @param {Relation} relation
   * @param {string | null | undefined} within
   */
  known(relation, within) {
    const source = within === 'chart' && relation.kind === CHARTS_SOURCE;
    if (!source && relation.kind !== 'hyperlink') this.leave(relation);
  }

  /**
   * What a relation is called now; null for one that is left out.
   * @param {Relation} relation
   * @param {Written[]} relations
   * @param {(id: string) => string | null} owner
   * @returns {string | null}
   */
  relate(relation, relations, owner) {
    const { kind, target, external } = relation;
    const id = `rId${relations.length + 1}`;
    if (external) {
      if (kind !== 'hyperlink' || !isAddress(target)) return null;
      relations.push({ id, type: `${OFFICE}hyperlink`, target, external });
      return id;
    }
    const kept = this.kept(kind);
    if (!kept) return null;
    const place = this.called.get(target) ?? this.later(target, { ...kept, kind: /** @type {string} */ (kind), owner });
    const type = kind === 'diagramDrawing' ? 'http://schemas.microsoft.com/office/2007/relationships/' : OFFICE;
    relations.push({ id, type: `${type}${kind}`, target: place });
    return id;
  }

  /**
   * Take a part in its turn; where it will be.
   * @param {string} target
   * @param {Partial<Kept> & Pick<Waiting, 'owner'> & {kind: string}} part
   */
  later(target, { root, type, folder, kind, owner }) {
    if (this.waiting.length > PARTS_MAX) throw new Unreadable('too many parts');
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    const ending = kind === 'image' ? pictureKind(this.parts.get(target)) : kind === 'vmlDrawing' ? 'vml' : 'xml';
    const stem = kind === 'worksheet' ? 'sheet' : kind; // where simple readers look
    const single = folder === '' && count === 1 && !/^(header|footer)$/.test(kind);
    const place = `${this.program.folder}/${folder}${stem}${single ? '' : count}.${ending}`;
    this.called.set(target, place);
    if (kind !== 'image')
      this.types.set(place, type === '.' ? `${this.program.type}${kind}+xml` : /** @type {string} */ (type));
    this.waiting.push({ from: target, place, root, owner, kind });
    return place;
  }

  /** @param {Bytes | undefined} bytes */
  async picture(bytes) {
    const cleaned = (pictureKind(bytes) === 'png' ? png : jpeg)(/** @type {Bytes} */ (bytes));
    this.revealed.place ??= cleaned.revealed.place;
    this.revealed.time ??= cleaned.revealed.time;
    this.revealed.device ??= cleaned.revealed.device;
    this.revealed.other ||= cleaned.revealed.other;
    return new Uint8Array(await new Blob(cleaned.parts).arrayBuffer());
  }

  contentTypes() {
    const defaults = {
      rels: 'application/vnd.openxmlformats-package.relationships+xml',
      xml: 'application/xml',
      jpeg: 'image/jpeg',
      png: 'image/png',
    };
    const line = (/** @type {string[]} */ [ending, type]) => `<Default Extension="${ending}" ContentType="${type}"/>`;
    const lines = Object.entries(defaults).map(line);
    for (const [place, type] of this.types) lines.push(`<Override PartName="/${place}" ContentType="${type}"/>`);
    if (this.app) lines.push(`<Override PartName="/${APP}" ContentType="${PROPERTIES}"/>`);
    return `<Types xmlns="${PACKAGE}content-types">${lines.join('')}</Types>`;
  }
}

/**
 * By its first bytes; throws for a picture that nobody here can clean.
 * @param {Bytes | undefined} bytes
 */
function pictureKind(bytes) {
  if (bytes?.[0] === 0xff && bytes[1] === 0xd8) return 'jpeg';
  if (bytes?.[0] === 0x89 && bytes[1] === 0x50) return 'png';
  throw new Unreadable('a picture of another kind');
}

/**
 * @param {Written[]} relations
 * @param {string} [from]
 */
function relationsText(relations, from = '') {
  const [folder, ...folders] = from.split('/').slice(0, -1); // all parts lie in one folder, or below it
  const lines = relations.map(({ id, type, target, external }) => {
    const inside = () =>
      folder === undefined ? target : '../'.repeat(folders.length) + target.slice(folder.length + 1);
    const leads = external ? `${escaped(target, true)}" TargetMode="External` : inside();
    return `<Relationship Id="${id}" Type="${type}" Target="${leads}"/>`;
  });
  return `<Relationships xmlns="${RELATIONS}">${lines.join('')}</Relationships>`;
}

/**
 * A Word, Excel or PowerPoint file's bytes: {parts, revealed, ending, type}.
 * @param {Bytes} bytes
 * @returns {Promise<Cleaned>}
 */
export async function copy(bytes) {
  const file = new Office(await readZip(bytes));
  const written = await file.all();
  const { type, kind } = file.program;
  return { parts: await writeZip(written), revealed: file.revealed, ending: file.ending, type: `${type}${kind}` };
}
