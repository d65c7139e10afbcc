import { eventSet, gpmSample } from '../handles.ts';
import type { Protocol } from '../protocol.ts';
import { eventWait } from './event-wait.ts';
import { fieldValues } from './field-values.ts';
import { giver, gpuByIndex, gpuOfMig, maker, migByIndex } from './given-handles.ts';
import { gpmMetrics, gpmSampleGet } from './gpm.ts';
import { plain } from './plain.ts';
import { processSamples, runningProcesses } from './process-lists.ts';

const bySymbol: ReadonlyMap<string, Protocol> = new Map([
  ['nvmlDeviceGetHandleByIndex', gpuByIndex],
  ['nvmlDeviceGetHandleByIndex_v2', gpuByIndex],
  ['nvmlDeviceGetMigDeviceHandleByIndex', migByIndex],
  ['nvmlDeviceGetDeviceHandleFromMigDeviceHandle', gpuOfMig],
  ['nvmlDeviceGetFieldValues', fieldValues],
  ['nvmlEventSetCreate', maker(eventSet)],
  ['nvmlEventSetFree', giver],
  ['nvmlEventSetWait', eventWait],
  ['nvmlEventSetWait_v2', eventWait],
  ['nvmlGpmSampleAlloc', maker(gpmSample)],
  ['nvmlGpmSampleFree', giver],
  ['nvmlGpmSampleGet', gpmSampleGet],
  ['nvmlGpmMigSampleGet', gpmSampleGet],
  ['nvmlGpmMetricsGet', gpmMetrics],
  ['nvmlDeviceGetProcessUtilization', processSamples],
]);

/** How calls of a function are recorded and replayed; those that are not special write a text, numbers or a struct. */
export function protocolOf(symbol: string): Protocol {
  return bySymbol.get(symbol) ?? (/RunningProcesses(_v\d+)?$/.test(symbol) ? runningProcesses : plain);
}
