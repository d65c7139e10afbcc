import { join } from 'node:path';
import { readProcFile } from '../../../../exporters/gpu/sources/processes/proc-file.ts';
import type { Check } from '../../check.ts';
import { type Finding, failure, notApplicable, ok } from '../../finding.ts';

const maxBytes = 4096;

export const kernelModule: Check = {
  name: 'kernel_module',
  title: 'kernel module',
  group: 'driver',
  run: async ({ driver, options }) => {
    if (driver.kind === 'not_asked') return notApplicable(driver.reason);
    const file = join(options['path.procfs'], 'driver', 'nvidia', 'version');
    const text = (await readProcFile(file, maxBytes))?.toString('latin1');
    if (text === undefined) return notApplicable(`${file} is not there`);
    return judgeKernelModule(text, driver.kind === 'answered' ? driver.reading.versions.nvml : undefined);
  },
};

/**
 * `text` is that of /proc/driver/nvidia/version. The version of NVML is that of the driver which it came with, after
 * the major version of CUDA: 13.580.65.06.
 */
export function judgeKernelModule(text: string, nvmlVersion: string | undefined): Finding {
  const [, version] = /Kernel Module(?: for \S+)? +(\d+(?:\.\d+)+)/.exec(text) ?? [];
  if (version === undefined) return notApplicable('it does not tell its version');
  const found = `${version}${text.includes('Open Kernel Module') ? ', the open one' : ''}`;
  const ofLibrary = nvmlVersion?.replace(/^\d{1,2}\.(?=\d+\.\d+)/, '');
  if (ofLibrary === undefined || ofLibrary === version) return ok(found);
  return failure(
    `${found}; the library is of ${ofLibrary}`,
    'reload the driver or reboot the node, and restart containers so that they get the new library',
  );
}
