const device = 'uintptr_t';
const eventSet = 'uintptr_t';
const gpmSample = 'uintptr_t';
const out = 'void *';
const u32 = 'uint32';
const u64 = 'uint64';

const scalar = [device, out] as const;
const selected = [device, u32, out] as const;
const pair = [device, out, out] as const;
const text = [device, out, u32] as const;
/** Number of entries, then the entries. */
const list = [device, out, out] as const;

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
  nvmlDeviceGetPowerManagementLimitConstraints: pair,
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
  nvmlDeviceGetEncoderUtilization: pair,
  nvmlDeviceGetDecoderUtilization: pair,
  nvmlDeviceGetJpgUtilization: pair,
  nvmlDeviceGetOfaUtilization: pair,
  nvmlDeviceGetNvLinkState: selected,
  nvmlDeviceGetNvLinkErrorCounter: [device, u32, u32, out],
  nvmlDeviceGetRemappedRows: [device, out, out, out, out],
  nvmlDeviceGetRowRemapperHistogram: scalar,
  nvmlDeviceGetComputeMode: scalar,
  nvmlDeviceGetPersistenceMode: scalar,
  nvmlDeviceGetEccMode: pair,
  nvmlDeviceGetVirtualizationMode: scalar,
  nvmlDeviceGetGridLicensableFeatures_v4: scalar,

  nvmlDeviceGetMigMode: pair,
  nvmlDeviceGetMaxMigDeviceCount: scalar,
  nvmlDeviceGetMigDeviceHandleByIndex: selected,
  nvmlDeviceGetGpuInstanceId: scalar,
  nvmlDeviceGetComputeInstanceId: scalar,
  nvmlDeviceGetAttributes_v2: scalar,

  nvmlGpmQueryDeviceSupport: scalar,
  nvmlGpmSampleAlloc: [out],
  nvmlGpmSampleFree: [gpmSample],
  nvmlGpmSampleGet: [device, gpmSample],
  nvmlGpmMigSampleGet: [device, u32, gpmSample],
  nvmlGpmMetricsGet: [out],

  nvmlDeviceGetComputeRunningProcesses: list,
  nvmlDeviceGetComputeRunningProcesses_v2: list,
  nvmlDeviceGetComputeRunningProcesses_v3: list,
  nvmlDeviceGetMPSComputeRunningProcesses: list,
  nvmlDeviceGetMPSComputeRunningProcesses_v2: list,
  nvmlDeviceGetMPSComputeRunningProcesses_v3: list,
  nvmlDeviceGetGraphicsRunningProcesses: list,
  nvmlDeviceGetGraphicsRunningProcesses_v2: list,
  nvmlDeviceGetGraphicsRunningProcesses_v3: list,
  nvmlDeviceGetConfComputeMemSizeInfo: scalar,
  nvmlDeviceGetRunningProcessDetailList: scalar,
  nvmlDeviceGetProcessUtilization: [device, out, out, u64],

  nvmlEventSetCreate: [out],
  nvmlEventSetFree: [eventSet],
  nvmlEventSetWait: [eventSet, out, u32],
  nvmlEventSetWait_v2: [eventSet, out, u32],
  nvmlDeviceGetSupportedEventTypes: scalar,
  nvmlDeviceRegisterEvents: [device, u64, eventSet],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type SymbolName = keyof typeof symbols;
