import { type FakeAnswer, failure } from './fake-answer.ts';
import type { BmcFault, FakeBmc } from './fake-bmc.ts';
import type { JsonResource } from './fake-machine.ts';

const hugeBytes = 6 * 1024 * 1024;

/** Answers that a fault alone decides. */
const whole: Readonly<Partial<Record<BmcFault, () => FakeAnswer>>> = {
  html: () => ({
    status: 200,
    text: '<!DOCTYPE html><html><body>Please log in</body></html>',
    headers: { 'content-type': 'text/html' },
  }),
  unavailable: () => ({ status: 503, headers: { 'retry-after': '30' } }),
  redirect: () => ({ status: 301, headers: { location: 'https://elsewhere.example/redfish/v1/' } }),
  huge: () => ({ status: 200, text: `{"a":"${'x'.repeat(hugeBytes)}"}` }),
};

/** Faults of a part of the service alone. */
const brokenPaths: Readonly<Partial<Record<BmcFault, RegExp>>> = {
  broken_part: /\/(Processors|EthernetInterfaces|PCIeDevices)$/,
  broken_log: /\/LogServices$/,
};

export function faultyAnswer({ faults, settings }: FakeBmc, path: string): FakeAnswer | undefined {
  for (const fault of faults) {
    const answer = whole[fault]?.();
    if (answer !== undefined) return answer;
    if (brokenPaths[fault]?.test(path)) return { status: 500 };
  }
  return faults.has('chatty') && !/Sessions$|v1$/.test(path)
    ? failure(400, `${settings.user} with ${settings.password} may not read this.`)
    : undefined;
}

/** The answer of a controller that lies, or whose links lead nowhere good. */
export function distorted({ faults }: FakeBmc, resource: JsonResource): JsonResource {
  const told: Record<string, unknown> = { ...resource };
  const own = resource['@odata.id'];
  const members = resource['Members'];
  if (faults.has('cycle') && Array.isArray(members)) {
    told['Members'] = [...members, { '@odata.id': own }];
    told['Members@odata.nextLink'] = own;
  }
  if (faults.has('escape') && Array.isArray(members))
    told['Members'] = [
      ...members,
      { '@odata.id': 'http://169.254.169.254/latest/meta-data' },
      { '@odata.id': '/redfish/../../etc' },
    ];
  return faults.has('lies') ? JSON.parse(JSON.stringify(told, lie)) : told;
}

const lies: Readonly<Record<string, unknown>> = {
  ReadingCelsius: 6000,
  PowerConsumedWatts: -5,
  PowerInputWatts: -5,
  SerialNumber: 'Default string',
  SKU: 'Default string',
  UUID: '00000000-0000-0000-0000-000000000000',
  MACAddress: '00:00:00:00:00:00',
  PermanentMACAddress: '00:00:00:00:00:00',
};

function lie(key: string, value: unknown): unknown {
  return Object.hasOwn(lies, key) ? lies[key] : value;
}
