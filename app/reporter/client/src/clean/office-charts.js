// The words of charts and diagrams that stay, in all three kinds of files.
// From the schemas of ECMA-376 and of Microsoft's extensions, without what tells of people, machines,
// programs, sittings and other files. A line is "attributes = elements"; r: leads to another part.
// Left out on purpose, among others: externalData, pivotSource, lang, titles of layouts.\n
export const c = {
  space: 'http://schemas.openxmlformats.org/drawingml/2006/chart',
  listed: `
= area3DChart areaChart backWall bandFmt bandFmts bar3DChart barChart bubbleChart bubbleSize cat catAx chartSpace
  custSplit dLbl dLbls dPt dTable dateAx dispUnits dispUnitsLbl doughnutChart downBars dropLines errBars extLst f
  floor formatCode hiLowLines layout leaderLines legend legendEntry line3DChart lineChart lvl majorGridlines
  manualLayout minorGridlines minus multiLvlStrCache multiLvlStrRef name numCache numLit numRef ofPieChart
  pictureOptions pie3DChart pieChart plotArea plus radarChart rich scaling scatterChart separator ser serAx serLines
  sideWall stockChart strCache strLit strRef surface3DChart surfaceChart title trendline trendlineLbl tx txPr upBars
  upDownBars v valAx view3D xVal yVal
bwMode = spPr
r:id = chart userShapes
uri = ext
val = applyToEnd applyToFront applyToSides auto autoTitleDeleted autoUpdate axId axPos backward barDir baseTimeUnit
  bubble3D bubbleScale builtInUnit crossAx crossBetween crosses crossesAt custUnit dLblPos date1904 delete
  depthPercent dispBlanksAs dispEq dispRSqr errBarType errDir errValType explosion firstSliceAng fmtId forward
  gapDepth gapWidth grouping h hMode hPercent holeSize idx intercept invertIfNegative layoutTarget lblAlgn lblOffset
  legendPos logBase majorTickMark majorTimeUnit majorUnit marker max min minorTickMark minorTimeUnit minorUnit
  noEndCap noMultiLvlLbl ofPieType order orientation overlap overlay period perspective pictureFormat pictureStackUnit
  plotVisOnly ptCount rAngAx radarStyle rotX rotY roundedCorners scatterStyle secondPiePt secondPieSize shape
  showBubbleSize showCatName showDLblsOverMax showHorzBorder showKeys showLeaderLines showLegendKey showNegBubbles
  showOutline showPercent showSerName showVal showVertBorder size sizeRepresents smooth splitPos splitType style
  symbol thickness tickLblPos tickLblSkip tickMarkSkip trendlineType val varyColors w wMode wireframe x xMode y yMode
formatCode idx = pt
formatCode sourceLinked = numFmt
accent1 accent2 accent3 accent4 accent5 accent6 bg1 bg2 folHlink hlink tx1 tx2 = clrMapOvr
`,
};

export const c14 = {
  space: 'http://schemas.microsoft.com/office/drawing/2007/8/2/chart',
  listed: `
= invertSolidFillFmt pivotOptions sketchOptions
bwMode = spPr
val = dropZoneCategories dropZoneData dropZoneFilter dropZoneSeries dropZonesVisible inSketchMode showSketchBtn
  style
`,
};

export const c15 = {
  space: 'http://schemas.microsoft.com/office/drawing/2012/chart',
  listed: `
= categoryFilterException categoryFilterExceptions dLbl datalabelsRange dlblFTEntry dlblFieldTable dlblRangeCache f
  filteredLineSeries formulaRef fullRef layout leaderLines levelRef marker sqref
bwMode = spPr
val = autoCat bubble3D explosion invertIfNegative showDataLabelsRange showLeaderLines xForSave
`,
};

export const cdr = {
  space: 'http://schemas.openxmlformats.org/drawingml/2006/chartDrawing',
  listed: `
= absSizeAnchor cNvCxnSpPr cNvGraphicFramePr cNvGrpSpPr cxnSp from graphicFrame grpSp nvCxnSpPr nvGraphicFramePr
  nvGrpSpPr nvPicPr nvSpPr pic relSizeAnchor style to txBody x y
bwMode = grpSpPr spPr
preferRelativeResize = cNvPicPr
txBox = cNvSpPr
cx cy = ext
dpi rotWithShape = blipFill
fLocksText textlink = sp
flipH flipV rot = xfrm
hidden id name = cNvPr
`,
};

export const dgm = {
  space: 'http://schemas.openxmlformats.org/drawingml/2006/diagram',
  listed: `
= adjLst bg catLst constrLst cxnLst dataModel extLst presLayoutVars ptLst ruleLst scene3d style t txPr varLst whole
bwMode = spPr
name = choose else styleLbl
uri = ext
useDef = clrData sampData styleData
val = animLvl animOne bulletEnabled chMax chPref dir hierBranch orgChart resizeHandles
hueDir meth = effectClrLst fillClrLst linClrLst txEffectClrLst txFillClrLst txLinClrLst
idx val = adj
minVer uniqueId = colorsDef styleDef
pri type = cat
rev type = alg
type val = param
cxnId modelId type = pt
defStyle minVer uniqueId = layoutDef
chOrder moveWith name styleLbl = layoutNode
contourW extrusionH prstMaterial z = sp3d
r:cs r:dm r:lo r:qs = relIds
axis cnt hideLastTrans ptType st step = presOf
blipPhldr hideGeom lkTxEntry r:blip rot type zOrderOff = shape
fact for forName max ptType type val = rule
axis cnt hideLastTrans name ptType ref st step = forEach
destId destOrd modelId parTransId presId sibTransId srcId srcOrd type = cxn
arg axis cnt func hideLastTrans name op ptType st step val = if
fact for forName op ptType refFor refForName refPtType refType type val = constr
coherent3DOff csCatId csTypeId custAng custFlipHor custFlipVert custLinFactNeighborX custLinFactNeighborY
  custLinFactX custLinFactY custRadScaleInc custRadScaleRad custScaleX custScaleY custSzX custSzY custT loCatId
  loTypeId phldr presAssocID presName presStyleCnt presStyleIdx presStyleLbl qsCatId qsTypeId = prSet
`,
};

export const dsp = {
  space: 'http://schemas.microsoft.com/office/drawing/2008/diagram',
  listed: `
= cNvGrpSpPr drawing extLst grpSp nvGrpSpPr nvSpPr spTree style txBody
bwMode = grpSpPr spPr
modelId = sp
txBox = cNvSpPr
minVer relId = dataModelExt
flipH flipV rot = txXfrm
hidden id name = cNvPr
`,
};
