import { clocks } from './clocks.ts';
import { driver } from './driver.ts';
import { ecc } from './ecc.ts';
import { fan } from './fan.ts';
import type { GpuCollector } from './gpu-collector.ts';
import { health } from './health.ts';
import { info } from './info.ts';
import { memory } from './memory.ts';
import { pcie } from './pcie.ts';
import { power } from './power.ts';
import { thermal } from './thermal.ts';
import { utilization } from './utilization.ts';
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
  fan,
  pcie,
  ecc,
  xid,
];
