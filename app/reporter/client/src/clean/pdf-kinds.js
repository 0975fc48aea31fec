// What each dictionary of a PDF is, and what its keys lead to: by that it is copied, or not.

import { PDFDict, PDFHexString, PDFName, PDFString } from '@cantoo/pdf-lib';
import { ACTIONS, ADDRESS, FIELD_NAME, KEPT, NAMED } from './pdf-keys.js';

/**
 * @import { PDFObject } from '@cantoo/pdf-lib'
 * @import { Keys } from './pdf-keys.js'
 * @import { Look } from './pdf-reach.js'
 */

/** @param {string} text */
export const N = (text) => PDFName.of(text);
/**
 * @param {unknown} value
 * @returns {value is PDFString | PDFHexString}
 */
export const isText = (value) => value instanceof PDFString || value instanceof PDFHexString;

/** The dictionaries of one PDF. */
export class Kinds {
  /** @param {Look} look */
  constructor(look) {
    this.look = look;
  }

  /** @param {PDFObject | undefined} value */
  nameOf(value) {
    const found = this.look(value);
    return found instanceof PDFName ? found.decodeText() : null;
  }

  /**
   * What a dictionary is: a page is reached from an outline, too; of appearances, some have states of their own.
   * @param {PDFDict} dict
   * @param {string} kind
   * @returns {string}
   */
  of(dict, kind) {
    const type = this.nameOf(dict.get(N('Type')));
    if (kind === 'dest') return type === 'Page' ? 'pages' : 'none';
    if (kind === 'appearance' || kind === 'glyphs' || kind === 'plain') return kind;
    if (kind === 'xobject' && !dict.has(N('Subtype')) && !dict.has(N('BBox'))) return 'appearance_states';
    if (kind === 'pattern' && dict.has(N('ShadingType'))) return 'shading';
    return kind;
  }

  /**
   * The kind of what a key leads to; null for one that is not copied, "anew" for a name of no meaning.
   * @param {PDFDict} dict
   * @param {string} kind
   * @param {string} name
   * @returns {string | null}
   */
  leads(dict, kind, name) {
    if (NAMED.has(kind)) return /** @type {string} */ (NAMED.get(kind));
    if (kind === 'layer' && name === 'Name') return 'anew';
    if (kind === 'layer' && name === 'P' && this.nameOf(dict.get(N('Type'))) !== 'OCMD') return null;
    if (kind === 'annotation') {
      if (name === FIELD_NAME && this.isField(dict)) return 'anew';
      if (name === 'Contents' && this.isNamed(dict)) return null;
      if (name === 'Parent' && !this.isField(dict)) return null;
    }
    const leads = /** @type {Keys} */ (KEPT.get(kind)).get(name) ?? null;
    if (leads === 'action' && !this.isAllowed(this.look(dict.get(N(name))))) return null;
    return leads;
  }

  /**
   * Links and fields show nothing of what they say of themselves.
   * @param {PDFDict} dict
   */
  isNamed(dict) {
    return ['Link', 'Widget'].includes(/** @type {string} */ (this.nameOf(dict.get(N('Subtype')))));
  }

  /** @param {PDFDict} dict */
  isField(dict) {
    return dict.has(N('FT')) || dict.has(N('Kids')) || this.nameOf(dict.get(N('Subtype'))) === 'Widget';
  }

  /** @param {PDFObject | undefined} action */
  isAllowed(action) {
    if (!(action instanceof PDFDict)) return false;
    const does = this.nameOf(action.get(N('S')));
    if (does !== 'URI') return ACTIONS.has(/** @type {string} */ (does));
    const address = this.look(action.get(N('URI')));
    return isText(address) && ADDRESS.test(address.decodeText());
  }
}
