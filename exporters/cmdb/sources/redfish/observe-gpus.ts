import { identitiesOf, serialIdentity, uuidIdentity } from '../../model/identity.ts';
import type { ItemDraft } from './item-draft.ts';
import { idOf, type Resource, slotOf, textOf } from './resource.ts';

/** Version of a video BIOS of NVIDIA, such as 96.00.89.00.01. */
const vbiosForm = /^[0-9A-F]{2}(\.[0-9A-F]{2}){4}$/i;
const plainUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function observeGpus(gpus: readonly Resource[], server: string): readonly ItemDraft[] {
  return gpus.map((gpu) => {
    const vendor = textOf(gpu, 'Manufacturer');
    const id = textOf(gpu, 'Id', 'Name');
    const serial = textOf(gpu, 'SerialNumber');
    const uuid = gpuUuid(textOf(gpu, 'UUID'), vendor);
    const firmware = textOf(gpu, 'FirmwareVersion');
    const isVbios = firmware !== undefined && vbiosForm.test(firmware);
    return {
      key: `${server}/gpu/${idOf(gpu) ?? id ?? ''}`,
      class: 'gpu',
      identities: identitiesOf(uuidIdentity(uuid), serialIdentity(serial, vendor)),
      attributes: {
        vendor,
        model: textOf(gpu, 'Model'),
        part_number: textOf(gpu, 'PartNumber'),
        serial,
        uuid,
        slot: slotOf(gpu) ?? id,
        vbios_version: isVbios ? firmware : undefined,
        firmware_version: isVbios ? undefined : firmware,
      },
      relations: [{ type: 'installed_on', to: server }],
    };
  });
}

/** Controllers leave out the prefix with which the driver shows the same UUID. */
function gpuUuid(uuid: string | undefined, vendor: string | undefined): string | undefined {
  if (uuid === undefined || uuidIdentity(uuid) === undefined) return undefined;
  return plainUuid.test(uuid) && /nvidia/i.test(vendor ?? '') ? `GPU-${uuid.toLowerCase()}` : uuid;
}
