const device = 'uintptr_t';
const eventSet = 'uintptr_t';
const out = 'void *';
const u32 = 'uint32';
const u64 = 'uint64';

const scalar = [device, out] as const;
const selected = [device, u32, out] as const;
const text = [device, out, u32] as const;

/** Every NVML function that we call, with its C arguments; all of them return nvmlReturn_t. */
export const symbols = {
  nvmlInit: [],
  nvmlInit_v2: [],
  nvmlShutdown: [],
  nvmlSystemGetDriverVersion: [out, u32],
  nvmlSystemGetNVMLVersion: [out, u32],
  nvmlSystemGetCudaDriverVersion: [out],
  nvmlDeviceGetCount: [out],
  nvmlDeviceGetCount_v2: [out],
  nvmlDeviceGetHandleByIndex: [u32, out],
  nvmlDeviceGetHandleByIndex_v2: [u32, out],

  nvmlDeviceGetUUID: text,
  nvmlDeviceGetName: text,
  nvmlDeviceGetSerial: text,
  nvmlDeviceGetVbiosVersion: text,
  nvmlDeviceGetPciInfo_v3: scalar,
  nvmlDeviceGetMinorNumber: scalar,

  nvmlDeviceGetUtilizationRates: scalar,
  nvmlDeviceGetMemoryInfo: scalar,
  nvmlDeviceGetMemoryInfo_v2: scalar,
  nvmlDeviceGetTemperature: selected,
  nvmlDeviceGetTemperatureV: scalar,
  nvmlDeviceGetTemperatureThreshold: selected,
  nvmlDeviceGetPowerUsage: scalar,
  nvmlDeviceGetEnforcedPowerLimit: scalar,
  nvmlDeviceGetPowerManagementDefaultLimit: scalar,
  nvmlDeviceGetPowerManagementLimitConstraints: [device, out, out],
  nvmlDeviceGetTotalEnergyConsumption: scalar,
  nvmlDeviceGetClockInfo: selected,
  nvmlDeviceGetMaxClockInfo: selected,
  nvmlDeviceGetCurrentClocksEventReasons: scalar,
  nvmlDeviceGetCurrentClocksThrottleReasons: scalar,
  nvmlDeviceGetFanSpeed: scalar,
  nvmlDeviceGetCurrPcieLinkGeneration: scalar,
  nvmlDeviceGetMaxPcieLinkGeneration: scalar,
  nvmlDeviceGetCurrPcieLinkWidth: scalar,
  nvmlDeviceGetMaxPcieLinkWidth: scalar,
  nvmlDeviceGetPcieReplayCounter: scalar,
  nvmlDeviceGetTotalEccErrors: [device, u32, u32, out],
  nvmlDeviceGetFieldValues: [device, 'int', out],

  nvmlEventSetCreate: [out],
  nvmlEventSetFree: [eventSet],
  nvmlEventSetWait: [eventSet, out, u32],
  nvmlEventSetWait_v2: [eventSet, out, u32],
  nvmlDeviceGetSupportedEventTypes: scalar,
  nvmlDeviceRegisterEvents: [device, u64, eventSet],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type SymbolName = keyof typeof symbols;
