import { SourceError } from '../../../../kit/errors.ts';
import { cleanNumber } from '../clean-text.ts';
import { fieldsIn, isFields, type JsonFields, listIn, ownField, textIn } from '../json-value.ts';
import { isVirtualDisk, isVirtualInterface } from '../virtual-device.ts';

const mebibyte = 1024 * 1024;
const maxParts = 1000;
const withoutHardware = new Set(['bridge', 'loopback', 'bonding', 'tunnel']);

/** Facts of one host, by their names without `ansible_`. */
export interface Facts {
  readonly text: (...path: readonly string[]) => string | undefined;
  readonly number: (name: string) => number | undefined;
  readonly value: (name: string) => unknown;
}

/** One file of the cache: facts with the prefix ansible_ at its top, or without it below ansible_facts. Throws SourceError. */
export function factsOf(json: unknown): Facts {
  if (!isFields(json)) throw new SourceError('it must hold an object of facts');
  const inner = json['ansible_facts'];
  const sources: readonly JsonFields[] = isFields(inner) ? [inner, json] : [json];
  const value = (name: string): unknown => {
    for (const each of sources)
      for (const key of [`ansible_${name}`, name]) if (Object.hasOwn(each, key)) return each[key];
    return undefined;
  };
  const names = sources.flatMap((each) => Object.keys(each));
  if (!names.some((name) => /^(ansible_)?(hostname|fqdn|nodename|distribution|kernel|product_name)$/.test(name)))
    throw new SourceError('it holds no facts that setup gathers; gather facts with fact_caching = jsonfile');
  return {
    value,
    text: (name, ...path) => textIn(value(name ?? ''), ...path),
    number: (name) => cleanNumber(value(name)),
  };
}

export interface InterfaceFacts {
  readonly device: string;
  readonly mac: string | undefined;
  /** Bits per second. */
  readonly speed: number | undefined;
}

/** Interfaces with hardware behind them. In the name of a fact, what is no letter or digit became _. */
export function interfacesOf(facts: Facts): readonly InterfaceFacts[] {
  const devices = listIn(facts.value('interfaces')).filter((device) => typeof device === 'string');
  return devices.slice(0, maxParts).flatMap((device) => {
    const fields = fieldsIn(facts.value(device.replaceAll(/[^A-Za-z0-9_]/g, '_')));
    if (isVirtualInterface(device) || withoutHardware.has(textIn(fields, 'type') ?? '')) return [];
    const megabits = cleanNumber(fields['speed']);
    const speed = megabits !== undefined && megabits > 0 ? megabits * 1e6 : undefined;
    return [{ device, mac: textIn(fields, 'macaddress'), speed }];
  });
}

export interface DiskFacts {
  readonly device: string;
  readonly model: string | undefined;
  readonly vendor: string | undefined;
  readonly serial: string | undefined;
}

export function disksOf(facts: Facts): readonly DiskFacts[] {
  const devices = Object.entries(fieldsIn(facts.value('devices'))).filter(([device]) => !isVirtualDisk(device));
  return devices.slice(0, maxParts).flatMap(([device, fields]) => {
    const isRemovable = textIn(fields, 'removable') === '1';
    const disk = {
      device,
      model: textIn(fields, 'model'),
      vendor: textIn(fields, 'vendor'),
      serial: textIn(fields, 'serial'),
    };
    return isRemovable || (disk.model === undefined && disk.serial === undefined) ? [] : [disk];
  });
}

/** Full name where lsb_release is installed, so that it is the same that other sources tell. */
export function osNameOf(facts: Facts): string | undefined {
  const full = facts.text('lsb', 'description');
  if (full !== undefined) return full;
  const name = facts.text('distribution');
  const version = facts.text('distribution_version');
  return name === undefined || version === undefined ? name : `${name} ${version}`;
}

export function memoryBytesOf(facts: Facts): number | undefined {
  const mebibytes = facts.number('memtotal_mb');
  return mebibytes === undefined ? undefined : mebibytes * mebibyte;
}

/** A fact that the user wrote into /etc/ansible/facts.d, by its path such as asset.general.rack. */
export function localFact(facts: Facts, path: string): string | number | boolean | undefined {
  let at = facts.value('local');
  for (const key of path.split('.')) at = ownField(at, key);
  return typeof at === 'string' || typeof at === 'number' || typeof at === 'boolean' ? at : undefined;
}
