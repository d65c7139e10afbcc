import { type DriverState, driverStates } from '../sources/nvml/protocol.ts';
import { restartReasons } from '../sources/source.ts';
import type { GpuCollector } from './gpu-collector.ts';

/** The connection to the driver itself. It has something to say above all when nobody else has. */
export const driver: GpuCollector = {
  name: 'driver',
  collect: (view, { emit, fail }) => {
    const { source, driver: present, restarts, reading, enumerated } = view;
    if (!wanted.includes(present)) fail(present);
    emit('gpu_source_info', { source }, 1);
    for (const state of driverStates) emit('gpu_driver_state', { state }, state === present ? 1 : 0);
    emit('gpu_driver_responsive', {}, responsive[present]);
    for (const reason of restartReasons) emit('gpu_driver_restarts_total', { reason }, restarts[reason]);
    emit('gpu_driver_reloads_total', {}, view.reloads);
    emit('gpu_driver_released_until_timestamp_seconds', {}, view.releasedUntilSeconds);
    emit('gpu_expected_devices', {}, view.expected);
    emit('gpu_devices', {}, enumerated);
    if (reading === undefined) return;
    const { driver: version = '', cuda = '', nvml = '' } = reading.versions;
    emit('gpu_driver_info', { driver: version, cuda, nvml }, 1);
  },
};

/** States in which nothing is wrong. */
const wanted: readonly DriverState[] = ['ok', 'starting', 'released'];

const responsive: Readonly<Record<DriverState, 0 | 1 | undefined>> = {
  ok: 1,
  released: undefined,
  unresponsive: 0,
  crashed: 0,
  starting: undefined,
  library_not_found: undefined,
  driver_not_loaded: undefined,
  version_mismatch: undefined,
  no_permission: undefined,
  failed: undefined,
};
