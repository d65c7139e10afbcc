import { identitiesOf, placementIdentity, serialIdentity } from '../../model/identity.ts';
import type { BmcTarget } from './bmc-target.ts';
import type { ItemDraft } from './item-draft.ts';
import { idOf, numberOf, type Resource, slotOf, textOf } from './resource.ts';

export function diskItem(target: BmcTarget, drive: Resource, server: string): ItemDraft {
  const id = textOf(drive, 'Id', 'Name');
  const maker = textOf(drive, 'Manufacturer');
  const serial = textOf(drive, 'SerialNumber');
  const capacity = numberOf(drive, 'CapacityBytes');
  return {
    key: `${server}/disk/${idOf(drive) ?? id ?? ''}`,
    class: 'disk',
    name: textOf(drive, 'Name', 'Id'),
    identities: identitiesOf(serialIdentity(serial, maker) ?? placementIdentity(target.name, 'disk', id)),
    attributes: {
      vendor: maker,
      model: textOf(drive, 'Model'),
      part_number: textOf(drive, 'PartNumber'),
      serial,
      slot: slotOf(drive),
      firmware_version: textOf(drive, 'Revision', 'FirmwareVersion'),
      capacity_bytes: capacity === undefined || capacity <= 0 ? undefined : capacity,
    },
    relations: [{ type: 'installed_on', to: server }],
  };
}

export function supplyItem(target: BmcTarget, supply: Resource, server: string): ItemDraft {
  const id = textOf(supply, 'MemberId', 'Id', 'Name');
  const maker = textOf(supply, 'Manufacturer');
  const serial = textOf(supply, 'SerialNumber');
  return {
    key: `${server}/power_supply/${idOf(supply) ?? id ?? ''}`,
    class: 'power_supply',
    name: textOf(supply, 'Name', 'MemberId', 'Id'),
    identities: identitiesOf(serialIdentity(serial, maker) ?? placementIdentity(target.name, 'power_supply', id)),
    attributes: {
      vendor: maker,
      model: textOf(supply, 'Model'),
      part_number: textOf(supply, 'PartNumber', 'SparePartNumber'),
      serial,
      slot: slotOf(supply) ?? id,
      firmware_version: textOf(supply, 'FirmwareVersion'),
    },
    relations: [{ type: 'installed_on', to: server }],
  };
}
