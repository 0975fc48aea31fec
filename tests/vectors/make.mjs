/**
 * Makes quietline.json: values of this project's own, for what ql1.json does not hold.
 *
 *   node tests/vectors/make.mjs > tests/vectors/quietline.json
 *
 * All of it comes from fixed labels, so the file is the same on every machine. It was made by the
 * JavaScript implementation; the Python one, and the next one, must agree (docs/spec, README).
 */
import { argv, stdout } from 'node:process';
import { pathToFileURL } from 'node:url';

import { hex } from '../../app/reporter/client/src/protocol/encoding.js';
import { directory, fields, line, mk } from './cast.mjs';
import { sha256Hex } from './material.mjs';
import { operations } from './operations.mjs';
import { envelopes } from './sealed.mjs';
import { bundles, clocks, directories, enrolment, manifests, speakers } from './signed.mjs';
import { attachment, bodies, codes, points, signatures } from './small.mjs';

/** @returns {Promise<string>} the text of quietline.json */
export async function make() {
  const { hours, languages, tells_immigration } = fields.desks[0];
  const facts = { hours, languages, tells_immigration };
  const made = {
    directories: directories(),
    bundles: bundles(),
    manifests: manifests(),
    envelopes: envelopes(),
  };
  const value = {
    profile: 'QL1',
    made_by: 'tests/vectors/make.mjs',
    line_id: hex(line.lineId),
    reporter: { mk: hex(mk) },
    directory: {
      file: directory,
      hash: sha256Hex(Buffer.from(JSON.parse(directory).directory, 'base64url')),
      version: 3,
      active: [0, 2],
      desk: facts,
    },
    speakers: speakers(),
    enrolment: enrolment(),
    rotated_directory: made.directories.rotated,
    silent_directory: made.directories.silent,
    bad_directories: made.directories.bad,
    bundles: made.bundles.good,
    bad_bundles: made.bundles.bad,
    clocks: clocks(),
    manifest: made.manifests.good,
    bad_manifests: made.manifests.bad,
    envelope: made.envelopes.good,
    bad_envelopes: made.envelopes.bad,
    points: points(),
    signatures: signatures(),
    codes: codes(),
    bodies: bodies(),
    operations: operations(),
    attachment: await attachment(),
  };
  return `${JSON.stringify(value, null, 1)}\n`;
}

if (import.meta.url === pathToFileURL(argv[1]).href) stdout.write(await make());
