import { spawnNvmlChild } from '../../exporters/gpu/sources/nvml/child-process.ts';

const probeSeconds = 15;

export type NvmlProbe = { readonly gpus: number } | { readonly reason: string; readonly isInstalled: boolean };

/** Asks the driver in a process of its own how many GPUs there are; a driver that hangs counts as none. */
export function probeNvml(libraries: readonly string[]): Promise<NvmlProbe> {
  return new Promise((resolve) => {
    let result: NvmlProbe = { reason: `the driver did not answer within ${probeSeconds} s`, isInstalled: true };
    const timer = setTimeout(() => {
      child.kill();
      child.abandon();
      resolve(result);
    }, probeSeconds * 1000);
    const child = spawnNvmlChild(
      { libraries, skip: [] },
      {
        onProgress: () => {},
        onComplaint: () => {},
        onAnswer: (answer) => {
          if (answer.kind === 'ready') {
            result =
              answer.gpuCount > 0 ? { gpus: answer.gpuCount } : { reason: 'NVML finds no GPU', isInstalled: true };
          }
          if (answer.kind === 'init-failed') {
            result = { reason: answer.message, isInstalled: answer.state !== 'library_not_found' };
          }
          child.terminate();
        },
        onExit: () => {
          clearTimeout(timer);
          resolve(result);
        },
      },
    );
  });
}
