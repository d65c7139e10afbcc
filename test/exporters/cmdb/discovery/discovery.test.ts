import { setTimeout as sleep } from 'node:timers/promises';
import type { ConfiguredSource } from '../../../../exporters/cmdb/cmdb-file/sources-section.ts';
import { createDiscovery, type DiscoveryDeps } from '../../../../exporters/cmdb/discovery/discovery.ts';
import type { Observation, ObserveContext } from '../../../../exporters/cmdb/observation.ts';
import type { FailedLook, Look, LookResult } from '../../../../exporters/cmdb/store/cmdb-store.ts';
import { systemClock } from '../../../../kit/clock.ts';
import { SourceError } from '../../../../kit/errors.ts';
import { createLog } from '../../../../kit/log.ts';
import { observation } from '../../../support/cmdb-observed.ts';
import { eventually } from '../../../support/eventually.ts';

const result: LookResult = {
  plan: { created: [], updated: [], unchanged: [], returned: [], missing: [], findings: [] },
  refusal: undefined,
  counts: { created: 0, updated: 0, missing: 0, returned: 0 },
  isDryRun: false,
};

/** Stands in for the database: it writes down what it is asked to take over. */
function recorder(isLeader = () => true) {
  const looks: Look[] = [];
  const failures: FailedLook[] = [];
  const lines: string[] = [];
  const deps: DiscoveryDeps = {
    store: {
      look: async (look) => {
        looks.push(look);
        return result;
      },
      lookFailed: async (failure) => {
        failures.push(failure);
      },
      looks: async () => [],
    },
    isLeader,
    fence: async () => undefined,
    clock: systemClock,
    log: createLog({ level: 'info', format: 'logfmt', daemon: 'cmdb', write: (line) => void lines.push(line) }),
    readFile: () => '',
    random: () => 0,
  };
  return { looks, failures, lines, deps };
}

function source(
  observe: (context: ObserveContext) => Promise<Observation>,
  more: Partial<ConfiguredSource> = {},
): ConfiguredSource {
  return {
    name: 'scan',
    type: 'test',
    everySeconds: 1,
    mayCreate: true,
    maxMissingRatio: 0.2,
    create: (deps) => {
      expect(deps.readFile).toBeDefined();
      return { name: 'scan', type: 'test', observe };
    },
    ...more,
  };
}

const check = () => [];

test('a source is looked at again and again', async () => {
  const { looks, deps } = recorder();
  const discovery = createDiscovery([source(async () => observation([]))], check, deps);
  discovery.start();
  await eventually('two looks', () => looks[1]);
  await discovery.stop();
  expect(looks[0]).toMatchObject({ source: 'scan', type: 'test', maxMissingRatio: 0.2, mayCreate: true, check });
});

test('only the leader looks when it is time; whoever is asked does', async () => {
  const { looks, deps } = recorder(() => false);
  const discovery = createDiscovery([source(async () => observation([]))], check, deps);
  discovery.start();
  await sleep(50);
  expect(looks).toEqual([]);
  await discovery.look('scan', { isDryRun: true, allowMissing: true, actor: 'ann' });
  expect(looks).toMatchObject([{ isDryRun: true, maxMissingRatio: Number.POSITIVE_INFINITY, actor: 'ann' }]);
  await discovery.stop();
});

test('a source that fails is on record, told once, and tried again', async () => {
  const { looks, failures, lines, deps } = recorder();
  let isBroken = true;
  const discovery = createDiscovery(
    [
      source(async () => {
        if (isBroken) throw new SourceError('https://bmc: no answer within 5 s');
        return observation([]);
      }),
    ],
    check,
    deps,
  );
  discovery.start();
  await eventually('two failures', () => failures[1]);
  expect(failures[0]).toMatchObject({ source: 'scan', reason: 'https://bmc: no answer within 5 s' });
  isBroken = false;
  await eventually('a look', () => looks[0]);
  await discovery.stop();
  expect(lines.filter((line) => line.includes('not taken over'))).toHaveLength(1);
  expect(lines.filter((line) => line.includes('again'))).toHaveLength(1);
});

test('looks of one source never overlap', async () => {
  const { deps } = recorder();
  let running = 0;
  let most = 0;
  const discovery = createDiscovery(
    [
      source(async () => {
        running += 1;
        most = Math.max(most, running);
        await sleep(5);
        running -= 1;
        return observation([]);
      }),
    ],
    check,
    deps,
  );
  await Promise.all([1, 2, 3].map(() => discovery.look('scan', {})));
  expect(most).toBe(1);
  await discovery.stop();
});

test('a look that hangs ends with the daemon and is no failure', async () => {
  const { failures, deps } = recorder();
  const discovery = createDiscovery([source(() => new Promise(() => undefined))], check, deps);
  discovery.start();
  await eventually('a look that is under way', () => discovery.sources()[0]?.progress);
  await discovery.stop();
  expect(failures).toEqual([]);
});

test('progress can be seen', async () => {
  const { deps } = recorder();
  const discovery = createDiscovery(
    [
      source(async ({ onProgress }) => {
        onProgress(3, 10);
        expect(discovery.sources()[0]?.progress).toEqual([3, 10]);
        return observation([]);
      }),
    ],
    check,
    deps,
  );
  await discovery.look('scan', {});
  expect(discovery.sources()[0]?.progress).toBeUndefined();
  expect(discovery.look('other', {})).toBeUndefined();
  await discovery.stop();
});

test('a new configuration takes the place of the old one', async () => {
  const { looks, deps } = recorder();
  const discovery = createDiscovery([source(async () => observation([]))], check, deps);
  discovery.start();
  await eventually('a look', () => looks[0]);
  await discovery.replace([source(async () => observation([]), { name: 'other', everySeconds: 0 })], check);
  expect(discovery.sources()).toEqual([{ name: 'other', type: 'test', everySeconds: 0, progress: undefined }]);
  const before = looks.length;
  await sleep(30);
  expect(looks.length).toBe(before);
  await discovery.stop();
});
