import type { Processes } from '../../../reading.ts';
import { failedOnInstance, listMigDevices, readMigMode } from '../mig-devices.ts';
import type { ListedProcess } from '../process-entries.ts';
import { mergeProcesses, openProcessLists, type ProcessLists } from '../process-lists.ts';
import { notMeasured, openProcessTimes } from '../process-times.ts';
import { returnCode } from '../return-codes.ts';
import type { FamilyReader, OpenFamily, OpenGpu } from './family.ts';

export const processes: FamilyReader<Processes> = { tier: 'processes', fields: [], open };

function open(gpu: OpenGpu): OpenFamily<Processes> {
  const lists = openProcessLists(gpu);
  const times = openProcessTimes(gpu);

  return {
    read() {
      const isMig = readMigMode(gpu.device)?.enabled === true;
      // In MIG mode no driver measures processes, and what it measured before is of no use after it.
      if (isMig) times.forget();
      const list = isMig ? readOfMig(gpu, lists) : lists.read(gpu.deps.handle, gpu.device.failed);
      const shares = isMig ? notMeasured : times.read();
      if (list === undefined) return undefined;
      return {
        list: list.map(({ pid, ...rest }) => ({ pid, ...rest, smRatio: shares.of(pid) })),
        smMeasured: shares.measured,
      };
    },
  };
}

/**
 * The list of the GPU as a whole needs privileges in MIG mode, and older ones do not tell the instance. What it leaves open is asked of
 * each MIG device.
 */
function readOfMig(gpu: OpenGpu, lists: ProcessLists): readonly ListedProcess[] | undefined {
  const whole = lists.read(gpu.deps.handle, (symbol, code) => {
    if (code !== returnCode.noPermission) gpu.device.failed(symbol, code);
  });
  const located = whole?.filter(({ gpuInstanceId }) => gpuInstanceId !== undefined) ?? [];
  if (whole !== undefined && whole.length > 0 && located.length === whole.length) return whole;
  const ofDevices = listMigDevices(gpu).map(({ handle, gpuInstanceId }) =>
    lists
      .read(handle, (symbol, code) => failedOnInstance(gpu, symbol, code))
      ?.map((each) => ({ ...each, gpuInstanceId })),
  );
  if (whole === undefined && ofDevices.every((list) => list === undefined)) return undefined;
  const found = mergeProcesses([...located, ...ofDevices.flatMap((list) => list ?? [])]);
  const pids = new Set(found.map(({ pid }) => pid));
  return [...found, ...(whole ?? []).filter(({ pid }) => !pids.has(pid))];
}
