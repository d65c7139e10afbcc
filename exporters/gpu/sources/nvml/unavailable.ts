import type { InitFailure } from './protocol.ts';
import { nameOf, returnCode } from './return-codes.ts';

/** The driver as a whole cannot be used, now or any more. The message is for people. */
export class DriverUnavailable extends Error {
  readonly state: InitFailure;

  constructor(state: InitFailure, message: string) {
    super(message);
    this.name = 'DriverUnavailable';
    this.state = state;
  }
}

/** One GPU does not answer any call: lost, needs a reset, or gone. The code says which. */
export class GpuUnavailable extends Error {
  readonly code: number;

  constructor(code: number) {
    super(nameOf(code));
    this.name = 'GpuUnavailable';
    this.code = code;
  }
}

const outcomes: Readonly<Record<number, readonly [state: InitFailure, text: string]>> = {
  [returnCode.driverNotLoaded]: [
    'driver_not_loaded',
    'the NVIDIA kernel driver is not loaded; load it (modprobe nvidia) and check that nvidia-smi works',
  ],
  [returnCode.versionMismatch]: [
    'version_mismatch',
    'the NVML library and the loaded kernel driver have different versions; reload the driver or reboot the node, ' +
      'and restart containers so that they get the new library',
  ],
  [returnCode.noPermission]: [
    'no_permission',
    'no permission to talk to the NVIDIA driver; run as a user who may open /dev/nvidiactl, or give the container the GPUs',
  ],
  [returnCode.libraryNotFound]: [
    'library_not_found',
    'NVML does not find a library that it needs; reinstall the NVIDIA driver so that all its libraries have one version',
  ],
};

/** Turns a return code that concerns the whole driver into an error that says what to do. */
export function driverUnavailable(symbol: string, code: number): DriverUnavailable {
  const [state, text] = outcomes[code] ?? ['failed', 'look for lines with NVRM in the kernel log (dmesg)'];
  return new DriverUnavailable(state, `${symbol} returned ${nameOf(code)} (${code}): ${text}`);
}
