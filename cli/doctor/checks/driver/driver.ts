import type { Check } from '../../check.ts';
import type { DriverFault } from '../../driver-exam.ts';
import { failure, notApplicable, ok } from '../../finding.ts';
import { splitRemedy } from '../../reason.ts';

export const driverRemedy =
  'look for lines with NVRM or Xid in the kernel log (dmesg); if they do not help, reboot the node';

export const driver: Check = {
  name: 'driver',
  title: 'NVIDIA driver',
  group: 'driver',
  run: ({ driver: exam }) => {
    switch (exam.kind) {
      case 'not_asked':
        return notApplicable(exam.reason);
      case 'unavailable':
        if (exam.state === 'library_not_found') return notApplicable('without its library it cannot be asked');
        return { status: 'failure', ...splitRemedy(exam.message) };
      case 'silent':
        return failure(exam.faults.map(faultText).join('; '), driverRemedy);
      case 'answered': {
        const { driver: version, cuda, nvml } = exam.reading.versions;
        return ok(`${version ?? 'of unknown version'}, CUDA ${cuda ?? 'unknown'}, NVML ${nvml ?? 'unknown'}`);
      }
    }
  },
};

export function faultText({ gpu, how }: DriverFault): string {
  return gpu === undefined ? `it ${how}` : `GPU ${gpu} ${how}`;
}
