import type { InitFailure } from './protocol.ts';

const remedies: Readonly<Record<InitFailure, string>> = {
  library_not_found:
    'no NVML on this machine: install the NVIDIA driver, mount libnvidia-ml.so.1 into the container, name it with --nvml.library, or use --source=simulated',
  driver_not_loaded:
    'the NVIDIA kernel driver is not loaded: run nvidia-smi as root, or modprobe nvidia, and look into dmesg',
  version_mismatch:
    'NVML library and kernel driver are of different versions: reboot, or reload the driver after its update',
  no_permission: 'no permission to talk to the driver: give the process access to /dev/nvidiactl and /dev/nvidia*',
  failed: 'NVML could not be initialised',
};

/** What to tell the person who runs the machine, once for each change of state. */
export function remedyFor(state: InitFailure): string {
  return remedies[state];
}
