import { constants, type Stats } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf, reasonOf } from '../../../../kit/errors.ts';
import type { Check } from '../../check.ts';
import { failure, notApplicable, ok } from '../../finding.ts';

const remedy =
  'let this user read the file and write to its folder (StateDirectory= in a systemd unit); see --attribution.state-file';

export const stateFile: Check = {
  name: 'state_file',
  title: 'state file',
  group: 'sources',
  run: async ({ options }) => {
    const file = options['attribution.state-file'];
    if (file === undefined) return notApplicable('no --attribution.state-file, so allocated seconds start at 0 again');
    try {
      await access(dirname(file), constants.W_OK | constants.X_OK);
      const stats = await statOrNothing(file);
      if (stats === undefined) return ok(`${file} can be made`);
      if (!stats.isFile()) return failure(`${file} is no plain file`, remedy);
      await access(file, constants.R_OK);
      return ok(`${file} can be read and replaced`);
    } catch (error) {
      return failure(reasonOf(error), remedy);
    }
  },
};

async function statOrNothing(file: string): Promise<Stats | undefined> {
  try {
    return await stat(file);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
