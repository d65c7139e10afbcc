import type { Family, GpuReading } from '../../../reading.ts';
import { activity } from './activity.ts';
import { clocks } from './clocks.ts';
import { ecc } from './ecc.ts';
import { engines } from './engines.ts';
import type { FamilyReader } from './family.ts';
import { fan } from './fan.ts';
import { memory } from './memory.ts';
import { mig } from './mig.ts';
import { modes } from './modes.ts';
import { nvlink } from './nvlink.ts';
import { pages } from './pages.ts';
import { pcie } from './pcie.ts';
import { power } from './power.ts';
import { processes } from './processes.ts';
import { recovery } from './recovery.ts';
import { rows } from './rows.ts';
import { thermal } from './thermal.ts';
import { throttle } from './throttle.ts';
import { traffic } from './traffic.ts';
import { utilization } from './utilization.ts';
import { vgpu } from './vgpu.ts';

/** How each family of readings is taken. */
export const familyReaders: { readonly [F in Family]: FamilyReader<NonNullable<GpuReading[F]>> } = {
  utilization,
  memory,
  thermal,
  power,
  clocks,
  throttle,
  engines,
  activity,
  traffic,
  mig,
  fan,
  pcie,
  nvlink,
  ecc,
  rows,
  pages,
  recovery,
  modes,
  vgpu,
  processes,
};
