import { createCollectorRunner } from '../../kit/collector.ts';
import type { DaemonContext, Service } from '../../kit/daemon.ts';
import { reasonOf } from '../../kit/errors.ts';
import { fileSignature } from '../../kit/http/file-watch.ts';
import { createLeadership } from '../../kit/store/leadership.ts';
import { storePlace } from '../../kit/store/options.ts';
import { openStore } from '../../kit/store/store.ts';
import { cmdb } from '../../metrics/cmdb.ts';
import { cmdbHardware } from '../../metrics/cmdb-hardware.ts';
import { createRoleTokens } from './api/role-tokens.ts';
import { cmdbRoutes } from './api/routes/index.ts';
import { serveRoutes } from './api/serve-routes.ts';
import type { CmdbServices } from './api/services.ts';
import { type CmdbConfig, readCmdbFile } from './cmdb-file/cmdb-file.ts';
import { hardwareCollector } from './collectors/hardware.ts';
import { cmdbCollectors } from './collectors/index.ts';
import { createDiscovery, type Discovery } from './discovery/discovery.ts';
import { createHardwareWatch } from './discovery/hardware-watch.ts';
import { createFinder } from './find/create-finder.ts';
import { startFollowing } from './follow.ts';
import { joinControls } from './hardware/join-controls.ts';
import type { CmdbOptions } from './options.ts';
import { shownClassesOf } from './shown-classes.ts';
import { isRedfishSource, type RedfishSource } from './sources/redfish/redfish-source.ts';
import type { SourceType } from './sources/source-type.ts';
import { createStatus } from './status.ts';
import { createCmdbStore } from './store/cmdb-store.ts';
import { cmdbMigrations } from './store/migrations.ts';
import { type CmdbTables, cmdbSchema } from './store/tables.ts';
import type { SourceView } from './view.ts';

/** Collectors over state in memory take milliseconds, tens of them for a large fleet; the deadline is for a bug in one of them. */
const collectorDeadlineSeconds = 8;
const mebibyte = 1024 * 1024;

/** Opens the database, loads the inventory, looks at sources and serves what is known. Throws ConfigError. */
export async function startCmdb(
  context: DaemonContext<CmdbOptions>,
  types: readonly SourceType[],
): Promise<Service<CmdbOptions>> {
  const { options, clock, log, readFile } = context;
  let config = readCmdbFile(options['cmdb.file'], types, { readFile });
  const tokensFile = options['api.tokens-file'];
  const tokens =
    tokensFile === undefined ? undefined : createRoleTokens(tokensFile, { readFile, signatureOf: fileSignature, log });
  const database = await openStore<CmdbTables>({
    ...storePlace(options),
    schema: cmdbSchema,
    migrations: cmdbMigrations,
    log,
    clock,
  });
  const { db, transaction } = database;
  const store = await createCmdbStore({ db, transaction, clock, precedence: config.precedence });
  const leadership = createLeadership({ database: database.database, schema: cmdbSchema, name: 'jobs', log });
  const { isLeader, fence } = leadership;
  const discovery = createDiscovery(config.sources, config.classes.check, {
    store,
    isLeader,
    fence,
    clock,
    log,
    readFile,
    random: Math.random,
  });
  const hardware = joinControls(() => redfishSources(discovery).map((source) => source.hardware));
  const finder = createFinder(store.inventory);
  const status = createStatus(store);
  const following = startFollowing(options['cmdb.follow-interval'], { store, status, finder, log });
  const runnerDeps = { clock, log, deadlineSeconds: collectorDeadlineSeconds };
  const runner = createCollectorRunner(cmdb, cmdbCollectors, runnerDeps);
  const hardwareRunner = createCollectorRunner(cmdbHardware, [hardwareCollector], runnerDeps);
  const services: CmdbServices = {
    store,
    clock,
    log,
    finder,
    check: (item) => config.classes.check(item),
    sources: { list: discovery.sources, look: async (name, request) => discovery.look(name, request) },
    hardware,
    maxImportBytes: options['api.max-import-mib'] * mebibyte,
  };
  const shownClasses = shownClassesOf(options['info.classes']);
  const hardwareWatch = createHardwareWatch(() => redfishSources(discovery));
  leadership.start(hardwareWatch.lead);
  discovery.start();

  function applied(next: CmdbConfig): void {
    config = next;
    store.setPrecedence(next.precedence);
    discovery.replace(next.sources, next.classes.check).then(hardwareWatch.renew, (error: unknown) => {
      log.error('a source could not be closed', { reason: reasonOf(error) });
    });
  }

  return {
    families: async () => [
      ...(await runner.run({
        inventory: store.inventory,
        sources: sourceViews(discovery, status.looks()),
        findings: status.findings(),
        changes: store.changes,
        replica: {
          isLeader: isLeader(),
          store: database.kind,
          isStoreUp: database.trouble() === undefined && following.trouble() === undefined,
        },
        shownClasses,
        maxSeries: options['info.max-series'],
      })),
      ...(await hardwareRunner.run(hardware.statuses())),
    ],
    notReady: () => database.trouble(),
    links: [
      { path: '/api/v1/items', text: 'items of the inventory' },
      { path: '/api/v1/findings', text: 'what somebody has to look at' },
      { path: '/api/v1/sources', text: 'how discovery is doing' },
      { path: '/api/v1/openapi.json', text: 'description of the API' },
    ],
    routes: (app) => {
      const access = { tokens, read: options['api.read'], listenAddress: options['web.listen-address'] };
      serveRoutes(app, cmdbRoutes, { services, access, log });
    },
    reload: (next) => applied(readCmdbFile(next['cmdb.file'], types, { readFile })),
    stop: async () => {
      await Promise.all([discovery.stop(), following.stop(), leadership.stop()]);
      await database.close();
    },
  };
}

function redfishSources(discovery: Discovery): readonly RedfishSource[] {
  return discovery.opened().filter(isRedfishSource);
}

function sourceViews(
  discovery: Discovery,
  looks: ReturnType<ReturnType<typeof createStatus>['looks']>,
): readonly SourceView[] {
  return discovery.sources().map(({ name, type, everySeconds }) => ({
    name,
    type,
    everySeconds,
    last: looks.find(({ source }) => source === name),
  }));
}
