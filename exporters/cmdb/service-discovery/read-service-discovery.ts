import {
  booleanOf,
  entriesOf,
  fieldsOf,
  invalid,
  listOf,
  oneOf,
  optional,
  type Place,
  textOf,
  wholeOf,
} from '../../../kit/config-values.ts';
import { ConfigError } from '../../../kit/errors.ts';
import { durationOf } from '../../../kit/server-fields.ts';
import { factName, factPatternsOf } from '../facts/match-facts.ts';
import { type ItemClass, itemClasses } from '../model/item-class.ts';
import { type LifecycleState, lifecycleStates } from '../model/state.ts';
import { defaultLists, defaultSdSettings, plainList, type SdList, type SdSettings } from './sd-list.ts';

const maxLists = 100;
const maxLabels = 50;
const keys = ['max_shrink', 'max_age', 'ready_labels', 'file_sd_folder', 'lists'];
const listKeys = ['name', 'class', 'match', 'states', 'port', 'address', 'path', 'scheme', 'params', 'labels'];
const classes = Object.keys(itemClasses).filter((name): name is ItemClass => Object.hasOwn(itemClasses, name));
const states = Object.keys(lifecycleStates).filter((name): name is LifecycleState =>
  Object.hasOwn(lifecycleStates, name),
);

/** `service_discovery` of the configuration. A list of the name of a default one replaces it. Throws ConfigError. */
export function readServiceDiscovery(place: Place): SdSettings {
  if (place.value === undefined || place.value === null) return defaultSdSettings;
  const field = fieldsOf(place, keys);
  const own = listOf(field('lists'), maxLists).map(listAt);
  const names = new Set<string>();
  for (const [index, { name }] of own.entries()) {
    if (names.has(name)) throw new ConfigError(`${place.where}.lists[${index}].name: there are two lists ${name}`);
    names.add(name);
  }
  return {
    lists: [...defaultLists.filter(({ name }) => !names.has(name)), ...own],
    maxShrink: optional(field('max_shrink'), ratioOf) ?? defaultSdSettings.maxShrink,
    maxAgeSeconds: optional(field('max_age'), durationOf) ?? defaultSdSettings.maxAgeSeconds,
    hasReadyLabels: optional(field('ready_labels'), booleanOf) ?? true,
    fileFolder: optional(field('file_sd_folder'), textOf),
  };
}

function listAt(place: Place): SdList {
  const field = fieldsOf(place, listKeys);
  return {
    name: nameOf(field('name')),
    class: optional(field('class'), (given) => oneOf(given, classes)) ?? 'server',
    match: optional(field('match'), factPatternsOf) ?? {},
    states: optional(field('states'), statesOf) ?? plainList.states,
    port: wholeOf(field('port'), { min: 1, max: 65_535 }),
    address: optional(field('address'), addressesOf) ?? plainList.address,
    path: optional(field('path'), pathOf),
    scheme: optional(field('scheme'), (given) => oneOf(given, ['http', 'https'] as const)),
    params: optional(field('params'), paramsOf) ?? {},
    labels: optional(field('labels'), labelsOf) ?? {},
  };
}

function ratioOf(place: Place): number {
  const { value } = place;
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  throw invalid(place, 'a ratio from 0 to 1, such as 0.5');
}

function nameOf(place: Place): string {
  const name = textOf(place);
  if (/^[a-z][a-z0-9_-]{0,49}$/.test(name)) return name;
  throw invalid(place, 'a name of lower-case letters, digits, _ and -, at most 50, that begins with a letter');
}

function statesOf(place: Place): readonly LifecycleState[] {
  const given = listOf(place, states.length).map((each) => oneOf(each, states));
  if (given.length === 0) throw invalid(place, `a list of ${states.join(', ')}`);
  return given;
}

/** `{address}`, or several, the best first. */
function addressesOf(place: Place): readonly string[] {
  const given = typeof place.value === 'string' ? [place] : listOf(place, 20);
  if (given.length === 0) throw invalid(place, 'an attribute such as "{address}", or a list of them');
  return given.map((each) => {
    const [, name] = /^\{?([a-z][a-z0-9_]{0,62})\}?$/.exec(textOf(each)) ?? [];
    if (name === undefined) throw invalid(each, 'an attribute such as "{address}"');
    return name;
  });
}

function pathOf(place: Place): string {
  const text = textOf(place);
  if (/^\/[^?#\s]*$/.test(text)) return text;
  throw invalid(place, 'a path such as /metrics');
}

function paramsOf(place: Place): Readonly<Record<string, string>> {
  return Object.fromEntries(
    entriesOf(place, maxLabels).map(([name, value]) => {
      if (!/^[a-zA-Z_][a-zA-Z0-9_]{0,99}$/.test(name))
        throw new ConfigError(
          `${place.where} has the key ${JSON.stringify(name.slice(0, 80))}, which Prometheus cannot pass on`,
        );
      return [name, textOf({ value, where: `${place.where}.${name}` })];
    }),
  );
}

/** Which fact or attribute goes into which label. */
function labelsOf(place: Place): Readonly<Record<string, string>> {
  const taken = new Set<string>();
  return Object.fromEntries(
    entriesOf(place, maxLabels).map(([fact, value]) => {
      const at = { value, where: `${place.where}.${fact}` };
      if (!factName.test(fact))
        throw new ConfigError(`${place.where} has the key ${JSON.stringify(fact.slice(0, 80))}; keys are attributes`);
      const label = textOf(at);
      if (!/^(?!__)[a-zA-Z_][a-zA-Z0-9_]{0,99}$/.test(label))
        throw invalid(at, 'the name of a label: letters, digits and _, not beginning with a digit or __');
      if (taken.has(label)) throw invalid(at, 'a label that no other attribute goes into');
      taken.add(label);
      return [fact, label];
    }),
  );
}
