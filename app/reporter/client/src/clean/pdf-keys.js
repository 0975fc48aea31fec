// What a PDF's clean copy is made of, by the part of the file: ISO 32000-1, the tables named below.
// The document, its pages and remarks take only the keys that are listed; what they lead to (fonts,
// colours, pictures, chapters) takes all but those that tell of people, programs and machines.

/** Keys by part, each with the part that it leads to; "shown" is everything without a list. */
export const KEPT = {
  // Table 28. Not: Metadata, PieceInfo, Lang, actions, signatures' rights, files, threads, the structure.
  document: {
    Type: 'shown', Version: 'shown', Pages: 'pages', PageLabels: 'shown', Dests: 'named', Names: 'names',
    Outlines: 'shown', OCProperties: 'shown', PageLayout: 'shown', PageMode: 'shown',
    ViewerPreferences: 'shown', AcroForm: 'form',
  },
  names: { Dests: 'shown' },
  // Tables 198, 199, 206 and 212: what a link may do.
  action: { Type: 'shown', S: 'shown', URI: 'shown', IsMap: 'shown', D: 'shown', N: 'shown' },
  // Tables 29 and 30. Not: LastModified, PieceInfo, Metadata, Thumb, actions, web pages' origins.
  pages: {
    Type: 'shown', Parent: 'pages', Kids: 'pages', Count: 'shown', Resources: 'resources', MediaBox: 'shown',
    CropBox: 'shown', BleedBox: 'shown', TrimBox: 'shown', ArtBox: 'shown', Rotate: 'shown', UserUnit: 'shown',
    Contents: 'drawing', Group: 'shown', Annots: 'remark', Tabs: 'shown',
  },
  // Tables 164 to 190. Not: T (who, except of a field: see below), M, CreationDate, NM, Subj, RC, Popup.
  remark: {
    Type: 'shown', Subtype: 'shown', Rect: 'shown', Contents: 'shown', F: 'shown', AP: 'looks', AS: 'shown',
    Border: 'shown', C: 'shown', CA: 'shown', H: 'shown', Dest: 'shown', A: 'action', QuadPoints: 'shown',
    L: 'shown', LE: 'shown', LL: 'shown', LLE: 'shown', LLO: 'shown', Cap: 'shown', CP: 'shown', CO: 'shown',
    BS: 'shown', BE: 'shown', IC: 'shown', Vertices: 'shown', InkList: 'shown', RD: 'shown', CL: 'shown',
    IT: 'shown', Sy: 'shown', Name: 'shown', Open: 'shown', State: 'shown', StateModel: 'shown', IRT: 'remark',
    RT: 'shown', DA: 'shown', DS: 'shown', Q: 'shown', OC: 'shown', MK: 'shown', FT: 'shown', Ff: 'shown',
    V: 'shown', DV: 'shown', TU: 'shown', Opt: 'shown', TI: 'shown', I: 'shown', MaxLen: 'shown',
    Parent: 'remark', Kids: 'remark',
  },
  // Tables 98 and 99, layers: of what else a drawing's marks name, nothing is kept.
  layer: {
    Type: 'shown', Name: 'shown', Intent: 'shown', Usage: 'shown', OCGs: 'layer', P: 'shown', VE: 'layer',
  },
  form: { Fields: 'remark', DR: 'resources', DA: 'shown', Q: 'shown', NeedAppearances: 'shown' },
};

/** Keys that lead to these wherever they stand. */
export const LEADING = { Resources: 'resources', CharProcs: 'drawings', A: 'action' };

/** Marks in a drawing and what they name, among the resources. */
export const MARKS = 'Properties';

/** Where keys are names that the file gave: every one is copied, and leads to this. */
export const NAMED = {
  resources: 'named', named: 'shown', looks: 'named', drawings: 'drawing', layers: 'layer',
};

/** Of a field T is its name, of any other remark who made it. */
export const FIELD_NAME = 'T';

/** Left out wherever they stand, for what they may say of people and programs. */
export const TELLING = new Set([
  'Metadata', 'PieceInfo', 'LastModified', 'Thumb', 'CreatorInfo', 'User', 'LGIDict', 'Measure', 'PtData', 'OPI',
  'SpiderInfo', 'Private',
]);

/** Left out because they lead to what is not copied, would do something, or are counted anew. */
export const DEAD = new Set([
  'StructParent', 'StructParents', 'SE', 'AA', 'AF', 'ID', 'Ref', 'Alternates', 'JS', 'Length',
]);

/** A remark's keys whose being there tells. */
export const SIGNED = new Set(['T', 'M', 'CreationDate', 'NM', 'Subj', 'RC']);

/** Remarks that are copied; a sound, a film, a file inside make it a PDF that cannot be cleaned. */
export const REMARKS = new Set([
  'Link', 'Widget', 'Text', 'FreeText', 'Highlight', 'Underline', 'StrikeOut', 'Squiggly', 'Line', 'Square',
  'Circle', 'Polygon', 'PolyLine', 'Ink', 'Stamp', 'Caret',
]);

/** Nothing of these is copied, and nothing is cleaned that needs them. */
export const UNKNOWN = new Set([
  'Filespec', 'F', 'EmbeddedFile', 'Sig', 'SigRef', 'DocTimeStamp', 'Rendition', 'MediaClip', 'Catalog', 'Metadata',
]);

/** Keys of what holds other files. */
export const HOLDERS = ['EF', 'RF', 'XFA'];

/** What a link may do; anything else is left out. */
export const ACTIONS = new Set(['URI', 'GoTo', 'Named']);
export const ADDRESS = /^(https?:|mailto:|tel:)/i;

/** How what is shown may be packed. Not JPXDecode and JBIG2Decode, whose pictures can hold notes that
 * nothing here can look into. */
export const PACKED = new Set([
  'FlateDecode', 'LZWDecode', 'ASCII85Decode', 'ASCIIHexDecode', 'RunLengthDecode', 'CCITTFaxDecode', 'DCTDecode',
]);
