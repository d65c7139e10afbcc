import { ConfigError } from '../../../../kit/errors.ts';
import { type BmcAddress, isFingerprint } from './bmc-address.ts';
import { expandRange } from './expand-range.ts';

const maxFields = 3;

/**
 * One controller on each line: its host or address, then its node and the SHA-256 of its certificate where they are known, in any order.
 * `#` begins a comment. Throws ConfigError that names file and line.
 */
export function parseTargets(file: string, text: string, max: number): readonly BmcAddress[] {
  const found: BmcAddress[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const fields = line
      .replace(/#.*$/, '')
      .split(/\s+/)
      .filter((field) => field !== '');
    if (fields.length > 0) found.push(...addressesOf(fields, `${file}:${index + 1}`));
    if (found.length > max) throw new ConfigError(`${file} has more than ${max} management controllers`);
  }
  return found;
}

function addressesOf([address = '', ...rest]: readonly string[], where: string): readonly BmcAddress[] {
  const fingerprint = rest.find(isFingerprint);
  const node = rest.find((field) => !isFingerprint(field));
  const isDouble = rest.length !== [fingerprint, node].filter((field) => field !== undefined).length;
  if (rest.length >= maxFields || isDouble)
    throw new ConfigError(`${where} must have a host or address, then at most a node and a SHA-256`);
  const nodes = node === undefined ? undefined : expandRange({ where }, node);
  const addresses = expandRange({ where }, address);
  if (nodes !== undefined && nodes.length !== addresses.length)
    throw new ConfigError(`${where} stands for ${addresses.length} controllers and ${nodes.length} nodes`);
  return addresses.map((each, index) => ({
    ...(each.includes('://') ? { url: each } : { host: each }),
    node: nodes?.[index],
    fingerprint,
    where,
  }));
}
