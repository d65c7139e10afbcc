import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simulatedCluster } from '../../cli/simulate/cluster.ts';
import type { FakeBmcSettings } from '../../cli/simulate/redfish/fake-bmc.ts';
import {
  type FakeRedfish,
  type FakeRedfishSettings,
  startFakeRedfish,
} from '../../cli/simulate/redfish/fake-redfish.ts';
import type { FlavourName } from '../../cli/simulate/redfish/flavours/index.ts';
import { simulatedBmcs } from '../../cli/simulate/redfish/simulated-bmcs.ts';
import type { Observation } from '../../exporters/cmdb/observation.ts';
import { readRedfishConfig } from '../../exporters/cmdb/sources/redfish/redfish-config.ts';
import { createRedfishSource, type RedfishSource } from '../../exporters/cmdb/sources/redfish/redfish-source.ts';
import { type Clock, systemClock } from '../../kit/clock.ts';
import { createLog } from '../../kit/log.ts';

export const user = 'inventory-reader';
export const password = 'correct horse:battery"staple';

/** A fake controller for each flavour, named like it; the machine inside is the same. */
export function bmcsOf(names: readonly FlavourName[], more: Partial<FakeBmcSettings> = {}): readonly FakeBmcSettings[] {
  const [first] = simulatedBmcs(simulatedCluster(1), { seed: 7, gpus: 8, user, password });
  if (first === undefined) throw new Error('a cluster of one node has one controller');
  return names.map((flavour) => ({ ...first, name: flavour, flavour, transitionSeconds: 0.05, ...more }));
}

export interface RedfishSetUp {
  readonly fake: FakeRedfish;
  readonly source: RedfishSource;
  readonly logged: () => string;
  readonly folder: string;
  readonly stop: () => Promise<void>;
}

interface SetUpOptions extends Omit<FakeRedfishSettings, 'bmcs'> {
  /** Keys of the source in the configuration, beside bmcs and credentials. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Keys of each controller. */
  readonly each?: Readonly<Record<string, unknown>>;
  readonly clock?: Clock;
}

/** Starts a fake Redfish service, and a source that is configured for it as an operator would. */
export async function startRedfish(
  bmcs: readonly FakeBmcSettings[],
  { config = {}, each = {}, clock = systemClock, ...settings }: SetUpOptions = {},
): Promise<RedfishSetUp> {
  const fake = await startFakeRedfish({ bmcs, ...settings });
  const folder = mkdtempSync(join(tmpdir(), 'redfish-'));
  writeFileSync(join(folder, 'username'), `${user}\n`);
  writeFileSync(join(folder, 'password'), password);
  const values: Readonly<Record<string, unknown>> = {
    bmcs: bmcs.map(({ name }) => ({ url: fake.urlOf(name), node: `node-${name}`, ...each })),
    credentials_dir: folder,
    timeout: '2s',
    ...config,
  };
  const lines: string[] = [];
  const log = createLog({ level: 'debug', format: 'json', daemon: 'cmdb', write: (line) => lines.push(line) });
  const readFile = (path: string): string => readFileSync(path, 'utf8');
  const read = readRedfishConfig((key) => ({ value: values[key], where: `sources[0].${key}` }), { readFile });
  const source = createRedfishSource('bmcs', read, { readFile, clock, log });
  return {
    fake,
    source,
    folder,
    logged: () => lines.join(''),
    stop: async () => {
      await source.stop();
      await fake.stop();
    },
  };
}

export function observe(source: RedfishSource, signal = new AbortController().signal): Promise<Observation> {
  return source.observe({ signal, onProgress: () => {} });
}

export const anySignal = new AbortController().signal;
