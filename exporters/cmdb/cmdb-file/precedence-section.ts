import { entriesOf, listOf, oneOf, optional, type Place } from '../../../kit/config-values.ts';
import type { Precedence } from '../inventory/precedence.ts';
import type { ConfiguredSource } from './sources-section.ts';

/** Whom to believe if nobody says otherwise: records that people keep, then what the hardware says of itself, then what others say of it. */
const typesInOrder = ['csv', 'yaml', 'file', 'netbox', 'redfish', 'prometheus', 'kubernetes', 'ansible', 'lldp'];

/** `precedence` is a list of sources, `precedence_of` one for single attributes; the rest follows in the usual order. */
export function readPrecedence(order: Place, ofAttribute: Place, sources: readonly ConfiguredSource[]): Precedence {
  const usual = ['import', ...[...sources].sort((a, b) => rankOf(a) - rankOf(b)).map(({ name }) => name)];
  const read = (place: Place): readonly string[] => listOf(place, usual.length).map((name) => oneOf(name, usual));
  const given = read(order);
  const all = [...given, ...usual.filter((name) => !given.includes(name))];
  const attributes = optional(ofAttribute, (place) => entriesOf(place, 200)) ?? [];
  return {
    order: all,
    ofAttribute: new Map(
      attributes.map(([attribute, value]) => {
        const first = read({ value, where: `${ofAttribute.where}.${attribute}` });
        return [attribute, [...first, ...all.filter((name) => !first.includes(name))]];
      }),
    ),
  };
}

function rankOf({ type }: ConfiguredSource): number {
  const place = typesInOrder.indexOf(type);
  return place < 0 ? typesInOrder.length : place;
}
