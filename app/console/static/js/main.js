// Wires the parts; every page works without them, with more clicks.
import { startCases } from './cases.js';
import { one } from './dom.js';
import { startIdle } from './idle.js';
import { startKeys } from './keys.js';
import { startNote } from './note.js';
import { startPictures } from './pictures.js';
import { startReply } from './reply.js';
import { startStatus } from './status.js';
import { startTheme } from './theme.js';

startTheme();
startPictures();
startCases();
startKeys();
if (document.getElementById('sync')) {
  startStatus();
  startIdle();
}
/** @type {import('./reply.js').ReplyForm | null} */
const reply = one('#reply');
if (reply) startReply(reply);
const note = document.getElementById('note-new');
if (note) startNote(String(note.dataset.note));
if (location.hash === '#latest') document.getElementById('latest')?.scrollIntoView({ block: 'end' });
