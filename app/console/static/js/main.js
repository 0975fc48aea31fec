// Wires the parts; every page works without them, with more clicks.
import { startAlarm } from './alarm.js';
import { startBackup } from './backup.js';
import { startCases } from './cases.js';
import { startDrafts } from './drafts.js';
import { startForms } from './forms.js';
import { startIdle } from './idle.js';
import { startKeys } from './keys.js';
import { startList } from './list.js';
import { startPanes } from './panes.js';
import { startPictures } from './pictures.js';
import { startPlayers } from './player.js';
import { startReply } from './reply.js';
import { startStatus } from './status.js';
import { startTabs } from './tabs.js';
import { startTemplates } from './templates.js';
import { startTheme } from './theme.js';
import { startNotify } from './notify.js';

startTheme();
showHere();
startAlarm();
startPictures();
startPlayers();
startCases();
startTabs();
startKeys();
startBackup();
if (document.getElementById('sync')) {
  startStatus();
  startIdle();
}
if (document.querySelector('.panes')) {
  startList();
  startPanes();
  startForms();
  startDrafts();
  startReply();
  startTemplates();
  startNotify();
}
// Only when every script of the page has run: what saves a file is there from now on (frame.css).
document.addEventListener('DOMContentLoaded', () => document.documentElement.classList.add('ready'));
if (location.hash === '#latest') document.getElementById('latest')?.scrollIntoView({ block: 'end' });

// In a narrow window the row of pages is longer than its place: the page that is open is in sight.
function showHere() {
  const row = document.querySelector('.places');
  const link = row?.querySelector('[aria-current]')?.getBoundingClientRect();
  if (!row || !link) return;
  const seen = row.getBoundingClientRect();
  if (link.right > seen.right) row.scrollLeft += link.right - seen.right;
  else if (link.left < seen.left) row.scrollLeft -= seen.left - link.left;
}
