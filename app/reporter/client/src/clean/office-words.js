// The words of Word files that stay: elements by the attributes that stay on them.
// From the schemas of ECMA-376 and of Microsoft's extensions, without what tells of people, machines,
// programs, sittings and other files. A line is "attributes = elements"; r: leads to another part.
// Left out on purpose, among others: rsid*, paraId, nsid, tmpl, docVars, attachedTemplate, sdtPr, lang's val.

export const w = {
  space: 'http://schemas.openxmlformats.org/wordprocessingml/2006/main',
  listed: `
= annotationRef body checkBox comments compat continuationSeparator cr dayLong dayShort ddList delInstrText delText
  divBdr docDefaults document drawing endnotePr endnoteRef endnotes ffData fonts footnotePr footnoteRef footnotes ftr
  hdr instrText lastRenderedPageBreak monthLong monthShort noBreakHyphen numPr numbering p pBdr pPr pPrDefault pgNum
  pict r rPr rPrDefault rt ruby rubyBase rubyPr sectPr separator settings softHyphen styles t tabs tbl tblBorders
  tblCellMar tblGrid tblPr tblPrEx tc tcBorders tcMar tcPr textInput tr trPr txbxContent yearLong yearShort
abstractNumId = abstractNum
id = commentReference tblGridChange
ilvl = lvlOverride
lastValue = dropDownList
name = font
numId = num
numPicBulletId = numPicBullet
type = tblLayout tblStylePr
val = abstractNumId adjustLineHeightInTable adjustRightInd alignBordersAndEdges alignTablesRowByRow
  allowSpaceOfSameStyleInTable altName applyBreakingRules autoFormatOverride autoHyphenation autoRedefine autoSpaceDE
  autoSpaceDN autoSpaceLikeWord95 autofitToFirstFixedWidthCell b bCs balanceSingleByteDoubleByteWidth basedOn bdo bidi
  bidiVisual bookFoldPrinting bookFoldPrintingSheets bookFoldRevPrinting bordersDoNotSurroundFooter
  bordersDoNotSurroundHeader cachedColBalance calcOnExit cantSplit caps characterSpacingControl checked
  consecutiveHyphenLimit contextualSpacing convMailMergeEsc cs default defaultTabStop dir displayBackgroundShape
  displayHangulFixedWidth displayHorizontalDrawingGridEvery displayVerticalDrawingGridEvery
  doNotAutofitConstrainedTables doNotBreakConstrainedForcedTable doNotBreakWrappedTables doNotDisplayPageBoundaries
  doNotExpandShiftReturn doNotHyphenateCaps doNotLeaveBackslashAlone doNotShadeFormData doNotSnapToGridInCell
  doNotSuppressIndentation doNotSuppressParagraphBorders doNotTrackFormatting doNotTrackMoves
  doNotUseEastAsianBreakRules doNotUseHTMLParagraphAutoSpacing doNotUseIndentAsNumberingTabStop
  doNotUseMarginsForDrawingGridOrigin doNotVertAlignCellWithSp doNotVertAlignInTxbx doNotWrapTextWithPunct
  drawingGridHorizontalOrigin drawingGridHorizontalSpacing drawingGridVerticalOrigin drawingGridVerticalSpacing
  dstrike effect em emboss enabled evenAndOddHeaders family flatBorders footnoteLayoutLikeWW8 forgetLastTabAlignment
  formProt format gallery gridAfter gridBefore gridSpan growAutofit gutterAtTop hMerge hidden hideMark highlight hps
  hpsBaseText hpsRaise hyphenationZone i iCs id ilvl imprint isLgl jc keepLines keepNext kern kinsoku
  layoutRawTableWidth layoutTableRowsApart lineWrapLikeWord6 link listEntry locked lvlJc lvlPicBulletId lvlRestart
  marBottom marLeft marRight marTop maxLength mirrorIndents mirrorMargins multiLevelType mwSmallCaps next noBorder
  noColumnBalance noEndnote noExtraLineSpacing noLeading noLineBreaksAfter noLineBreaksBefore noProof
  noPunctuationKerning noSpaceRaiseLower noTabHangInd noWrap notTrueType numId numIdMacAtCleanup numRestart numStart
  numStyleLink oMath outline outlineLvl overflowPunct pStyle pageBreakBefore panose1 pitch pos position
  printBodyTextBeforeHeader printColBlack printFormsData printFractionalCharacterWidth printPostScriptOverText
  printTwoOnOne qFormat rStyle result rtl rtlGutter rubyAlign selectFldWithFirstOrLastChar semiHidden shadow
  shapeLayoutLikeWW8 showBreaksInFrames showEnvelope size sizeAuto smallCaps snapToGrid spaceForUL
  spacingInWholePoints specVanish splitPgBreakAndParaMark startOverride strictFirstAndLastChars strike styleLink
  styleLockQFSet styleLockTheme subFontBySize suff summaryLength suppressAutoHyphens suppressBottomSpacing
  suppressLineNumbers suppressOverlap suppressSpBfAfterPgBrk suppressSpacingAtTopOfPage suppressTopSpacing
  suppressTopSpacingWP swapBordersFacingPages sz szCs tblHeader tblOverlap tblStyle tblStyleColBandSize
  tblStyleRowBandSize tcFitText textAlignment textDirection textboxTightWrap titlePg topLinePunct trackRevisions
  truncateFontHeightsLikeWP6 type uiPriority ulTrailSpace underlineTabInNumList unhideWhenUsed
  useAltKinsokuLineBreakRules useAnsiKerningPairs useFELayout useNormalStyleForList usePrinterMetrics
  useSingleBorderforContiguousCells useWord2002TableStyleRules useWord97LineBreakRules vAlign vMerge vanish vertAlign
  w webHidden widowControl wordWrap wpJustification wpSpaceWidth wrapTrailSpaces
w = gridCol
anchor r:id = hyperlink
author id = cellDel cellIns del ins moveFrom moveTo pPrChange rPrChange sectPrChange tblPrChange tblPrExChange
  tcPrChange trPrChange
char font = sym
characterSet val = charset
clear type = br
customMarkFollows id = endnoteReference footnoteReference
decorated val = name
displacedByCustomXml id = bookmarkEnd commentRangeEnd commentRangeStart moveFromRangeEnd moveToRangeEnd
fldCharType fldLock = fldChar
fldLock instr = fldSimple
format val = numFmt
hRule val = trHeight
id type = endnote footnote
id val = fitText
ilvl tentative = lvl
null val = lvlText
offsetFrom zOrder = pgBorders
r:id type = footerReference headerReference
space w = col
type w = tblCellSpacing tblInd tblW tcW wAfter wBefore
alignment leader relativeTo = ptab
author id initials = comment
bidi eastAsia val = lang themeFontLang
charSpace linePitch type = docGrid
countBy restart start = lnNumType
h orient w = pgSz
leader pos val = tab
legacy legacyIndent legacySpace = legacy
name uri val = compatSetting
author id vMerge vMergeOrig = cellMerge
chapSep chapStyle fmt start = pgNumType
color themeColor themeShade themeTint = background
equalWidth num sep space = cols
themeColor themeShade themeTint val = color
colFirst colLast displacedByCustomXml id name = bookmarkStart
color themeColor themeShade themeTint val = u
combine combineBrackets id vert vertCompress = eastAsianLayout
customStyle default styleId type val = style
author colFirst colLast displacedByCustomXml id name = moveFromRangeStart moveToRangeStart
csb0 csb1 usb0 usb1 usb2 usb3 = sig
bottom footer gutter header left right top = pgMar
firstColumn firstRow lastColumn lastRow noHBand noVBand val = tblLook
after afterAutospacing afterLines before beforeAutospacing beforeLines line lineRule val = spacing
ascii asciiTheme cs cstheme eastAsia eastAsiaTheme hAnsi hAnsiTheme hint = rFonts
color fill themeColor themeFill themeFillShade themeFillTint themeShade themeTint val = shd
color frame shadow space sz themeColor themeShade themeTint val = bar bdr between insideH insideV tl2br tr2bl
bottomFromText horzAnchor leftFromText rightFromText tblpX tblpXSpec tblpY tblpYSpec topFromText vertAnchor = tblpPr
color frame shadow space sz themeColor themeShade themeTint type val w = bottom end left right start top
accent1 accent2 accent3 accent4 accent5 accent6 bg1 bg2 followedHyperlink hyperlink t1 t2 = clrSchemeMapping
end endChars firstLine firstLineChars hanging hangingChars left leftChars right rightChars start startChars = ind
evenHBand evenVBand firstColumn firstRow firstRowFirstColumn firstRowLastColumn lastColumn lastRow
  lastRowFirstColumn lastRowLastColumn oddHBand oddVBand val = cnfStyle
anchorLock dropCap h hAnchor hRule hSpace lines vAnchor vSpace w wrap x xAlign y yAlign = framePr
`,
};

export const wp = {
  space: 'http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing',
  listed: `
= align cNvGraphicFramePr posOffset wrapNone wrapPolygon
relativeFrom = positionH positionV
cx cy = extent
distB distT = wrapTopAndBottom
x y = lineTo simplePos start
distL distR wrapText = wrapThrough wrapTight
hidden id name = docPr
b l r t = effectExtent
distB distL distR distT = inline
distB distL distR distT wrapText = wrapSquare
allowOverlap behindDoc distB distL distR distT hidden layoutInCell locked relativeHeight simplePos = anchor
`,
};

export const wp14 = {
  space: 'http://schemas.microsoft.com/office/word/2010/wordprocessingDrawing',
  listed: `
= pctHeight pctPosHOffset pctPosVOffset pctWidth
relativeFrom = sizeRelH sizeRelV
`,
};

export const wps = {
  space: 'http://schemas.microsoft.com/office/word/2010/wordprocessingShape',
  listed: `
= cNvCnPr extLst style
bwMode = spPr
id = txbx
normalEastAsianFlow = wsp
txBox = cNvSpPr
id seq = linkedTxbx
hidden id name = cNvPr
anchor anchorCtr bIns compatLnSpc forceAA fromWordArt horzOverflow lIns numCol rIns rot rtlCol spcCol
  spcFirstLastPara tIns upright vert vertOverflow wrap = bodyPr
`,
};

export const wpg = {
  space: 'http://schemas.microsoft.com/office/word/2010/wordprocessingGroup',
  listed: `
= cNvFrPr cNvGrpSpPr extLst graphicFrame grpSp wgp
bwMode = grpSpPr
flipH flipV rot = xfrm
hidden id name = cNvPr
`,
};

export const wpc = {
  space: 'http://schemas.microsoft.com/office/word/2010/wordprocessingCanvas',
  listed: `
= bg extLst graphicFrame whole wpc
`,
};

export const w14 = {
  space: 'http://schemas.microsoft.com/office/word/2010/wordml',
  listed: `
= bevel contourClr extLst extrusionClr gradFill gsLst noFill round scene3d solidFill stylisticSets textFill
lim = miter
path = path
pos = gs
prst = camera
rad = glow
val = alpha cntxtAlts hueMod ligatures lum lumMod lumOff numForm numSpacing prstDash sat satMod satOff schemeClr
  shade srgbClr tint
ang scaled = lin
dir rig = lightRig
id val = styleSet
contourW extrusionH prstMaterial = props3d
flipH flipV rot = xfrm
h prst w = bevelB bevelT
lat lon rev = rot
algn cap cmpd w = textOutline
b l r t = fillToRect
algn blurRad dir dist kx ky sx sy = shadow
algn blurRad dir dist endA endPos fadeDir kx ky stA stPos sx sy = reflection
`,
};
