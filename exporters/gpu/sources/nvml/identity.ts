import type { Identity } from '../../reading.ts';
import { type Device, textOf } from './device.ts';

// Sizes of nvml.h: NVML_DEVICE_NAME_V2_BUFFER_SIZE, ..._SERIAL_..., ..._VBIOS_VERSION_..., and busId of nvmlPciInfo_t at 36.
const capacity = { name: 96, serial: 30, vbios: 32 } as const;
const pciInfo = { size: 68, busIdAt: 36 } as const;

/** Facts about the board; each is undefined where the board does not tell. */
export function readIdentity(device: Device, known: Identity): Identity {
  return {
    model: device.text('nvmlDeviceGetName', capacity.name),
    serial: device.text('nvmlDeviceGetSerial', capacity.serial),
    pciBusId: known.pciBusId ?? readPciBusId(device),
    vbios: device.text('nvmlDeviceGetVbiosVersion', capacity.vbios),
    minor: device.constant('nvmlDeviceGetMinorNumber'),
  };
}

function readPciBusId(device: Device): string | undefined {
  const info = device.struct('nvmlDeviceGetPciInfo_v3', { size: pciInfo.size });
  return info === undefined ? undefined : textOf(info.subarray(pciInfo.busIdAt));
}
