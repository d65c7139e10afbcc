import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { kmsgPath, openKmsg } from '../../../../exporters/gpu/sources/kernel-log/kmsg-device.ts';
import { readProcFile } from '../../../../exporters/gpu/sources/processes/proc-file.ts';
import { reasonOf } from '../../../../kit/errors.ts';
import type { Check } from '../../check.ts';
import { type Finding, failure, notApplicable, ok, warning } from '../../finding.ts';

export const kernelLog: Check = {
  name: 'kernel_log',
  title: 'kernel log',
  group: 'sources',
  run: async ({ options }) => {
    const path = options['xid.kernel-log'];
    if (path === 'none') return notApplicable('--xid.kernel-log=none');
    if (path === 'auto') return judgeAuto(problemOfKmsg(), await readRestriction(options['path.procfs']));
    return path === kmsgPath ? judgeKmsg(problemOfKmsg()) : lookAtFile(path);
  },
};

const rights = 'run the exporter as root or with CAP_SYSLOG, and in a container mount /dev/kmsg and allow it';

function problemOfKmsg(): string | undefined {
  try {
    openKmsg(kmsgPath).close();
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

/** Of kernel.dmesg_restrict, which keeps the log from users without CAP_SYSLOG. */
async function readRestriction(procfs: string): Promise<boolean | undefined> {
  const text = (await readProcFile(join(procfs, 'sys', 'kernel', 'dmesg_restrict'), 16))?.toString('latin1').trim();
  return text === undefined ? undefined : text === '1';
}

export function judgeAuto(problem: string | undefined, isRestricted: boolean | undefined): Finding {
  if (problem === undefined) return ok(`${kmsgPath} can be read`);
  const why = isRestricted === true ? ', kernel.dmesg_restrict is 1' : '';
  return warning(`${problem}${why}; XIDs are heard through NVML alone, and not those before the start`, rights);
}

function judgeKmsg(problem: string | undefined): Finding {
  return problem === undefined ? ok(`${kmsgPath} can be read`) : failure(problem, rights);
}

/** Is not opened: to read from a pipe would take lines from the exporter. */
async function lookAtFile(path: string): Promise<Finding> {
  const remedy = 'make the file, or let the exporter read it; see --xid.kernel-log';
  try {
    const stats = await stat(path);
    if (!stats.isFile() && !stats.isFIFO() && !stats.isCharacterDevice()) {
      return failure(`${path} is neither a file nor a named pipe`, remedy);
    }
    await access(path, constants.R_OK);
    return ok(`${path} can be read`);
  } catch (error) {
    return failure(reasonOf(error), remedy);
  }
}
