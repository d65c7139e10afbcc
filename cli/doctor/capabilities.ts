import { readProcFile } from '../../exporters/gpu/sources/processes/proc-file.ts';

/** What a process may do beyond its user. */
export interface Capabilities {
  readonly number: number;
  readonly has: { readonly syslog: boolean; readonly sysAdmin: boolean };
}

/** Numbers of capabilities in linux/capability.h. */
const bits = { sysAdmin: 21, syslog: 34 } as const;
const maxStatusBytes = 16_384;

export async function readCapabilities(statusFile: string): Promise<Capabilities | undefined> {
  const status = await readProcFile(statusFile, maxStatusBytes);
  return status && parseCapabilities(status.toString('latin1'));
}

/** From the text of /proc/<pid>/status, in which CapEff is a mask in hexadecimal. */
export function parseCapabilities(status: string): Capabilities | undefined {
  const [, hex] = /^CapEff:\s*([0-9a-f]{1,16})$/m.exec(status) ?? [];
  if (hex === undefined) return undefined;
  const mask = BigInt(`0x${hex}`);
  const has = (bit: number): boolean => ((mask >> BigInt(bit)) & 1n) === 1n;
  return {
    number: [...mask.toString(2)].filter((digit) => digit === '1').length,
    has: { syslog: has(bits.syslog), sysAdmin: has(bits.sysAdmin) },
  };
}
