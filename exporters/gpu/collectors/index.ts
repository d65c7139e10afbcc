import { activity } from './activity.ts';
import { allocation } from './allocation.ts';
import { attributed } from './attributed.ts';
import { clocks } from './clocks.ts';
import { cost } from './cost.ts';
import { driver } from './driver.ts';
import { ecc } from './ecc.ts';
import { engines } from './engines.ts';
import { fan } from './fan.ts';
import type { GpuCollector } from './gpu-collector.ts';
import { health } from './health.ts';
import { info } from './info.ts';
import { jobs } from './jobs.ts';
import { memory } from './memory.ts';
import { mig } from './mig.ts';
import { modes } from './modes.ts';
import { nvlink } from './nvlink.ts';
import { pages } from './pages.ts';
import { pcie } from './pcie.ts';
import { pods } from './pods.ts';
import { power } from './power.ts';
import { recovery } from './recovery.ts';
import { rows } from './rows.ts';
import { thermal } from './thermal.ts';
import { throttle } from './throttle.ts';
import { traffic } from './traffic.ts';
import { utilization } from './utilization.ts';
import { vgpu } from './vgpu.ts';
import { xid } from './xid.ts';

/** Every collector of the GPU exporter; a law test compares the list with the folder. */
export const gpuCollectors: readonly GpuCollector[] = [
  driver,
  health,
  info,
  utilization,
  memory,
  thermal,
  power,
  clocks,
  throttle,
  engines,
  activity,
  mig,
  fan,
  pcie,
  traffic,
  nvlink,
  ecc,
  rows,
  pages,
  recovery,
  modes,
  vgpu,
  xid,
  cost,
  pods,
  jobs,
  allocation,
  attributed,
];
