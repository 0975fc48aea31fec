/**
 * Who is in quietline.json: a line and another one, three investigators, a reporter, a directory.
 */
import { reporterIdentity } from '../../app/reporter/client/src/protocol/identities.js';
import { agency, directoryFields, entry, investigator, seededRng, signDirectory } from '../client/fixtures.mjs';
import { shake256 } from './material.mjs';

export const MID = '5f0c9a3b7de14c2e8a6b1d0f9e8c7b6a';
export const line = agency('quietline-vectors');
export const other = agency('quietline-another-line');
export const people = ['ana', 'ben', 'chi'].map((name) => investigator(`quietline-${name}`));
export const entries = people.map((one, i) =>
  entry({ ...one, label: ['Ana', 'Ben', 'Chi'][i] }, ['active', 'former', 'active'][i]),
);
export const fields = directoryFields(line.lineId, entries);
export const directory = signDirectory(fields, line.seed);
export const mk = shake256('quietline-reporter', 16);
export const reporter = reporterIdentity(mk);
export const rngOf = (name) => seededRng(`quietline-${name}`);
