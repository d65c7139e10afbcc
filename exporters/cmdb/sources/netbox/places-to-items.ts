import { externalIdentity, nameIdentity, serialIdentity } from '../../model/identity.ts';
import { cleanNumber } from '../clean-text.ts';
import { type JsonFields, textIn } from '../json-value.ts';
import type { ObservedItems } from '../observed-items.ts';
import type { NetBoxObjects } from './lists.ts';
import { customAttributes, idIn, keyOf, type NetBoxMapping, stateOf } from './netbox-fields.ts';

/** Sites, locations, racks, tenants and clusters. */
export function addPlaces(objects: NetBoxObjects, mapping: NetBoxMapping, items: ObservedItems): void {
  for (const site of objects.sites) addNamed('site', 'dcim.site', site, mapping, items);
  for (const tenant of objects.tenants) addNamed('tenant', 'tenancy.tenant', tenant, mapping, items);
  for (const cluster of objects.clusters) addNamed('cluster', 'virtualization.cluster', cluster, mapping, items);
  for (const location of objects.locations) addLocation(location, mapping, items);
  for (const rack of objects.racks) addRack(rack, mapping, items);
}

/** To whom it belongs. */
export function ownBy(items: ObservedItems, key: string, object: JsonFields): void {
  items.relate(key, 'owned_by', keyOf('tenancy.tenant', idIn(object, 'tenant')));
}

/** The nearest of the places that the object names. */
export function placeOf(object: JsonFields): string | undefined {
  return (
    keyOf('dcim.rack', idIn(object, 'rack')) ??
    keyOf('dcim.location', idIn(object, 'location')) ??
    keyOf('dcim.site', idIn(object, 'site'))
  );
}

function addNamed(
  itemClass: 'site' | 'tenant' | 'cluster',
  type: string,
  object: JsonFields,
  mapping: NetBoxMapping,
  items: ObservedItems,
): void {
  const id = idIn(object) ?? 0;
  const key = items.add({
    key: `${type}:${id}`,
    class: itemClass,
    name: textIn(object, 'name'),
    state: stateOf(object, mapping),
    identities: [
      externalIdentity(mapping.system, type, id),
      nameIdentity(textIn(object, 'name')),
      nameIdentity(textIn(object, 'slug')),
    ],
    attributes: { description: textIn(object, 'description'), ...customAttributes(object, mapping) },
  });
  ownBy(items, key, object);
  if (itemClass === 'cluster') items.relate(key, 'located_in', placeOf(object) ?? scopeOf(object));
}

/** Since 4.2 a cluster has a scope, which may be a site or a location, where it had a site. */
function scopeOf(object: JsonFields): string | undefined {
  const type = textIn(object, 'scope_type');
  return type === 'dcim.site' || type === 'dcim.location' ? keyOf(type, idIn(object, 'scope_id')) : undefined;
}

function addLocation(location: JsonFields, mapping: NetBoxMapping, items: ObservedItems): void {
  const id = idIn(location) ?? 0;
  const name = textIn(location, 'name');
  const key = items.add({
    key: `dcim.location:${id}`,
    class: 'room',
    name,
    state: stateOf(location, mapping),
    identities: [externalIdentity(mapping.system, 'dcim.location', id), ...namesWithin(location, name)],
    ifUnique: [nameIdentity(name)],
    attributes: { description: textIn(location, 'description'), ...customAttributes(location, mapping) },
  });
  items.relate(
    key,
    'located_in',
    keyOf('dcim.location', idIn(location, 'parent')) ?? keyOf('dcim.site', idIn(location, 'site')),
  );
  ownBy(items, key, location);
}

function addRack(rack: JsonFields, mapping: NetBoxMapping, items: ObservedItems): void {
  const id = idIn(rack) ?? 0;
  const name = textIn(rack, 'name');
  const vendor = textIn(rack, 'rack_type', 'manufacturer', 'name');
  const key = items.add({
    key: `dcim.rack:${id}`,
    class: 'rack',
    name,
    state: stateOf(rack, mapping),
    identities: [
      externalIdentity(mapping.system, 'dcim.rack', id),
      serialIdentity(textIn(rack, 'serial'), vendor),
      ...namesWithin(rack, name),
    ],
    ifUnique: [nameIdentity(name)],
    attributes: {
      vendor,
      model: textIn(rack, 'rack_type', 'model'),
      serial: textIn(rack, 'serial'),
      asset_tag: textIn(rack, 'asset_tag'),
      role: textIn(rack, 'role', 'slug'),
      rack_units: cleanNumber(rack['u_height']),
      ...customAttributes(rack, mapping),
    },
  });
  items.relate(
    key,
    'located_in',
    keyOf('dcim.location', idIn(rack, 'location')) ?? keyOf('dcim.site', idIn(rack, 'site')),
  );
  ownBy(items, key, rack);
}

/** With the site in front, by its name and by its slug: people write either. */
function namesWithin(object: JsonFields, name: string | undefined) {
  return [nameIdentity(textIn(object, 'site', 'name'), name), nameIdentity(textIn(object, 'site', 'slug'), name)];
}
