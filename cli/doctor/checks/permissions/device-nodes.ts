import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from '../../../../kit/errors.ts';
import type { Check } from '../../check.ts';
import { type Finding, failure, notApplicable, ok, warning } from '../../finding.ts';
import type { Machine } from '../../machine.ts';
import { answeringGpus } from '../gpus/gpu-check.ts';

export const deviceNodes: Check = {
  name: 'device_nodes',
  title: 'device files',
  group: 'permissions',
  run: async (machine) => {
    const { driver, dev } = machine;
    if (driver.kind === 'not_asked') return notApplicable(driver.reason);
    const names = nodesOf(machine);
    const problems = await Promise.all(names.map(async (name) => [name, await problemOf(join(dev, name))] as const));
    return judgeDeviceNodes(
      dev,
      names,
      new Map(problems.flatMap(([name, problem]) => (problem === undefined ? [] : [[name, problem] as const]))),
      driver.kind === 'answered',
    );
  },
};

type Problem = 'missing' | 'not allowed';

function nodesOf(machine: Machine): readonly string[] {
  const minors = answeringGpus(machine).flatMap(({ identity }) => identity.minor ?? []);
  return ['nvidiactl', ...minors.map((minor) => `nvidia${minor}`)];
}

/** Looks at the rights only: to open the file of a GPU would start the GPU. */
async function problemOf(path: string): Promise<Problem | undefined> {
  try {
    await access(path, constants.R_OK | constants.W_OK);
    return undefined;
  } catch (error) {
    return errnoOf(error) === 'ENOENT' ? 'missing' : 'not allowed';
  }
}

/** To see anything, NVML needs nvidiactl; a driver that answers without it is one that works otherwise. */
export function judgeDeviceNodes(
  dev: string,
  names: readonly string[],
  problems: ReadonlyMap<string, Problem>,
  driverAnswers: boolean,
): Finding {
  if (problems.size === 0) return ok(`${names.join(', ')} in ${dev} can be read and written`);
  if (driverAnswers && problems.get('nvidiactl') === 'missing') {
    return notApplicable('this driver works without them, as in WSL');
  }
  const bad = driverAnswers ? warning : failure;
  const named = (wanted: Problem): readonly string[] =>
    [...problems].flatMap(([name, problem]) => (problem === wanted ? [name] : []));
  const missing = named('missing');
  const refused = named('not allowed');
  const found = [
    ...(missing.length === 0 ? [] : [`${dev} has no ${missing.join(', ')}`]),
    ...(refused.length === 0 ? [] : [`this user may not read and write ${refused.join(', ')}`]),
  ].join('; ');
  if (refused.length > 0) {
    return bad(found, 'let this user read and write them (NVreg_DeviceFileMode), or give the container the GPUs');
  }
  return bad(found, 'load the driver and start nvidia-persistenced or run nvidia-modprobe; give a container the GPUs');
}
