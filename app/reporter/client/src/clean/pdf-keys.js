// What a PDF's clean copy is made of, dictionary by dictionary: the keys of ISO 32000-1's tables that show
// something. No other key stays, so neither what programs write beside them (PTEX.FileName, PieceInfo),
// nor what the standard has for people, machines and days (Metadata, LastModified, OPI, Measure).

/** @typedef {Map<string, string>} Keys what each key leads to, by kind: see pdf-copy.js */

/**
 * @param {string} plain
 * @param {Record<string, string>} [leading]
 * @returns {Keys}
 */
const listed = (plain, leading = {}) =>
  new Map([
    ...plain
      .split(/\s+/)
      .filter(Boolean)
      .map((key) => /** @type {[string, string]} */ ([key, 'plain'])),
    ...Object.entries(leading),
  ]);

// Tables 38 to 42 and 74 to 78, which stand where colours do.
const FUNCTION = 'FunctionType Domain Range Size BitsPerSample Order Encode Decode C0 C1 N Bounds';

/** Keys by part, each with the part that it leads to; "plain" are numbers, names, texts and lists of them. */
export const KEPT = new Map(
  Object.entries({
    // Table 28. Not: Metadata, PieceInfo, Lang, Names, actions, signatures' rights, threads, the structure.
    document: listed('Type Version PageLayout PageMode', {
      Pages: 'pages',
      PageLabels: 'numbers',
      Outlines: 'outline',
      OCProperties: 'layering',
      ViewerPreferences: 'viewer',
      AcroForm: 'form',
    }),
    // Tables 37 and 159: how pages are numbered.
    numbers: listed('Limits Type S P St', { Nums: 'numbers', Kids: 'numbers' }),
    // Table 150.
    viewer: listed('HideToolbar HideMenubar HideWindowUI FitWindow CenterWindow NonFullScreenPageMode Direction'),
    // Tables 152 and 153.
    outline: listed('Type Title Count C F', {
      First: 'outline',
      Last: 'outline',
      Parent: 'outline',
      Prev: 'outline',
      Next: 'outline',
      Dest: 'dest',
      A: 'action',
    }),
    // Tables 198, 199, 206 and 212: what a link may do.
    action: listed('Type S URI IsMap N', { D: 'dest' }),
    dest: listed(''),
    // Tables 29 and 30. Not: LastModified, PieceInfo, Metadata, Thumb, actions, web pages' origins.
    pages: listed('Type Count MediaBox CropBox BleedBox TrimBox ArtBox Rotate UserUnit Tabs', {
      Parent: 'pages',
      Kids: 'pages',
      Resources: 'resources',
      Contents: 'content',
      Group: 'group',
      Annots: 'annotation',
    }),
    content: listed(''),
    // Table 33.
    resources: listed('ProcSet', {
      Font: 'fonts',
      XObject: 'xobjects',
      ExtGState: 'states',
      ColorSpace: 'colours',
      Pattern: 'patterns',
      Shading: 'shadings',
      Properties: 'layers',
    }),
    // Tables 111 to 121.
    font: listed('Type Subtype Name BaseFont FirstChar LastChar Widths DW W DW2 W2 FontBBox FontMatrix', {
      FontDescriptor: 'descriptor',
      Encoding: 'encoding',
      ToUnicode: 'encoding',
      DescendantFonts: 'font',
      CIDSystemInfo: 'collection',
      CIDToGIDMap: 'bytes',
      CharProcs: 'glyphs',
      Resources: 'resources',
    }),
    collection: listed('Registry Ordering Supplement'),
    encoding: listed('Type BaseEncoding Differences CMapName WMode', {
      CIDSystemInfo: 'collection',
      UseCMap: 'encoding',
    }),
    // Tables 122 and 126. Not: FontFamily, CharSet, Lang.
    descriptor: listed(
      `Type FontName FontStretch FontWeight Flags FontBBox ItalicAngle Ascent Descent Leading CapHeight XHeight StemV
    StemH AvgWidth MaxWidth MissingWidth`,
      { FontFile: 'bytes', FontFile2: 'bytes', FontFile3: 'bytes', CIDSet: 'bytes' },
    ),
    bytes: listed('Subtype Length1 Length2 Length3'),
    // Tables 58, 130 and 144.
    state: listed('Type LW LC LJ ML D RI OP op OPM FL SM SA BM CA ca AIS TK', {
      Font: 'font',
      SMask: 'softmask',
      HT: 'halftone',
      BG: 'function',
      BG2: 'function',
      UCR: 'function',
      UCR2: 'function',
      TR: 'function',
      TR2: 'function',
    }),
    softmask: listed('Type S BC', { G: 'xobject', TR: 'function' }),
    halftone: listed('Type HalftoneType Frequency Angle AccurateScreens Width Height Width2 Height2 Xsquare Ysquare', {
      SpotFunction: 'function',
      TransferFunction: 'function',
      Default: 'halftone',
    }),
    function: listed(FUNCTION, { Functions: 'function' }),
    // Tables 62 to 66 and 71 to 73; not: what a profile says of itself in Metadata.
    colour: listed(`${FUNCTION} WhitePoint BlackPoint Gamma Matrix Subtype Components`, {
      Functions: 'function',
      Alternate: 'colour',
      Colorants: 'colours',
      Process: 'colour',
      ColorSpace: 'colour',
    }),
    // Tables 75 to 84.
    pattern: listed('Type PatternType PaintType TilingType BBox XStep YStep Matrix', {
      Resources: 'resources',
      Shading: 'shading',
      ExtGState: 'state',
    }),
    shading: listed(
      `ShadingType Background BBox AntiAlias Domain Coords Extend Matrix BitsPerCoordinate BitsPerComponent BitsPerFlag
    Decode VerticesPerRow`,
      { ColorSpace: 'colour', Function: 'function' },
    ),
    // Tables 89, 95 and 96. Not: Metadata, PieceInfo, LastModified, OPI, Ref, Alternates, PTEX.FileName.
    xobject: listed(
      `Type Subtype Name Width Height BitsPerComponent Intent ImageMask Decode Interpolate SMaskInData Matte FormType
    BBox Matrix`,
      { ColorSpace: 'colour', Mask: 'xobject', SMask: 'xobject', Resources: 'resources', Group: 'group', OC: 'layer' },
    ),
    group: listed('Type S I K', { CS: 'colour' }),
    // Tables 8 and 11: the parameters of filters.
    filter: listed(
      `Predictor Colors BitsPerComponent Columns EarlyChange K EndOfLine EncodedByteAlign Rows EndOfBlock BlackIs1
    DamagedRowsBeforeError ColorTransform`,
    ),
    // Tables 98 to 103: layers, whose names are given anew. Of what else marked content names, nothing is kept.
    layering: listed('', { OCGs: 'layer', D: 'layerings' }),
    layerings: listed('BaseState Intent ListMode Event Category', {
      ON: 'layer',
      OFF: 'layer',
      AS: 'layerings',
      OCGs: 'layer',
      Order: 'layer',
      RBGroups: 'layer',
      Locked: 'layer',
    }),
    layer: listed('Type Name Intent P', { Usage: 'usage', OCGs: 'layer', VE: 'layer' }),
    usage: listed('ExportState ViewState PrintState Subtype min max', {
      Export: 'usage',
      View: 'usage',
      Print: 'usage',
      Zoom: 'usage',
    }),
    // Tables 164 to 190. Not: T (who, except of a field: see below), M, CreationDate, NM, Subj, RC, Popup, TU.
    annotation: listed(
      `Type Subtype Rect Contents F AS Border C CA H QuadPoints L LE LL LLE LLO Cap CP CO IC Vertices InkList RD CL IT Sy
    Name Open State StateModel RT DA DS Q FT Ff V DV Opt TI I MaxLen`,
      {
        AP: 'appearance',
        Dest: 'dest',
        A: 'action',
        BS: 'border',
        BE: 'border',
        IRT: 'annotation',
        OC: 'layer',
        MK: 'button',
        Parent: 'annotation',
        Kids: 'annotation',
      },
    ),
    border: listed('Type W S D I'),
    button: listed('R BC BG CA RC AC TP SW S A FB', { I: 'xobject', RI: 'xobject', IX: 'xobject', IF: 'button' }),
    form: listed('DA Q NeedAppearances', { Fields: 'annotation', DR: 'resources' }),
  }),
);

/** Where keys are names that the file gave: every one is copied, and leads to this. */
export const NAMED = new Map(
  Object.entries({
    fonts: 'font',
    xobjects: 'xobject',
    states: 'state',
    colours: 'colour',
    patterns: 'pattern',
    shadings: 'shading',
    layers: 'layer',
    glyphs: 'content',
    appearance: 'xobject',
    appearance_states: 'xobject',
  }),
);

/** Of a field T is its name, of any other annotation who made it. */
export const FIELD_NAME = 'T';

/** Of a stream, its filters. */
export const FILTER_KEYS = new Map([
  ['Filter', 'plain'],
  ['DecodeParms', 'filter'],
]);

/** What a reporter need not be told of when it is left out: it leads to what is not copied, or is counted anew. */
export const DEAD = new Set(['StructParent', 'StructParents', 'Length', 'P', 'Popup', 'Dests', 'Names']);

/** An annotation's keys whose being there tells. */
export const SIGNED = new Set(['T', 'M', 'CreationDate', 'NM', 'Subj', 'RC']);

/** Annotations that are copied; a sound, a film, a file inside make it a PDF that cannot be cleaned. */
export const ANNOTATIONS = new Set([
  'Link',
  'Widget',
  'Text',
  'FreeText',
  'Highlight',
  'Underline',
  'StrikeOut',
  'Squiggly',
  'Line',
  'Square',
  'Circle',
  'Polygon',
  'PolyLine',
  'Ink',
  'Stamp',
  'Caret',
]);

/** Nothing of these is copied, and nothing is cleaned that needs them. */
export const UNKNOWN = new Set([
  'Filespec',
  'F',
  'EmbeddedFile',
  'Sig',
  'SigRef',
  'DocTimeStamp',
  'Rendition',
  'MediaClip',
  'Catalog',
  'Metadata',
]);

/** Keys of what holds other files. */
export const HOLDERS = ['EF', 'RF', 'XFA'];

/** What a link may do; anything else is left out. */
export const ACTIONS = new Set(['URI', 'GoTo', 'Named']);
export const ADDRESS = /^(https?:|mailto:|tel:)/i;

/** Filters of what is shown. Not JPXDecode and JBIG2Decode, whose images can hold notes that
 * nothing here can look into. */
export const FILTERS = new Set([
  'FlateDecode',
  'LZWDecode',
  'ASCII85Decode',
  'ASCIIHexDecode',
  'RunLengthDecode',
  'CCITTFaxDecode',
  'DCTDecode',
]);
