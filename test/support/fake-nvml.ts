import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import koffi from 'koffi';
import type { ThrottleReason } from '../../exporters/gpu/reading.ts';

/** Parts of NVML that older or stripped libraries lack. */
export type MissingPart =
  | 'MEMORY_V2'
  | 'TEMPERATURE_V'
  | 'FIELD_VALUES'
  | 'CLOCKS_EVENT_REASONS'
  | 'EVENTS'
  | 'GPM'
  | 'MIG'
  | 'PROCESSES_V3'
  | 'PROCESSES_V2'
  | 'PROCESS_DETAILS'
  | 'CONF_COMPUTE'
  | 'PROCESS_UTILIZATION';

const sources = join(import.meta.dirname, 'fake-nvml');
const folder = join(import.meta.dirname, '..', '..', '.tools', 'fake-nvml');

/** Builds the fake libnvidia-ml, unless it is there and newer than its source, and returns its path. Needs gcc. */
export function buildFakeNvml({ without = [] }: { readonly without?: readonly MissingPart[] } = {}): string {
  const parts = [...without].sort();
  const library = join(
    folder,
    ['full', ...parts.map((part) => `without-${part.toLowerCase()}`)].join('-'),
    'libnvidia-ml.so.1',
  );
  if (existsSync(library) && statSync(library).mtimeMs > newestSource()) return library;
  mkdirSync(join(library, '..'), { recursive: true });
  // Tests in other processes may load the library meanwhile, so it appears complete or not at all.
  const unfinished = `${library}.${process.pid}`;
  compile(
    parts.map((part) => `-DWITHOUT_${part}`),
    unfinished,
  );
  renameSync(unfinished, library);
  return library;
}

function cFiles(): readonly string[] {
  return readdirSync(sources)
    .filter((name) => name.endsWith('.c'))
    .map((name) => join(sources, name));
}

function newestSource(): number {
  return Math.max(...readdirSync(sources).map((name) => statSync(join(sources, name)).mtimeMs));
}

function compile(defines: readonly string[], output: string): void {
  const flags = ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-Werror', '-fPIC', '-shared', '-Wl,-Bsymbolic'];
  try {
    execFileSync('gcc', [...flags, ...defines, '-o', output, ...cFiles()], { stdio: 'pipe', encoding: 'utf8' });
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (isMissing)
      throw new Error('gcc is needed to build the fake NVML library; install it (apt-get install gcc libc6-dev)');
    throw error;
  }
}

/** Names of `gpu.<index>.<key>` and `all.<key>` lines; numbers in NVML's own units (percent, MHz, mW, mJ, bytes). */
export type FakeValue =
  | 'utilization'
  | 'memory_utilization'
  | 'memory_total'
  | 'memory_reserved'
  | 'memory_used'
  | 'temperature'
  | 'memory_temperature'
  | 'slowdown'
  | 'shutdown'
  | 'memory_max'
  | 'power_mw'
  | 'energy_mj'
  | 'limit_mw'
  | 'limit_default_mw'
  | 'limit_min_mw'
  | 'limit_max_mw'
  | 'graphics_mhz'
  | 'sm_mhz'
  | 'memory_mhz'
  | 'sm_max_mhz'
  | 'memory_max_mhz'
  | 'reasons'
  | 'fan'
  | 'pcie_generation'
  | 'pcie_generation_max'
  | 'pcie_width'
  | 'pcie_width_max'
  | 'pcie_replays'
  | 'ecc_correctable_volatile'
  | 'ecc_uncorrectable_volatile'
  | 'ecc_correctable_aggregate'
  | 'ecc_uncorrectable_aggregate'
  | 'event_types'
  | 'hang'
  | 'crash';

/** Numbers that the parts of the library beside its core know. */
export type FakeNumber =
  | 'minor'
  | 'power_instant_mw'
  | 'nvlinks'
  | 'nvlinks_down'
  | `nvlink_${'tx_kib' | 'rx_kib' | 'replays' | 'recoveries' | 'crc_flit' | 'crc_data'}`
  | `throttle_${ThrottleReason}_ns`
  | 'encoder'
  | 'decoder'
  | 'jpeg'
  | 'ofa'
  | `pcie_${'tx' | 'rx'}_bytes`
  | `rows_${'correctable' | 'uncorrectable' | 'pending' | 'failure'}`
  | `banks_${'max' | 'high' | 'partial' | 'low' | 'none'}`
  | `pages_${'correctable' | 'uncorrectable' | 'pending'}`
  | 'recovery_action'
  | 'compute_mode'
  | 'persistence'
  | 'ecc_pending'
  | 'virtualization'
  | `licence_${'supported' | 'features' | 'enabled'}`
  | 'licensed'
  | 'mig'
  | 'mig_pending'
  | 'gpm'
  | 'process_count';

type FunctionName = `nvml${string}`;
/** What `unsupported=` may name besides a function. */
export type FakeGroup =
  | 'serial'
  | 'vbios'
  | 'pci'
  | 'utilization'
  | 'memory'
  | 'temperature'
  | 'memory_temperature'
  | 'threshold'
  | 'power'
  | 'power_limit'
  | 'energy'
  | 'clocks'
  | 'max_clocks'
  | 'reasons'
  | 'fan'
  | 'pcie'
  | 'replays'
  | 'ecc'
  | 'ecc_mode'
  | 'ecc_mode_fields'
  | 'engines'
  | 'modes'
  | 'nvlink'
  | 'nvlink_state_each'
  | `nvlink_${'bytes' | 'errors'}_${'each' | 'sum'}`
  | 'pcie_bytes'
  | 'power_instant'
  | 'recovery'
  | 'rows'
  | 'row_fields'
  | 'throttle'
  | 'vgpu'
  | 'fields'
  | 'events'
  | 'gpm'
  | 'mig'
  | 'processes'
  | 'process_utilization'
  | 'conf_compute';

/** A line of the state file; later lines win. Without lines: 8 healthy H100-like GPUs. */
export type FakeLine =
  | `count=${number}`
  | `driver=${string}`
  | `nvml=${string}`
  | `cuda=${number}`
  | `name=${string}`
  /** nvmlInit returns this code. */
  | `init=${number}`
  /** Every call returns this code, as when the driver is unloaded under a running process. */
  | `driver_gone=${number}`
  /** Every call to this GPU fails. */
  | `gpu.${number}=${'lost' | 'reset_required' | 'not_found' | number}`
  /** hang=1 blocks every call to the GPU until the line is gone, crash=1 is a real SIGSEGV. */
  | `gpu.${number}.${FakeValue}=${number}`
  | `all.${FakeValue}=${number}`
  | `gpu.${number}.${FakeNumber}=${number}`
  | `all.${FakeNumber}=${number}`
  | `gpu.${number}.uuid=${string}`
  /** This function returns the code, for all GPUs or for one. */
  | `error.${FunctionName}=${number}`
  | `gpu.${number}.error.${FunctionName}=${number}`
  /** This field id of nvmlDeviceGetFieldValues returns the code, also with one scope alone. */
  | `gpu.${number}.field.${number}=${number}`
  | `gpu.${number}.field.${number}.${number}=${number}`
  /** This function blocks until the line is gone. */
  | `hang=${FunctionName}`
  | `unsupported=${FakeGroup | FunctionName}`
  | `version_mismatch=${'memory_v2' | 'temperature_v'}`
  /** off: the driver zeroes the field entries; untouched: it does not write them. */
  | `ecc=${'on' | 'off' | 'untouched'}`
  /** sequence:gpu:code:MIG GPU instance; delivered once to each event set that was listening before the line appeared. */
  | `xid=${number}:${number}:${number}`
  | `xid=${number}:${number}:${number}:${number}`
  /** GPU instance:compute instance:profile of the MIG device in a slot, and its UUID if the test minds. */
  | `gpu.${number}.mig.${number}=${number}:${number}:${string}`
  /** This function returns the code for the MIG device in the slot. */
  | `gpu.${number}.mig.${number}.error.${FunctionName}=${number}`
  /** Names of MIG devices do not end with the profile. */
  | `mig_names=off`
  /** What GPM says of a metric: a percentage, MiB per second, nan, inf, or untouched; and the code with which a metric fails. */
  | `gpu.${number}.gpm.${number}=${string}`
  | `gpu.${number}.gpm_instance.${number}.${number}=${string}`
  | `gpu.${number}.gpm_error.${number}=${number}`
  /** pid:bytes:SM percent:GPU instance:kind, where the bytes may be unknown, - is no instance, and what is left out is compute. */
  | `gpu.${number}.process=${number}:${number | 'unknown'}`
  | `gpu.${number}.process=${number}:${number | 'unknown'}:${number}`
  | `gpu.${number}.process=${number}:${number | 'unknown'}:${number}:${number | '-'}:${'compute' | 'mps' | 'graphics'}`
  /** pid:microseconds:SM percent of nvmlDeviceGetProcessUtilization. */
  | `gpu.${number}.sample=${number}:${number}:${number}`
  /** Samples that are not newer than was asked for are delivered too. */
  | 'old_samples=yes'
  /** The process lists have the long entries of some 535 drivers. */
  | 'process_struct=32'
  /** The process lists of GPUs do not tell the MIG instance. */
  | 'process_instances=off'
  /** nvmlShutdown appends a line to this file. */
  | `shutdown_log=${string}`;

/** Replaces the state file in one step; running processes follow at their next call. */
export function writeFakeState(path: string, lines: readonly FakeLine[]): void {
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, lines.map((line) => `${line}\n`).join(''));
  renameSync(unfinished, path);
}

/**
 * Makes the library follow a state file in this process, and be as before nvmlInit. A child process takes FAKE_NVML_STATE from its
 * environment instead; jest hands tests a copy of the environment, which a C library does not see.
 */
export function useFakeState(library: string, statePath: string): void {
  koffi.load(library).func('fakeNvmlUseState', 'void', ['str'])(statePath);
}
