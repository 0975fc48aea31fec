// The parts of an office file that stay, by what leads to them, and those that are left out. A part that
// something else leads to (another file, a program, a film, pictures of a kind that nobody here can clean)
// makes it a file that cannot be cleaned.

/**
 * What a part begins with, its content type ("." for the program's own), and where it is put.
 * @typedef {{root: string, type: string, folder: string, alone: boolean}} Kept
 */
/** @typedef {{folder: string, name: string, root: string, type: string, kind: string}} Program */

const MAIN = 'application/vnd.openxmlformats-officedocument.';
const DRAWING = `${MAIN}drawingml.`;

/**
 * Of the three programs: folder, main part's name and root, what their content types begin with, and
 * the word in them for the file.
 * @type {Record<string, Program>}
 */
export const PROGRAMS = {
  docx: { folder: 'word', name: 'document', root: 'w:document', type: `${MAIN}wordprocessingml.`, kind: 'document' },
  xlsx: { folder: 'xl', name: 'workbook', root: 'x:workbook', type: `${MAIN}spreadsheetml.`, kind: 'sheet' },
  pptx: {
    folder: 'ppt',
    name: 'presentation',
    root: 'p:presentation',
    type: `${MAIN}presentationml.`,
    kind: 'presentation',
  },
};

/**
 * What a part begins with, its content type ("." for the program's own), and where it is put. `alone`:
 * nothing in the markup names it, it belongs to the part that leads to it.
 * @param {string} root
 * @param {string} [type]
 * @param {string} [folder]
 * @param {boolean} [alone]
 * @returns {Kept}
 */
const part = (root, type = '.', folder = '', alone = false) => ({ root, type, folder, alone });
/**
 * @param {string} root
 * @param {string} [type]
 * @returns {Kept}
 */
const own = (root, type) => part(root, type, '', true);

const LISTED = {
  docx: {
    styles: own('w:styles'),
    numbering: own('w:numbering'),
    settings: own('w:settings'),
    fontTable: own('w:fonts'),
    footnotes: own('w:footnotes'),
    endnotes: own('w:endnotes'),
    comments: own('w:comments'),
    header: part('w:hdr'),
    footer: part('w:ftr'),
  },
  xlsx: {
    styles: own('x:styleSheet'),
    sharedStrings: own('x:sst'),
    comments: own('x:comments'),
    worksheet: part('x:worksheet', '.', 'worksheets/'),
    chartsheet: part('x:chartsheet', '.', 'chartsheets/'),
    table: part('x:table', '.', 'tables/'),
    pivotTable: part('x:pivotTableDefinition', '.', 'pivotTables/', true),
    pivotCacheDefinition: part('x:pivotCacheDefinition', '.', 'pivotCache/', true),
    pivotCacheRecords: part('x:pivotCacheRecords', '.', 'pivotCache/'),
    drawing: part('xdr:wsDr', 'application/vnd.openxmlformats-officedocument.drawing+xml', 'drawings/'),
    vmlDrawing: part('xml', `${MAIN}vmlDrawing`, 'drawings/'),
  },
  pptx: {
    slide: part('p:sld', '.', 'slides/'),
    slideLayout: part('p:sldLayout', '.', 'slideLayouts/', true),
    slideMaster: part('p:sldMaster', '.', 'slideMasters/', true),
    notesSlide: part('p:notes', '.', 'notesSlides/', true),
    notesMaster: part('p:notesMaster', '.', 'notesMasters/', true),
    handoutMaster: part('p:handoutMaster', '.', 'handoutMasters/'),
    tableStyles: own('a:tblStyleLst'),
    presProps: own('p:presentationPr'),
    viewProps: own('p:viewPr'),
    commentAuthors: own('p:cmAuthorLst'),
    comments: part('p:cmLst', '.', 'comments/', true),
  },
  all: {
    theme: part('a:theme', `${MAIN}theme+xml`, 'theme/', true),
    themeOverride: part('a:themeOverride', `${MAIN}themeOverride+xml`, 'theme/', true),
    chart: part('c:chartSpace', `${DRAWING}chart+xml`, 'charts/'),
    chartUserShapes: part('c:userShapes', `${DRAWING}chartshapes+xml`, 'drawings/'),
    diagramData: part('dgm:dataModel', `${DRAWING}diagramData+xml`, 'diagrams/'),
    diagramLayout: part('dgm:layoutDef', `${DRAWING}diagramLayout+xml`, 'diagrams/'),
    diagramQuickStyle: part('dgm:styleDef', `${DRAWING}diagramStyle+xml`, 'diagrams/'),
    diagramColors: part('dgm:colorsDef', `${DRAWING}diagramColors+xml`, 'diagrams/'),
    diagramDrawing: part('dsp:drawing', 'application/vnd.ms-office.drawingml.diagramDrawing+xml', 'diagrams/', true),
  },
};

/**
 * By the program's ending or "all", and by the last word of the relation that leads there.
 * @type {Record<string, Map<string, Kept>>}
 */
export const KEPT = Object.fromEntries(
  Object.entries(LISTED).map(([ending, parts]) => [ending, new Map(Object.entries(parts))]),
);

/** Left out: they show nothing of their own, or what they hold is shown elsewhere too. */
export const LEFT_OUT = new Set(
  `core-properties extended-properties custom-properties thumbnail customXml customXmlProps customProperty
  attachedTemplate printerSettings webSettings glossaryDocument stylesWithEffects people commentsExtended commentsIds
  commentsExtensible font keyMapCustomizations mailMergeSource mailMergeHeaderSource recipientData calcChain
  sheetMetadata connections queryTable externalLink externalLinkPath threadedComment person volatileDependencies
  revisionHeaders revisionLog usernames xmlMaps slicer slicerCache timeline timelineCache timelineCaches
  tags authors changesInfo changesInfos revisionInfo chartStyle chartColorStyle extensibility
  webextensiontaskpanes webextension classificationlabels hdphoto origin documenttasks customXmlData
  FeaturePropertyBag`.split(/\s+/),
);

/** What a chart was drawn from: the chart holds what it shows. */
export const CHARTS_SOURCE = 'package';
