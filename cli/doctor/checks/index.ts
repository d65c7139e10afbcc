import type { Check } from '../check.ts';
import { hostProcesses } from './container/host-processes.ts';
import { kind } from './container/kind.ts';
import { migMonitor } from './container/mig-monitor.ts';
import { nvidiaRuntime } from './container/nvidia-runtime.ts';
import { driver } from './driver/driver.ts';
import { kernelModule } from './driver/kernel-module.ts';
import { library } from './driver/library.ts';
import { runtime } from './driver/runtime.ts';
import { configuration } from './exporter/configuration.ts';
import { port } from './exporter/port.ts';
import { activity } from './gpus/activity.ts';
import { clocks } from './gpus/clocks.ts';
import { count } from './gpus/count.ts';
import { ecc } from './gpus/ecc.ts';
import { mig } from './gpus/mig.ts';
import { persistence } from './gpus/persistence.ts';
import { readingTime } from './gpus/reading-time.ts';
import { readings } from './gpus/readings.ts';
import { recovery } from './gpus/recovery.ts';
import { rows } from './gpus/rows.ts';
import { deviceNodes } from './permissions/device-nodes.ts';
import { user } from './permissions/user.ts';
import { countersFile } from './sources/counters-file.ts';
import { jobFiles } from './sources/job-files.ts';
import { kernelLog } from './sources/kernel-log.ts';
import { podList } from './sources/pod-list.ts';
import { podLogs } from './sources/pod-logs.ts';
import { podResources } from './sources/pod-resources.ts';
import { stateFile } from './sources/state-file.ts';
import { xidEvents } from './sources/xid-events.ts';

/** In the order of the report. */
export const checks: readonly Check[] = [
  runtime,
  library,
  driver,
  kernelModule,
  count,
  readings,
  activity,
  readingTime,
  clocks,
  ecc,
  rows,
  recovery,
  mig,
  persistence,
  deviceNodes,
  user,
  xidEvents,
  kernelLog,
  podResources,
  podList,
  podLogs,
  jobFiles,
  stateFile,
  countersFile,
  kind,
  nvidiaRuntime,
  hostProcesses,
  migMonitor,
  configuration,
  port,
];
