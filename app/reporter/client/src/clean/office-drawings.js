// The words of drawings and formulas that stay, in all three kinds of files.
// From the schemas of ECMA-376 and of Microsoft's extensions, without what tells of people, machines,
// programs, sittings and other files. A line is "attributes = elements"; r: leads to another part.
// Left out on purpose, among others: descr, title, creationId, lang, tooltip, macro, externalData.

export const a = {
  space: 'http://schemas.openxmlformats.org/drawingml/2006/main',
  listed: `
= accent1 accent2 accent3 accent4 accent5 accent6 ahLst alphaCeiling alphaFloor alphaInv avLst backdrop band1H
  band1V band2H band2V bgClr bgFillStyleLst bottom br buBlip buClr buClrTx buFontTx buNone buSzTx cNvCxnSpPr
  cNvGraphicFramePr cNvGrpSpPr close clrFrom clrRepl clrTo comp contourClr cubicBezTo custDash custGeom cxnLst cxnSp
  dk1 dk2 duotone effectLst effectStyle effectStyleLst extLst extraClrScheme extraClrSchemeLst extrusionClr fgClr fill
  fillStyleLst firstCol firstRow folHlink gamma gdLst graphic graphicFrame gray grayscl grpFill grpSp gsLst highlight
  hlink insideH insideV inv invGamma lastCol lastRow left lnDef lnSpc lnStyleLst lnTo lstStyle lt1 lt2 majorFont
  masterClrMapping minorFont moveTo neCell noAutofit noFill nvCxnSpPr nvGraphicFramePr nvGrpSpPr nvPicPr nvSpPr nwCell
  objectDefaults p pathLst pic quadBezTo r right round scene3d seCell solidFill sp spAutoFit spDef spcAft spcBef
  stretch style swCell t tabLst tableStyleId tbl tblBg tblGrid tcBdr tcStyle themeElements themeManager themeOverride
  tl2br top tr2bl txBody txDef txSp uFill uFillTx uLnTx useSpRect wholeTbl
a = alphaRepl
amt = alphaModFix
ang = cxn
blend = blend fillOverlay
bwMode = grpSpPr spPr
char = buChar
def = tblStyleLst
h = tr
idx = effectRef fillRef fontRef lnRef
lim = miter
name = clrScheme fmtScheme fontScheme theme
pos = gs
preferRelativeResize = cNvPicPr
prst = pattFill prstGeom prstTxWarp
prstMaterial = cell3D
rad = alphaOutset glow softEdge
ref = effect
thresh = alphaBiLevel biLevel
txBox = cNvSpPr
uri = graphicData
useA = clrChange
val = alpha alphaMod alphaOff blue blueMod blueOff buSzPct buSzPts green greenMod greenOff hue hueMod hueOff lumMod
  lumOff prstClr prstDash red redMod redOff rtl sat satMod satOff schemeClr shade spcPct spcPts srgbClr
w = gridCol
z = flatTx
action r:id = hlinkClick hlinkHover hlinkMouseOver
algn pos = tab
ang scaled = lin
animBg bld = bldChart
b i = tcTxStyle
bld rev = bldDgm
bldStep id = dgm
cstate r:embed = blip
cx cy = chExt
d n = sx sy
d sp = ds
dir rig = lightRig
dpi rotWithShape = blipFill
flip rotWithShape = gradFill
fmla name = gd
fontScale lnSpcReduction = normAutofit
grow rad = blur
id idx = endCxn stCxn
id type = fld
lastClr val = sysClr
name type = cont effectDag
script typeface = font
startAt type = buAutoNum
styleId styleName = tableStyle tblStyle
time track = end
tx ty = relOff
x y = chOff off pos pt
amt hue val = tint
b g r = scrgbClr
bldStep categoryIdx seriesIdx = chart
blurRad dir dist = innerShdw
bright contrast val = lum
cx cy uri = ext
dir dist prst = prstShdw
dx dy dz = norm up
fov prst zoom = camera
h prst w = bevel bevelB bevelT
hidden id name = cNvPr
hue lum sat = hsl hslClr
lat lon rev = rot
len type w = headEnd tailEnd
x y z = anchor
algn cap cmpd w = ln lnB lnBlToTr lnL lnR lnT lnTlToBr uLn
b l r t = fillRect fillToRect rect srcRect tileRect
charset panose pitchFamily typeface = buFont cs ea latin sym
contourW extrusionH prstMaterial z = sp3d
gridSpan hMerge rowSpan vMerge = tc
hR stAng swAng wR = arcTo
algn flip sx sy tx ty = tile
extrusionOk fill h path stroke w = path
gdRefAng gdRefR maxAng maxR minAng minR = ahPolar
gdRefX gdRefY maxX maxY minX minY = ahXY
noChangeAspect noDrilldown noGrp noMove noResize noSelect = graphicFrameLocks
bandCol bandRow firstCol firstRow lastCol lastRow rtl = tblPr
noChangeAspect noGrp noMove noResize noRot noSelect noUngrp = grpSpLocks
anchor anchorCtr horzOverflow marB marL marR marT vert = tcPr
algn blurRad dir dist kx ky rotWithShape sx sy = outerShdw
flipH flipV kx ky rot sx sy tx ty = xfrm
noAdjustHandles noChangeArrowheads noChangeAspect noChangeShapeType noEditPoints noGrp noMove noResize noRot
  noSelect = cxnSpLocks
algn defTabSz eaLnBrk fontAlgn hangingPunct indent latinLnBrk lvl marL marR rtl = defPPr lvl1pPr lvl2pPr lvl3pPr
  lvl4pPr lvl5pPr lvl6pPr lvl7pPr lvl8pPr lvl9pPr pPr
noAdjustHandles noChangeArrowheads noChangeAspect noChangeShapeType noCrop noEditPoints noGrp noMove noResize noRot
  noSelect = picLocks
noAdjustHandles noChangeArrowheads noChangeAspect noChangeShapeType noEditPoints noGrp noMove noResize noRot
  noSelect noTextEdit = spLocks
accent1 accent2 accent3 accent4 accent5 accent6 bg1 bg2 folHlink hlink tx1 tx2 = clrMap overrideClrMapping
b baseline cap i kern kumimoji noProof normalizeH spc strike sz u = defRPr endParaRPr rPr
algn blurRad dir dist endA endPos fadeDir kx ky rotWithShape stA stPos sx sy = reflection
anchor anchorCtr bIns compatLnSpc forceAA fromWordArt horzOverflow lIns numCol rIns rot rtlCol spcCol
  spcFirstLastPara tIns upright vert vertOverflow wrap = bodyPr
`,
};

export const a14 = {
  space: 'http://schemas.microsoft.com/office/drawing/2010/main',
  listed: `
= m
`,
};

export const pic = {
  space: 'http://schemas.openxmlformats.org/drawingml/2006/picture',
  listed: `
= nvPicPr pic
bwMode = spPr
preferRelativeResize = cNvPicPr
dpi rotWithShape = blipFill
hidden id name = cNvPr
`,
};

export const m = {
  space: 'http://schemas.openxmlformats.org/officeDocument/2006/math',
  listed: `
= acc accPr argPr bar barPr borderBox borderBoxPr box boxPr ctrlPr d dPr deg den e eqArr eqArrPr f fName fPr func
  funcPr groupChr groupChrPr lim limLow limLowPr limUpp limUppPr m mPr mathPr mc mcPr mcs mr nary naryPr num oMath
  oMathPara oMathParaPr phant phantPr r rPr rad radPr sPre sPrePr sSub sSubPr sSubSup sSubSupPr sSup sSupPr sub sup t
val = aln alnScr argSz baseJc begChr brkBin brkBinSub cGp cGpRule cSp chr count defJc degHide diff dispDef endChr
  grow hideBot hideLeft hideRight hideTop intLim interSp intraSp jc lMargin limLoc lit mathFont maxDist mcJc naryLim
  noBreak nor objDist opEmu plcHide pos postSp preSp rMargin rSp rSpRule scr sepChr show shp smallFrac strikeBLTR
  strikeH strikeTLBR strikeV sty subHide supHide transp type vertJc wrapIndent wrapRight zeroAsc zeroDesc zeroWid
alnAt val = brk
`,
};

export const v = {
  space: 'urn:schemas-microsoft-com:vml',
  listed: `
= formulas handles
eqn = f
id inset o:singleclick style = textbox
fill fillcolor id o:bwmode o:bwnormal o:bwpure o:targetscreensize = background
fitpath fitshape id on string style trim xscale = textpath
invx invy map polar position radiusrange switch xrange yrange = h
color color2 id matrix obscured offset offset2 on opacity origin type = shadow
arrowok fillok gradientshapeok id insetpenok limo o:connectangles o:connectlocs o:connecttype o:extrusionok shadowok
  strokeok textboxrect textpathok v = path
bilevel blacklevel chromakey cropbottom cropleft cropright croptop embosscolor gain gamma grayscale id
  o:detectmouseclick r:id r:pict recolortarget = imagedata
alignshape angle aspect color color2 colors focus focusposition focussize id method o:detectmouseclick o:opacity2 on
  opacity origin position r:id recolor rotate size type = fill
color color2 dashstyle endarrow endarrowlength endarrowwidth endcap filltype id imagealignshape imageaspect
  imagesize insetpen joinstyle linestyle miterlimit o:forcedash on opacity r:id startarrow startarrowlength
  startarrowwidth weight = stroke
coordorigin coordsize editas id o:allowincell o:allowoverlap o:bullet o:button o:dgmlayout o:dgmlayoutmru
  o:dgmnodekind o:doubleclicknotify o:hr o:hralign o:hrnoshade o:hrpct o:hrstd o:insetmode o:oned o:regroupid o:spid
  o:tablelimits o:tableproperties o:userdrawn o:userhidden print style wrapcoords = group
arcsize coordsize fillcolor filled id insetpen o:allowincell o:allowoverlap o:borderbottomcolor o:borderleftcolor
  o:borderrightcolor o:bordertopcolor o:bullet o:button o:bwmode o:bwnormal o:bwpure o:clip o:cliptowrap
  o:connectortype o:dgmlayout o:dgmlayoutmru o:dgmnodekind o:doubleclicknotify o:forcedash o:hr o:hralign o:hrnoshade
  o:hrpct o:hrstd o:insetmode o:ole o:oleicon o:oned o:preferrelative o:regroupid o:spid o:spt o:userdrawn
  o:userhidden print strokecolor stroked strokeweight style wrapcoords = roundrect
coordorigin coordsize fillcolor filled id insetpen o:allowincell o:allowoverlap o:borderbottomcolor
  o:borderleftcolor o:borderrightcolor o:bordertopcolor o:bullet o:button o:bwmode o:bwnormal o:bwpure o:clip
  o:cliptowrap o:connectortype o:dgmlayout o:dgmlayoutmru o:dgmnodekind o:doubleclicknotify o:forcedash o:hr o:hralign
  o:hrnoshade o:hrpct o:hrstd o:insetmode o:ole o:oleicon o:oned o:preferrelative o:regroupid o:spid o:spt o:userdrawn
  o:userhidden print strokecolor stroked strokeweight style wrapcoords = oval rect
coordorigin coordsize fillcolor filled id insetpen o:allowincell o:allowoverlap o:borderbottomcolor
  o:borderleftcolor o:borderrightcolor o:bordertopcolor o:bullet o:button o:bwmode o:bwnormal o:bwpure o:clip
  o:cliptowrap o:connectortype o:dgmlayout o:dgmlayoutmru o:dgmnodekind o:doubleclicknotify o:forcedash o:hr o:hralign
  o:hrnoshade o:hrpct o:hrstd o:insetmode o:ole o:oleicon o:oned o:preferrelative o:regroupid o:spid o:spt o:userdrawn
  o:userhidden points print strokecolor stroked strokeweight style wrapcoords = polyline
adj coordorigin coordsize fillcolor filled id insetpen o:allowincell o:allowoverlap o:borderbottomcolor
  o:borderleftcolor o:borderrightcolor o:bordertopcolor o:bullet o:button o:bwmode o:bwnormal o:bwpure o:clip
  o:cliptowrap o:connectortype o:dgmlayout o:dgmlayoutmru o:dgmnodekind o:doubleclicknotify o:forcedash o:hr o:hralign
  o:hrnoshade o:hrpct o:hrstd o:insetmode o:ole o:oleicon o:oned o:preferrelative o:regroupid o:spid o:spt o:userdrawn
  o:userhidden path print strokecolor stroked strokeweight style wrapcoords = shapetype
coordorigin coordsize endangle fillcolor filled id insetpen o:allowincell o:allowoverlap o:borderbottomcolor
  o:borderleftcolor o:borderrightcolor o:bordertopcolor o:bullet o:button o:bwmode o:bwnormal o:bwpure o:clip
  o:cliptowrap o:connectortype o:dgmlayout o:dgmlayoutmru o:dgmnodekind o:doubleclicknotify o:forcedash o:hr o:hralign
  o:hrnoshade o:hrpct o:hrstd o:insetmode o:ole o:oleicon o:oned o:preferrelative o:regroupid o:spid o:spt o:userdrawn
  o:userhidden print startangle strokecolor stroked strokeweight style wrapcoords = arc
coordorigin coordsize fillcolor filled from id insetpen o:allowincell o:allowoverlap o:borderbottomcolor
  o:borderleftcolor o:borderrightcolor o:bordertopcolor o:bullet o:button o:bwmode o:bwnormal o:bwpure o:clip
  o:cliptowrap o:connectortype o:dgmlayout o:dgmlayoutmru o:dgmnodekind o:doubleclicknotify o:forcedash o:hr o:hralign
  o:hrnoshade o:hrpct o:hrstd o:insetmode o:ole o:oleicon o:oned o:preferrelative o:regroupid o:spid o:spt o:userdrawn
  o:userhidden print strokecolor stroked strokeweight style to wrapcoords = line
adj coordorigin coordsize fillcolor filled id insetpen o:allowincell o:allowoverlap o:borderbottomcolor
  o:borderleftcolor o:borderrightcolor o:bordertopcolor o:bullet o:button o:bwmode o:bwnormal o:bwpure o:clip
  o:cliptowrap o:connectortype o:dgmlayout o:dgmlayoutmru o:dgmnodekind o:doubleclicknotify o:forcedash o:hr o:hralign
  o:hrnoshade o:hrpct o:hrstd o:insetmode o:ole o:oleicon o:oned o:preferrelative o:regroupid o:spid o:spt o:userdrawn
  o:userhidden path print strokecolor stroked strokeweight style type wrapcoords = shape
control1 control2 coordorigin coordsize fillcolor filled from id insetpen o:allowincell o:allowoverlap
  o:borderbottomcolor o:borderleftcolor o:borderrightcolor o:bordertopcolor o:bullet o:button o:bwmode o:bwnormal
  o:bwpure o:clip o:cliptowrap o:connectortype o:dgmlayout o:dgmlayoutmru o:dgmnodekind o:doubleclicknotify
  o:forcedash o:hr o:hralign o:hrnoshade o:hrpct o:hrstd o:insetmode o:ole o:oleicon o:oned o:preferrelative
  o:regroupid o:spid o:spt o:userdrawn o:userhidden print strokecolor stroked strokeweight style to wrapcoords = curve
`,
};

export const o = {
  space: 'urn:schemas-microsoft-com:office:office',
  listed: `
v = clippath
type v:ext = fill
id matrix offset on origin v:ext = skew
adjusthandles aspectratio cropping grouping position rotation selection shapetype text ungrouping v:ext verticies =
  lock
accentbar angle distance drop dropauto gap length lengthspecified minusx minusy on textborder type v:ext = callout
autorotationcenter backdepth brightness color diffusity edge facet foredepth lightface lightharsh lightharsh2
  lightlevel lightlevel2 lightposition lightposition2 lockrotationcenter metal on orientation orientationangle render
  rotationangle rotationcenter shininess skewamt skewangle specularity type v:ext viewpoint viewpointorigin =
  extrusion
`,
};

export const w10 = {
  space: 'urn:schemas-microsoft-com:office:word',
  listed: `
= anchorlock
shadow type width = borderbottom borderleft borderright bordertop
anchorx anchory side type = wrap
`,
};
