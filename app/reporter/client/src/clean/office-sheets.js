// The words of Excel files that stay: elements by the attributes that stay on them.
// From the schemas of ECMA-376 and of Microsoft's extensions, without what tells of people, machines,
// programs, sittings and other files. A line is "attributes = elements"; r: leads to another part.
// Left out on purpose, among others: revisionPtr, absPath, uid, refreshedBy, scenarios, views of people, selection.

export const x = {
  space: 'http://schemas.openxmlformats.org/spreadsheetml/2006/main',
  listed: `
= author authors autoSortScope bookViews chartsheet colorScale colors cols commentList comments definedNames dxf
  evenFooter evenHeader extLst fill firstFooter firstHeader font formula formula1 formula2 from hyperlinks
  indexedColors is oddFooter oddHeader pivotCaches r rPr sheetViews sheets si styleSheet text to v val workbook
  worksheet
and = customFilters
array = calculatedColumnFormula totalsRowFormula
autoPage = consolidation
count = borders cacheFields calculatedItems cellStyleXfs cellStyles cellXfs chartFormats colFields colItems
  conditionalFormats dataFields discretePr dxfs fills fonts formats groupItems items mergeCells numFmts page
  pageFields pages pivotAreas pivotCacheRecords pivotFields rangeSets references rowFields rowItems tableColumns
  tableParts tables
fullCalcOnLoad = sheetCalcPr
name = pageItem
patternType = patternFill
position = stop
r:id = drawing legacyDrawing legacyDrawingHF picture tablePart
ref = autoFilter mergeCell
rgb = rgbColor
style = bottom diagonal end horizontal left right start top vertical
type = cacheSource
uri = ext
v = mpMap x
val = charset condense extend family name outline rFont scheme shadow strike sz u vertAlign
x = field
action dxfId = format
authorId ref = comment
autoPageBreaks fitToPage = pageSetUpPr
base par = fieldGroup
cacheId r:id = pivotCache
cellColor dxfId = colorFilter
count disablePrompts = dataValidations
count manualBreakCount = colBreaks rowBreaks
count uniqueCount = sst
eb sb = rPh
field formula = calculatedItem
formatCode numFmtId = numFmt
hidden locked = protection
iconId iconSet = iconFilter
n np = p
operator val = customFilter
pivot sqref = conditionalFormatting
refreshError sheetId = sheetData
alignment fontId type = phoneticPr
blank calendarType count = filters
chart format series = chartFormat
colId hiddenButton showButton = filterColumn
count defaultPivotStyle defaultTableStyle = tableStyles
diagonalDown diagonalUp outline = border
dxfId size type = tableStyleElement
gte type val = cfvo
location r:id ref = hyperlink
maxLength minLength showValue = dataBar
moveWithCells sizeWithCells z-order = anchor
name ref sheet = worksheetSource
priority scope type = conditionalFormat
r t vm = cell
alignWithMargins differentFirst differentOddEven scaleWithDoc = headerFooter
applyStyles showOutlineSymbols summaryBelow summaryRight = outlinePr
caseSensitive columnSort ref sortMethod = sortState
count name pivot table = tableStyle
filterVal percent top val = top10
i r t val = i
iconSet percent reverse showValue = iconSet
name r:id sheetId state = sheet
activePane state topLeftCell xSplit ySplit = pane
auto indexed rgb theme tint = bgColor color fgColor tabColor
c cp f u v = d
cap fld hier item name = pageField
gridLines gridLinesSet headings horizontalCentered verticalCentered = printOptions
hidden localSheetId name refersTo sheetId = definedName
id man max min pt = brk
maxVal maxValIso type val valIso = dynamicFilter
name showColumnStripes showFirstColumn showLastColumn showRowStripes = tableStyleInfo
bottom degree left right top type = gradientFill
bottom footer header left right top = pageMargins
builtinId customBuiltin hidden iLevel name xfId = cellStyle
c cp f u v val = b
colPageCount firstDataCol firstDataRow firstHeaderRow ref rowPageCount = location
name showColHeaders showColStripes showLastColumn showRowHeaders showRowStripes = pivotTableStyleInfo
baseField baseItem fld name numFmtId showDataAs subtotal = dataField
customList descending dxfId iconId iconSet ref sortBy = sortCondition
dateTimeGrouping day hour minute month second year = dateGroupItem
enableFormatConditionsCalculation filterMode syncHorizontal syncRef syncVertical transitionEntry
  transitionEvaluation = sheetPr
activeTab autoFilterDateGrouping firstSheet showHorizontalScroll showSheetTabs showVerticalScroll tabRatio
  visibility = workbookView
autoEnd autoStart endDate endNum groupBy groupInterval startDate startNum = rangePr
i1 i2 i3 i4 name r:id ref sheet = rangeSet
a cm i l ph r s t vm = c
baseColWidth customHeight defaultColWidth defaultRowHeight outlineLevelCol outlineLevelRow thickBottom thickTop
  zeroHeight = sheetFormatPr
b bc c ct fc fi i si st u = t
bestFit collapsed customWidth hidden max min outlineLevel phonetic style width = col
calcMode concurrentCalc concurrentManualCount forceFullCalc fullCalcOnLoad fullPrecision iterate iterateCount
  iterateDelta refMode = calcPr
dataCellStyle dataDxfId headerRowCellStyle headerRowDxfId id name totalsRowCellStyle totalsRowDxfId
  totalsRowFunction totalsRowLabel = tableColumn
horizontal indent justifyLastLine mergeCell readingOrder relativeIndent shrinkToFit textRotation vertical wrapText =
  alignment
b bc c cp f fc i in st u un = m
c d e f h m n s sd t x = item
collapsed customFormat customHeight hidden ht outlineLevel ph r s thickBot thickTop = row
evalOrder fld iMeasureFld iMeasureHier id mpFld name stringValue1 stringValue2 type val = filter
aca bx ca del1 del2 dt2D dtr r1 r2 ref si t = f
axis cacheIndex collapsedLevelsAreSubtotals dataOnly field fieldPosition grandCol grandRow labelOnly offset outline
  type = pivotArea
b bc c cp f fc i in st u un v = e s
blackAndWhite cellComments draft errors firstPageNumber fitToHeight fitToWidth orientation pageOrder paperSize scale
  useFirstPageNumber = pageSetup
aboveAverage bottom dxfId equalAverage operator percent priority rank stdDev stopIfTrue text timePeriod type =
  cfRule
allowBlank error errorStyle errorTitle imeMode operator prompt promptTitle showDropDown showErrorMessage
  showInputMessage sqref type = dataValidation
applyAlignment applyBorder applyFill applyFont applyNumberFormat applyProtection borderId fillId fontId numFmtId
  pivotButton quotePrefix xfId = xf
caption databaseField formula hierarchy level mappingCount memberPropertyField name numFmtId propertyName
  serverField sqlType uniqueList = cacheField
allowRefreshQuery autoCompressPictures checkCompatibility date1904 dateCompatibility filterPrivacy
  hidePivotFieldList refreshAllConnections saveExternalLinkValues showBorderUnselectedTables showInkAnnotation
  showObjects showPivotChartFilter updateLinks = workbookPr
b bc c cp f fc i in s st u un v x = n
containsBlank containsDate containsInteger containsMixedTypes containsNonDate containsNumber containsSemiMixedTypes
  containsString count longText maxDate maxValue minDate minValue = sharedItems
backgroundQuery createdVersion enableRefresh invalid minRefreshableVersion missingItemsLimit optimizeMemory r:id
  recordCount refreshOnLoad refreshedVersion saveData supportAdvancedDrill supportSubquery tupleCache upgradeOnRefresh
  = pivotCacheDefinition
activeCol activeRow axis click count data dimension extendable label max min pane previousCol previousRow r:id
  showHeader start = pivotSelection
avgSubtotal byPosition count countASubtotal countSubtotal defaultSubtotal field maxSubtotal minSubtotal
  productSubtotal relative selected stdDevPSubtotal stdDevSubtotal sumSubtotal varPSubtotal varSubtotal = reference
dataCellStyle dataDxfId displayName headerRowBorderDxfId headerRowCellStyle headerRowCount headerRowDxfId id
  insertRow insertRowShift name ref tableBorderDxfId totalsRowBorderDxfId totalsRowCellStyle totalsRowCount
  totalsRowDxfId totalsRowShown = table
colorId defaultGridColor rightToLeft showFormulas showGridLines showOutlineSymbols showRowColHeaders showRuler
  showWhiteSpace showZeros tabSelected topLeftCell view windowProtection workbookViewId zoomScale zoomScaleNormal
  zoomScalePageLayoutView zoomScaleSheetLayoutView zoomToFit = sheetView
allDrilled autoShow avgSubtotal axis compact countASubtotal countSubtotal dataField dataSourceSort
  defaultAttributeDrillState defaultSubtotal dragOff dragToCol dragToData dragToPage dragToRow hiddenLevel
  hideNewItems includeNewItemsInFilter insertBlankRow insertPageBreak itemPageCount maxSubtotal measureFilter
  minSubtotal multipleItemSelectionAllowed name nonAutoSortDefault numFmtId outline productSubtotal rankBy serverField
  showAll showDropDowns showPropAsCaption showPropCell showPropTip sortType stdDevPSubtotal stdDevSubtotal
  subtotalCaption subtotalTop sumSubtotal topAutoShow uniqueMemberProperty varPSubtotal varSubtotal = pivotField
applyAlignmentFormats applyBorderFormats applyFontFormats applyNumberFormats applyPatternFormats
  applyWidthHeightFormats asteriskTotals autoFormatId cacheId chartFormat colGrandTotals colHeaderCaption compact
  compactData createdVersion customListSort dataCaption dataOnRows dataPosition disableFieldList editData enableDrill
  enableFieldProperties enableWizard errorCaption fieldListSortAscending fieldPrintTitles grandTotalCaption
  gridDropZones immersive indent itemPrintTitles mdxSubqueries mergeItem minRefreshableVersion missingCaption
  multipleFieldFilters name outline outlineData pageOverThenDown pageStyle pageWrap pivotTableStyle preserveFormatting
  printDrill rowGrandTotals rowHeaderCaption showCalcMbrs showDataDropDown showDataTips showDrill showDropZones
  showEmptyCol showEmptyRow showError showHeaders showItems showMemberPropertyTips showMissing showMultipleLabel
  subtotalHiddenItems updatedVersion useAutoFormatting vacatedStyle visualTotals = pivotTableDefinition
`,
};

export const x14 = {
  space: 'http://schemas.microsoft.com/office/spreadsheetml/2009/9/main',
  listed: `
= colorScale conditionalFormattings dxf formula1 formula2 id sparkline sparklineGroups sparklines
pivot = conditionalFormatting
count disablePrompts = dataValidations
gte type = cfvo
iconId iconSet = cfIcon
auto indexed rgb theme tint = axisColor borderColor color colorAxis colorFirst colorHigh colorLast colorLow
  colorMarkers colorNegative colorSeries fillColor negativeBorderColor negativeFillColor
custom iconSet percent reverse showValue = iconSet
axisPosition border direction gradient maxLength minLength negativeBarBorderColorSameAsPositive
  negativeBarColorSameAsPositive showValue = dataBar
allowBlank error errorStyle errorTitle imeMode operator prompt promptTitle showDropDown showErrorMessage
  showInputMessage type = dataValidation
aboveAverage activePresent bottom equalAverage id operator percent priority rank stdDev stopIfTrue text timePeriod
  type = cfRule
dateAxis displayEmptyCellsAs displayHidden displayXAxis first high last lineWeight low manualMax manualMin markers
  maxAxisType minAxisType negative rightToLeft type = sparklineGroup
`,
};

export const xm = {
  space: 'http://schemas.microsoft.com/office/excel/2006/main',
  listed: `
= f sqref
`,
};

export const xdr = {
  space: 'http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing',
  listed: `
= absoluteAnchor cNvCxnSpPr cNvGraphicFramePr cNvGrpSpPr col colOff cxnSp from graphicFrame grpSp nvCxnSpPr
  nvGraphicFramePr nvGrpSpPr nvPicPr nvSpPr oneCellAnchor pic row rowOff style to txBody wsDr
bwMode = grpSpPr spPr
editAs = twoCellAnchor
preferRelativeResize = cNvPicPr
rotWithShape = blipFill
txBox = cNvSpPr
cx cy = ext
fLocksText textlink = sp
fLocksWithSheet fPrintsWithSheet = clientData
x y = pos
flipH flipV rot = xfrm
hidden id name = cNvPr
`,
};

export const xvml = {
  space: 'urn:schemas-microsoft-com:office:excel',
  listed: `
= Anchor AutoFill AutoLine Column LockText Locked MoveWithCells PrintObject Row SizeWithCells TextHAlign TextVAlign
  Visible
ObjectType = ClientData
`,
};
