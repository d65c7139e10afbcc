import { identitiesOf, nameIdentity, serialIdentity } from '../../model/identity.ts';
import type { Identity } from '../../model/item.ts';
import type { ObservedItem } from '../../observation.ts';
import type { BmcTarget } from './bmc-target.ts';
import type { ItemDraft } from './item-draft.ts';
import type { ControllerInventory } from './read-inventory.ts';
import { idOf, linksOf, partOf, type Resource, textOf } from './resource.ts';

/** An enclosure is an item of its own only where several servers share it or it says that it is one; else it is the server. */
export function enclosureItems(target: BmcTarget, { layout, systems }: ControllerInventory): readonly ItemDraft[] {
  const keys = new Set(
    systems.flatMap(({ system }) => enclosureKeyOf(target, layout.chassis, system, systems.length === 1) ?? []),
  );
  return layout.chassis.flatMap((chassis) => {
    const key = chassisKey(target, chassis);
    const maker = textOf(chassis, 'Manufacturer');
    const serial = textOf(chassis, 'SerialNumber');
    if (!keys.has(key)) return [];
    return [
      {
        key,
        class: 'chassis' as const,
        identities: identitiesOf(serialIdentity(serial, maker) ?? nameIdentity(target.name, textOf(chassis, 'Id'))),
        attributes: {
          vendor: maker,
          model: textOf(chassis, 'Model'),
          part_number: textOf(chassis, 'PartNumber'),
          serial,
          asset_tag: textOf(chassis, 'AssetTag'),
        },
        relations: rackRelations(chassis, target),
      },
    ];
  });
}

export function enclosureKeyOf(
  target: BmcTarget,
  chassis: readonly Resource[],
  system: Resource,
  isOne: boolean,
): string | undefined {
  const around = new Set(linksOf(partOf(system, 'Links'), 'Chassis'));
  const own = chassis.filter((each) => around.has(idOf(each) ?? ''));
  const enclosure =
    own.find((each) => textOf(each, 'ChassisType') === 'Enclosure') ??
    (isOne ? undefined : (own[0] ?? chassis.find((each) => textOf(each, 'ChassisType') === 'Enclosure')));
  return enclosure === undefined ? undefined : chassisKey(target, enclosure);
}

function chassisKey({ name }: BmcTarget, chassis: Resource): string {
  return `${name}/chassis/${idOf(chassis) ?? textOf(chassis, 'Id') ?? ''}`;
}

function rackOf(chassis: Resource | undefined): Identity | undefined {
  return nameIdentity(textOf(partOf(chassis ?? {}, 'Location', 'Placement'), 'Rack'));
}

/** Somebody may have written the rack into the controller. It is only mentioned: a typing error makes no rack. */
export function rackItems(chassis: Resource | undefined, target: BmcTarget): readonly ItemDraft[] {
  const rack = rackOf(chassis);
  if (rack === undefined) return [];
  return [{ key: `${target.name}/rack`, class: 'rack', identities: [rack], attributes: {}, isMention: true }];
}

export function rackRelations(chassis: Resource | undefined, { name }: BmcTarget): ObservedItem['relations'] {
  return rackOf(chassis) === undefined ? [] : [{ type: 'located_in', to: `${name}/rack` }];
}
