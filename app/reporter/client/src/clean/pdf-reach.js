// What the pages of a PDF show now. Outlines, links and forms can still lead to pages that were taken out, and
// pages that were parted from others still list all fonts and pictures that those had: programs that delete a
// page leave both in the file.

import { PDFArray, PDFDict, PDFRawStream } from '@cantoo/pdf-lib';
import { Unreadable } from './bytes.js';
import { namesIn } from './pdf-content.js';
import { decoded } from './pdf-filters.js';
import { N } from './pdf-kinds.js';

/** @import { PDFObject } from '@cantoo/pdf-lib' */
/** @typedef {(value: PDFObject | undefined) => PDFObject | undefined} Look gives what a reference leads to */

/** Under "Resources": what content streams name. */
const NAMED = ['Font', 'XObject', 'ExtGState', 'Pattern', 'Shading', 'ColorSpace', 'Properties'];
const UNNAMED = ['DefaultGray', 'DefaultRGB', 'DefaultCMYK']; // stand for other colours, and no content stream names them
const UP = new Set(['Parent', 'P', 'Resources']); // what leads back, or is read with the content stream
const DEPTH_MAX = 200;

/**
 * The leaves of a tree of names, [name, value] each.
 * @param {Look} look
 * @param {PDFObject | undefined} tree
 * @returns {Generator<[PDFObject | undefined, PDFObject], void>}
 */
export function* leaves(look, tree) {
  const nodes = [look(tree)];
  const seen = new Set();
  while (nodes.length) {
    const node = nodes.pop();
    if (!(node instanceof PDFDict) || seen.has(node)) continue;
    seen.add(node);
    const list = (/** @type {string} */ key) => {
      const found = look(node.get(N(key)));
      return found instanceof PDFArray ? found.asArray() : [];
    };
    nodes.push(...list('Kids').map(look));
    const pairs = list('Names');
    for (let n = 0; n + 1 < pairs.length; n += 2) yield [look(pairs[n]), pairs[n + 1]];
  }
}

/**
 * Whether files are attached to a document, or it is nothing but a cover around them.
 * @param {Look} look
 * @param {PDFDict} root
 * @returns {boolean}
 */
export function holdsFiles(look, root) {
  const names = look(root.get(N('Names')));
  const belonging = look(root.get(N('AF')));
  const all = belonging instanceof PDFArray ? belonging.asArray() : [];
  if (names instanceof PDFDict) for (const [, file] of leaves(look, names.get(N('EmbeddedFiles')))) all.push(file);
  const files = all.map(look).filter((file) => file instanceof PDFDict && file.has(N('EF')));
  return files.length > 0 || root.has(N('Collection'));
}

/** What is reached from the pages that a document has. */
export class Reach {
  /** @type {Set<PDFDict>} */
  live = new Set(); // dictionaries of pages, of what holds them, and of annotations and fields on them
  /** @type {Map<PDFDict, Set<string>>} */
  #used = new Map(); // dictionary under "Resources" to the names in it that are drawn
  /** @type {Map<PDFObject, Set<PDFDict | null>>} */
  #seen = new Map(); // content stream or part to the resources by which it was read

  /**
   * Throws Unreadable for a document without a page, and for content streams that cannot be decoded.
   * @param {Look} look
   * @param {PDFDict} root
   */
  constructor(look, root) {
    this.look = look;
    const pages = [...this.#pages(root)];
    if (!pages.length) throw new Unreadable('no page');
    for (const [page, resources] of pages) this.#page(page, resources);
    const form = look(root.get(N('AcroForm')));
    const fonts = form instanceof PDFDict && look(form.get(N('DR')));
    if (fonts instanceof PDFDict) this.#all(fonts, 'Font');
  }

  /**
   * Whether a name in a dictionary under "Resources" is drawn by anything; so is all in any other.
   * @param {PDFDict} dict
   * @param {string} name
   * @returns {boolean}
   */
  draws(dict, name) {
    return this.#used.get(dict)?.has(name) ?? true;
  }

  /**
   * Resources that are copied: what nothing was found to draw of them is drawn by nothing.
   * @param {PDFDict} dict
   */
  resources(dict) {
    for (const kind of NAMED) {
      const part = this.look(dict.get(N(kind)));
      if (part instanceof PDFDict && !this.#used.has(part)) this.#used.set(part, new Set());
    }
  }

  /**
   * Each page with its resources, which it can have from above.
   * @param {PDFDict} root
   * @returns {Generator<[PDFDict, PDFDict | null], void>}
   */
  *#pages(root) {
    /** @type {[PDFObject | undefined, PDFDict | null][]} */
    const nodes = [[this.look(root.get(N('Pages'))), null]];
    for (let next = nodes.pop(); next; next = nodes.pop()) {
      const [node, above] = next;
      if (!(node instanceof PDFDict) || this.live.has(node)) continue;
      this.live.add(node);
      const own = this.look(node.get(N('Resources')));
      const resources = own instanceof PDFDict ? own : above;
      const kids = this.look(node.get(N('Kids')));
      if (kids instanceof PDFArray) for (const kid of kids.asArray()) nodes.push([this.look(kid), resources]);
      else yield [node, resources];
    }
  }

  /**
   * @param {PDFDict} page
   * @param {PDFDict | null} resources
   */
  #page(page, resources) {
    const contents = this.look(page.get(N('Contents')));
    const streams = contents instanceof PDFArray ? contents.asArray() : [contents];
    for (const stream of streams) this.#content(this.look(stream), resources, 0);
    const annotations = this.look(page.get(N('Annots')));
    for (const each of annotations instanceof PDFArray ? annotations.asArray() : []) {
      const annotation = this.look(each);
      this.#inside(annotation, resources, 0);
      /** @type {PDFObject | undefined} */
      let field = annotation;
      for (; field instanceof PDFDict && !this.live.has(field); ) {
        this.live.add(field);
        field = this.look(field.get(N('Parent')));
      }
    }
  }

  /**
   * Whether a content stream or a part was read by these resources before; from now on it was.
   * @param {PDFObject} part
   * @param {PDFDict | null} resources
   */
  #before(part, resources) {
    const known = this.#seen.get(part) ?? new Set();
    this.#seen.set(part, known);
    return known.size === known.add(resources).size;
  }

  /**
   * A content stream: what it names, and all that belongs to that.
   * @param {PDFObject | undefined} stream
   * @param {PDFDict | null} resources
   * @param {number} depth
   */
  #content(stream, resources, depth) {
    if (!(stream instanceof PDFRawStream) || !resources || this.#before(stream, resources)) return;
    const names = namesIn(decoded(stream), (name) => N(name).decodeText());
    for (const kind of NAMED) this.#take(resources, kind, (name) => names.has(name) || UNNAMED.includes(name), depth);
  }

  /**
   * @param {PDFDict} resources
   * @param {string} kind
   */
  #all(resources, kind) {
    this.#take(resources, kind, () => true, 0);
  }

  /**
   * @param {PDFDict} resources
   * @param {string} kind
   * @param {(name: string) => boolean} wanted
   * @param {number} depth
   */
  #take(resources, kind, wanted, depth) {
    const part = this.look(resources.get(N(kind)));
    if (!(part instanceof PDFDict)) return;
    const used = this.#used.get(part) ?? new Set();
    this.#used.set(part, used);
    for (const [key, value] of part.entries()) {
      const name = key.decodeText();
      if (!wanted(name)) continue;
      used.add(name);
      this.#inside(value, resources, depth + 1);
    }
  }

  /**
   * Content streams within a part, with the resources of their own or of what they stand in.
   * @param {PDFObject | undefined} value
   * @param {PDFDict | null} around
   * @param {number} depth
   */
  #inside(value, around, depth) {
    const part = this.look(value);
    if (depth > DEPTH_MAX) throw new Unreadable('too deep');
    if (part instanceof PDFArray) {
      if (!this.#before(part, around)) for (const each of part.asArray()) this.#inside(each, around, depth + 1);
      return;
    }
    const stream = part instanceof PDFRawStream ? part : null;
    const dict = stream ? stream.dict : part;
    if (!(dict instanceof PDFDict) || this.#before(dict, around)) return;
    const own = this.look(dict.get(N('Resources')));
    const resources = own instanceof PDFDict ? own : around;
    if (stream && dict.has(N('BBox'))) this.#content(stream, resources, depth);
    const glyphs = this.look(dict.get(N('CharProcs')));
    if (glyphs instanceof PDFDict) {
      for (const glyph of glyphs.values()) this.#content(this.look(glyph), resources, depth);
    }
    for (const [key, each] of dict.entries()) if (!UP.has(key.decodeText())) this.#inside(each, resources, depth + 1);
  }
}
