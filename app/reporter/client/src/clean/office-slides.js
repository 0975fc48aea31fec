// The words of PowerPoint files that stay: elements by the attributes that stay on them.
// From the schemas of ECMA-376 and of Microsoft's extensions, without what tells of people, machines,
// programs, sittings and other files. A line is "attributes = elements"; r: leads to another part.

export const p = {
  space: 'http://schemas.openxmlformats.org/presentationml/2006/main',
  listed: `
= attrName attrNameLst bldAsOne bldLst bldSub bodyStyle cNvCxnSpPr cNvGraphicFramePr cNvGrpSpPr childTnLst circle
  clrMapOvr clrVal cmAuthorLst cmLst cxnSp defaultTextStyle diamond dissolve endCondLst excl graphicEl graphicFrame
  grpSp handoutMaster handoutMasterIdLst newsflash nextCondLst notesMaster notesMasterIdLst notesStyle nvCxnSpPr
  nvGraphicFramePr nvGrpSpPr nvPicPr nvPr nvSpPr otherStyle par pic plus presentationPr prevCondLst progress random
  set sldAll sldIdLst sldLayoutIdLst sldLst sldMasterIdLst sldTgt spTree stCondLst style subTnLst tavLst text tgtEl
  timing titleStyle tmplLst tnLst txBody txEl txStyles val wedge
bwMode = bg grpSpPr spPr
dir = animClr blinds checker comb cover pull push randomBar strips wipe zoom
idx = bgRef
lvl = tmpl
mod = extLst
name = cSld
preferRelativeResize = cNvPicPr
preserve = sldMaster
r:id = handoutMasterId notesMasterId
shadeToTitle = bgPr
spid = spTgt subSp
spokes = wheel
thruBlk = cut fade
txBox = cNvSpPr
uri = ext
useBgFill = sp
val = boolVal fltVal intVal rtn strVal tmAbs tmPct tn
zoomContents = animScale
authorId idx = cm
backwards type = iterate
cx cy = notesSz
delay evt = cond endSync
dir orient = split
dpi rotWithShape = blipFill
end st = charRg pRg sldRg
fmla tm = tav
id r:id = sldId sldLayoutId sldMasterId
lastView showComments = viewPr
lvl type = oleChartEl
showMasterPhAnim showMasterSp = notes
x y = by from pos rCtr to
advClick advTm spd = transition
b g r = rgb
by from to = animRot
concurrent nextAc prevAc = seq
cx cy type = sldSz
filter prLst transition = animEffect
flipH flipV rot = xfrm
grpId spid uiExpand = bldGraphic
h l s = hsl
hidden id name = cNvPr
bld grpId spid uiExpand = bldDgm
dt ftr hdr sldNum = hf
animBg bld grpId spid uiExpand = bldOleChart
by calcmode from to valueType = anim
clrIdx id initials lastIdx name = cmAuthor
collapse r:id show showMasterPhAnim showMasterSp = sld
hasCustomPrompt idx orient sz type = ph
matchingName preserve showMasterPhAnim showMasterSp type = sldLayout
origin path pathEditMode ptsTypes rAng = animMotion
accumulate additive by from override rctx to xfrmType = cBhvr
advAuto animBg autoUpdateAnimBg bldLvl build grpId rev spid uiExpand = bldP
autoCompressPictures compatMode embedTrueTypeFonts firstSlideNum removePersonalInfoOnSave rtl saveSubsetFonts
  showSpecialPlsOnTitleSld strictFirstAndLastChars = presentation
accent1 accent2 accent3 accent4 accent5 accent6 bg1 bg2 folHlink hlink tx1 tx2 = clrMap
accel afterEffect autoRev bldLvl decel dur evtFilter fill grpId id masterRel nodePh nodeType presetClass presetID
  presetSubtype repeatCount repeatDur restart spd syncBehavior tmFilter = cTn
`,
};
