// What the attributes and words of office files may say. An attribute that is listed (office-words.js
// and its like) holds a number, a colour, one of the format's own words; a text only where one is shown.

import { instruction, isAddress, isPath } from './office-fields.js';

/** @import { Attribute } from './xml.js' */
/**
 * Where a value stands, and what it may need; `owner` names what the part that led here calls a relation.
 * @typedef {{prefix: string, element: string, key: string, names: Names, attributes: Attribute[],
 *   owner?: (id: string) => string | null}} Place
 */
/** @typedef {(value: string, place: Place) => string | null} Rule the new value, or null for one that goes */
/** @typedef {(words: string, names: Names) => string | null} WordsRule the same for words */

/** What Word itself puts in the place of a name that it takes out. */
export const PLACEHOLDER_AUTHOR = 'Author';

const NUMBERED = /^(_x0000_|#_x0000_)\w+$/;
const PLAIN = /^[\w\s.,:;#%+()[\]*$!/'=?@{}&<>"~-]*$/;
const BUILT_IN_TABLE = /^(Table|Pivot)Style(Light|Medium|Dark)\d+$/;
// Word's own styles, by the names that it writes in every language.
const BUILT_IN = new RegExp(
  '^(normal( indent| table| \\(web\\))?|(heading|index|toc) \\d|(index|toc|toa|note) heading|header|footer|caption|' +
    '(footnote|endnote|annotation) (text|reference|subject)|table of (figures|authorities)|envelope (address|return)|' +
    '(line|page) number|macro|title|subtitle|closing|signature|salutation|date|default paragraph font|' +
    'list( (bullet|number|continue))?( \\d)?|list paragraph|body text( first)?( indent)?( \\d)?|message header|' +
    'block text|(followed|smart )?hyperlink|strong|document map|plain text|e-mail signature|' +
    'html (top of form|bottom of form|acronym|address|cite|code|definition|keyboard|preformatted|sample)|' +
    'html (typewriter|variable)|' +
    'no list|no spacing|outline list \\d|balloon text|placeholder text|revision|bibliography|book title|' +
    'quote|emphasis|(intense|subtle) (quote|emphasis|reference)|table (grid|theme|contemporary|elegant|' +
    'professional)|' +
    'table (simple|classic|colorful|columns|list|subtle|web|3d effects) \\d|table (grid|list)( (light|\\d))?|' +
    '(light|medium|dark|colorful) (shading|list|grid)( \\d)?( accent \\d)?|plain table \\d|' +
    '(grid|list) table (light|\\d( (light|dark|colorful))?)( accent \\d)?)$',
  'i',
);
const FORMATS = /^(http:\/\/schemas\.(openxmlformats\.org|microsoft\.com)\/|urn:microsoft\.com:)[\w:./#-]*$/;
const GOES = /^ppaction:\/\/(hlinksldjump|hlinkshowjump\?jump=\w+|noaction)$/;
// Another file, by its number or its name in brackets.
const ELSEWHERE = /(^|[^\w\][.@])\[(\d+|[^\][]*\.\w{1,5})\]|'[^']*\[[^']*\][^']*'!/;

/** Attributes that hold a text which is shown, or which a shown text names: "element@attribute". */
const TEXTS = new Set(
  `w:lvlText@val w:numFmt@format w:rFonts@ascii w:rFonts@cs w:rFonts@eastAsia w:rFonts@hAnsi w:font@name
  w:altName@val
  w:default@val w:listEntry@val w:noLineBreaksAfter@val w:noLineBreaksBefore@val w:name@val w:format@val w:sym@font
  m:chr@m:val m:begChr@m:val m:endChr@m:val m:sepChr@m:val m:mathFont@m:val
  m:chr@val m:begChr@val m:endChr@val m:sepChr@val m:mathFont@val
  x:sheet@name x:definedName@name x:table@name x:table@displayName x:tableColumn@name x:tableColumn@totalsRowLabel
  x:cellStyle@name x:name@val x:rFont@val x:numFmt@formatCode x:dataField@name x:cacheField@name x:cacheField@caption
  x:pivotField@name x:pivotField@subtotalCaption x:pivotTableDefinition@name x:item@n x:s@v x:e@v
  x:worksheetSource@name x:worksheetSource@sheet x:worksheetSource@ref x:rangeSet@name x:rangeSet@sheet x:pageItem@name
  x:pivotTableDefinition@dataCaption x:pivotTableDefinition@grandTotalCaption x:pivotTableDefinition@errorCaption
  x:pivotTableDefinition@missingCaption x:pivotTableDefinition@rowHeaderCaption
  x:pivotTableDefinition@colHeaderCaption x:hyperlink@location x:dataValidation@error x:dataValidation@errorTitle
  x:dataValidation@prompt x:dataValidation@promptTitle x:cfRule@text x:customFilter@val x:filter@val x:filter@name
  x:filter@stringValue1 x:filter@stringValue2 x:sortCondition@customList x:cfvo@val
  x:tableColumn@dataCellStyle x:tableColumn@headerRowCellStyle x:tableColumn@totalsRowCellStyle
  x:table@dataCellStyle x:table@headerRowCellStyle x:table@totalsRowCellStyle
  x14:cfRule@text x14:dataValidation@error x14:dataValidation@errorTitle x14:dataValidation@prompt
  x14:dataValidation@promptTitle xdr:sp@textlink
  a:latin@typeface a:ea@typeface a:cs@typeface a:sym@typeface a:font@typeface a:buFont@typeface a:buChar@char
  c:numFmt@formatCode c:pt@formatCode c15:numFmt@formatCode p:strVal@val v:textpath@string`.split(/\s+/),
);

const empty = () => '';
/**
 * @param {string} name
 * @returns {Rule}
 */
const called = (name) => () => name;
/**
 * @param {RegExp} pattern
 * @returns {(value: string) => string | null}
 */
const only = (pattern) => (value) => (pattern.test(value) ? value : null);
/**
 * @param {string} value
 * @returns {string | null}
 */
const formula = (value) => (isPath(value) || ELSEWHERE.test(value) ? null : value);
/** @type {Rule} */
const tableStyle = (value, { names }) =>
  BUILT_IN_TABLE.test(value) ? value : names.of('table style', value, 'Style ');

/**
 * Attributes with a rule of their own: (value, {names, attributes, owner}) gives the new one, or null.
 * @type {Record<string, Rule>}
 */
const RULES = {
  '@author': called(PLACEHOLDER_AUTHOR),
  '@initials': empty,
  'p:cmAuthor@name': called(PLACEHOLDER_AUTHOR),
  ...Object.fromEntries(
    `wp:docPr pic:cNvPr wps:cNvPr wpg:cNvPr xdr:cNvPr cdr:cNvPr p:cNvPr p:cSld a:cNvPr dsp:cNvPr a:theme a:clrScheme
    a:fmtScheme a:fontScheme`
      .split(/\s+/)
      .map((element) => [`${element}@name`, called('Object')]),
  ),
  'a:tblStyle@styleName': called('Style'),
  'a:tableStyle@styleName': called('Style'),
  'w:bookmarkStart@name': (value, { names }) => names.bookmark(value),
  'w:moveFromRangeStart@name': (value, { names }) => names.bookmark(value),
  'w:moveToRangeStart@name': (value, { names }) => names.bookmark(value),
  'w:hyperlink@anchor': (value, { names, attributes }) =>
    attributes.some(({ name }) => name === 'id') ? only(PLAIN)(value) : names.bookmark(value),
  'w:fldSimple@instr': (value, { names }) => instruction(value, names),
  'w:style@styleId': (value, { names }) => names.style(value),
  ...Object.fromEntries(
    'pStyle rStyle tblStyle basedOn next link numStyleLink styleLink'
      .split(' ')
      .map((element) => [`w:${element}@val`, /** @type {Rule} */ ((value, { names }) => names.style(value))]),
  ),
  'w:lang@val': () => null,
  'w:themeFontLang@val': () => null,
  'w:compatSetting@uri': only(/^http:\/\/schemas\.microsoft\.com\/office\/word$/),
  'x:cellStyle@name': (value, { names, attributes }) =>
    attributes.some(({ name }) => name === 'builtinId') ? value : names.of('cell style', value, 'Style '),
  'x:tableStyle@name': tableStyle,
  'x:tableStyleInfo@name': tableStyle,
  'x:pivotTableStyleInfo@name': tableStyle,
  'x:tableStyles@defaultTableStyle': tableStyle,
  'x:tableStyles@defaultPivotStyle': tableStyle,
  'x:hyperlink@location': formula,
  'x:worksheetSource@sheet': formula,
  'x:worksheetSource@ref': formula,
  'x:cacheField@formula': formula,
  'x:calculatedItem@formula': formula,
  'x14:cfRule@id': (value, { names }) => names.guid(value),
  'a:fld@id': (value, { names }) => names.guid(value),
  'a:hlinkClick@action': only(GOES),
  'a:hlinkHover@action': only(GOES),
  'a:hlinkMouseOver@action': only(GOES),
  'a:graphicData@uri': only(FORMATS),
  ...Object.fromEntries(
    `dgm:pt@modelId dgm:pt@cxnId dgm:cxn@modelId dgm:cxn@srcId dgm:cxn@destId dgm:cxn@parTransId dgm:cxn@sibTransId
    dgm:prSet@presAssocID dsp:sp@modelId`
      .split(/\s+/)
      .map((place) => [
        place,
        /** @type {Rule} */ ((value, { names }) => (value === '0' ? value : names.of('point', value, ''))),
      ]),
  ),
  ...Object.fromEntries(
    `dgm:layoutDef@uniqueId dgm:styleDef@uniqueId dgm:colorsDef@uniqueId dgm:prSet@loTypeId dgm:prSet@qsTypeId
    dgm:prSet@csTypeId`
      .split(/\s+/)
      .map((place) => [place, only(FORMATS)]),
  ),
  'dsp:dataModelExt@relId': (value, { owner }) => owner?.(value) ?? null,
  '@spid': (value, { prefix }) => (prefix === 'v' ? only(NUMBERED)(value) : only(PLAIN)(value)),
  'v:@id': only(NUMBERED),
  'v:@o:spid': only(NUMBERED),
  'o:@id': only(NUMBERED),
};

/**
 * An attribute's value as it may stay; null for one that goes. `place`: {prefix, element, key, …}.
 * @param {string} value
 * @param {Place} place
 * @returns {string | null}
 */
export function valueOf(value, place) {
  const { prefix, element, key } = place;
  const whole = `${prefix}:${element}@${key}`;
  const rule = RULES[whole] ?? RULES[`${prefix}:@${key}`] ?? RULES[`@${key}`];
  if (rule) return rule(value, place);
  if (TEXTS.has(whole)) return isPath(value) ? null : value;
  return PLAIN.test(value) && !isPath(value) ? value : null;
}

/** Elements whose words stay as they are. */
const WORDS = new Set(
  `w:t w:delText x:t x:v x:oddHeader x:oddFooter x:evenHeader x:evenFooter x:firstHeader x:firstFooter a:t m:t
  a:tableStyleId p:text p:attrName c:v c:formatCode c:separator c15:sqref xdr:col xdr:colOff xdr:row xdr:rowOff cdr:x
  cdr:y wp:align wp:posOffset wp14:pctWidth wp14:pctHeight wp14:pctPosHOffset wp14:pctPosVOffset xm:sqref
  xvml:Anchor xvml:AutoFill xvml:AutoLine xvml:Row xvml:Column xvml:Visible xvml:MoveWithCells xvml:SizeWithCells
  xvml:TextHAlign xvml:TextVAlign xvml:LockText xvml:Locked xvml:PrintObject`.split(/\s+/),
);

/** Elements whose words are what a reader sees: nothing with such words in it is left out unsaid. */
export const READ = new Set(['w:t', 'a:t', 'm:t', 'x:t', 'x:v']);

const FORMULAS = new Set(
  `x:f x:formula x:formula1 x:formula2 x:calculatedColumnFormula x:totalsRowFormula x:definedName xm:f c:f
  c15:f`.split(/\s+/),
);

/**
 * How an element's words may stay: (words, names) gives the new ones, or null for an element that goes;
 * undefined where no words belong.
 * @param {string} whole
 * @returns {WordsRule | undefined}
 */
export function wordsRule(whole) {
  if (WORDS.has(whole)) return (words) => words;
  if (whole === 'c:f' || whole === 'c15:f') return (words) => formula(words) ?? '#REF!';
  if (FORMULAS.has(whole)) return formula;
  if (whole === 'x:author') return () => PLACEHOLDER_AUTHOR;
  if (whole === 'x14:id') return (words, names) => names.guid(words);
  return undefined;
}

/** Names that lead from one place of a file to another, given anew in the order in which they are met. */
export class Names {
  marks = 0; // read in all parts
  /** @type {Map<string, string>} */
  #known = new Map();
  /** @type {Map<string, number>} */
  #counts = new Map();
  /** @type {Map<string, string>} */
  #titles = new Map();

  /**
   * @param {string} kind
   * @param {string} name
   * @param {string} before
   * @returns {string}
   */
  of(kind, name, before) {
    const key = `${kind} ${name}`;
    if (!this.#known.has(key)) {
      const count = (this.#counts.get(kind) ?? 0) + 1;
      this.#counts.set(kind, count);
      this.#known.set(key, `${before}${count}`);
    }
    return /** @type {string} */ (this.#known.get(key));
  }

  /**
   * Those that begin with a line are hidden, and stay so. Word's own hold the second of their making.
   * @param {string} name
   */
  bookmark(name) {
    return this.of('bookmark', name, name.startsWith('_') ? '_b' : 'b');
  }

  /** @param {string} id */
  style(id) {
    return this.of('style', id, 's');
  }

  /** @param {string} id */
  guid(id) {
    const count = Number(this.of('guid', id.toUpperCase(), ''));
    return `{00000000-0000-4000-8000-${count.toString(16).toUpperCase().padStart(12, '0')}}`;
  }

  /**
   * A style that is not Word's own, but of a house or a person, gets a title of no meaning.
   * @param {string} id
   * @param {string} title
   */
  title(id, title) {
    if (BUILT_IN.test(title)) return title;
    const plain = this.style(id).replace(/^s/, 'Style ');
    this.#titles.set(title.toLowerCase(), plain);
    return plain;
  }

  /**
   * Titles in a field: one, or a list of titles and levels.
   * @param {string} part
   */
  styles(part) {
    return part.replace(/[^",;]+/g, (title) => this.#titles.get(title.trim().toLowerCase()) ?? title);
  }
}

export { isAddress };
