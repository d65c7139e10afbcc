/** What a return code calls for. */
export type ReturnClass =
  | 'ok'
  | 'lifecycle'
  | 'gpu-fatal'
  | 'unsupported'
  | 'transient'
  | 'permission'
  | 'protocol'
  | 'other';

/** Return codes that the code has to name; the others only pass through `nameOf` and `classOf`. */
export const returnCode = {
  success: 0,
  invalidArgument: 2,
  notSupported: 3,
  noPermission: 4,
  notFound: 6,
  insufficientSize: 7,
  driverNotLoaded: 9,
  timeout: 10,
  libraryNotFound: 12,
  functionNotFound: 13,
  gpuIsLost: 15,
  versionMismatch: 18,
  argumentVersionMismatch: 25,
} as const;

// nvmlReturn_t of nvml.h, CUDA 13.3.
const codes: Readonly<Record<number, readonly [name: string, kind: ReturnClass]>> = {
  0: ['success', 'ok'],
  1: ['uninitialized', 'lifecycle'],
  2: ['invalid_argument', 'other'],
  3: ['not_supported', 'unsupported'],
  4: ['no_permission', 'permission'],
  5: ['already_initialized', 'other'],
  6: ['not_found', 'protocol'],
  7: ['insufficient_size', 'protocol'],
  8: ['insufficient_power', 'other'],
  9: ['driver_not_loaded', 'lifecycle'],
  10: ['timeout', 'transient'],
  11: ['irq_issue', 'other'],
  12: ['library_not_found', 'other'],
  13: ['function_not_found', 'unsupported'],
  14: ['corrupted_inforom', 'other'],
  15: ['gpu_is_lost', 'gpu-fatal'],
  16: ['reset_required', 'gpu-fatal'],
  17: ['operating_system', 'transient'],
  18: ['lib_rm_version_mismatch', 'lifecycle'],
  19: ['in_use', 'transient'],
  20: ['memory', 'other'],
  21: ['no_data', 'transient'],
  22: ['vgpu_ecc_not_supported', 'unsupported'],
  23: ['insufficient_resources', 'other'],
  24: ['freq_not_supported', 'other'],
  25: ['argument_version_mismatch', 'protocol'],
  26: ['deprecated', 'unsupported'],
  27: ['not_ready', 'transient'],
  28: ['gpu_not_found', 'gpu-fatal'],
  29: ['invalid_state', 'other'],
  30: ['reset_type_not_supported', 'other'],
  999: ['unknown', 'transient'],
};

/** NVML's own name of the code in snake_case; a code newer than this table becomes `code_<number>`. */
export function nameOf(code: number): string {
  return codes[code]?.[0] ?? `code_${code}`;
}

export function classOf(code: number): ReturnClass {
  return codes[code]?.[1] ?? 'other';
}
