import type { Check } from '../../check.ts';
import { type Finding, failure, ok } from '../../finding.ts';
import type { Runtime } from '../../machine.ts';

/** As `engines` in package.json has it. */
export const oldestNode = '20.19.0';

export const runtime: Check = {
  name: 'runtime',
  title: 'Node.js',
  group: 'driver',
  run: (machine) => judgeRuntime(machine.runtime),
};

/** NVIDIA builds NVML for Linux with glibc only. */
export function judgeRuntime({ node, platform, glibc }: Runtime): Finding {
  const found = `${node} on ${platform}, ${glibc === undefined ? 'no glibc' : `glibc ${glibc}`}`;
  if (platform !== 'linux') return failure(found, 'run the exporter on Linux; NVML is not to be had elsewhere');
  if (glibc === undefined) {
    return failure(
      found,
      'use an image with glibc, such as one of Debian, Ubuntu or Red Hat; NVML does not load with musl',
    );
  }
  if (isOlder(node, oldestNode)) return failure(found, `install Node.js ${oldestNode} or newer`);
  return ok(found);
}

function isOlder(version: string, than: string): boolean {
  return version.localeCompare(than, 'en', { numeric: true }) < 0;
}
