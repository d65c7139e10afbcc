import { createAlertmanagerClient } from '../../kit/alertmanager/silences-client.ts';
import { createRoleTokens } from '../../kit/api/role-tokens.ts';
import { serveRoutes } from '../../kit/api/serve-routes.ts';
import { createCollectorRunner } from '../../kit/collector.ts';
import type { DaemonContext, Service } from '../../kit/daemon.ts';
import { reasonOf } from '../../kit/errors.ts';
import { fileSignature } from '../../kit/http/file-watch.ts';
import { replaceFile } from '../../kit/replace-file.ts';
import { collectEarly } from '../../kit/small-heap.ts';
import { createLeadership } from '../../kit/store/leadership.ts';
import { storePlace } from '../../kit/store/options.ts';
import { openStore } from '../../kit/store/store.ts';
import { cmdb } from '../../metrics/cmdb.ts';
import { cmdbHardware } from '../../metrics/cmdb-hardware.ts';
import { createAlertContexts } from './alerts/alert-contexts.ts';
import { createAlertRelay } from './alerts/relay.ts';
import { explainCmdbError } from './api/explain-error.ts';
import { cmdbRoutes } from './api/routes/index.ts';
import type { CmdbServices } from './api/services.ts';
import { type CmdbConfig, readCmdbFile } from './cmdb-file/cmdb-file.ts';
import { hardwareCollector } from './collectors/hardware.ts';
import { factCollectors, stateCollectors } from './collectors/index.ts';
import { createDiscovery, type Discovery } from './discovery/discovery.ts';
import { createForgetting } from './discovery/forgetting.ts';
import { createHardwareWatch } from './discovery/hardware-watch.ts';
import { createDriftReports } from './expectations/drift-report.ts';
import { createFinder } from './find/create-finder.ts';
import { startFollowing } from './follow.ts';
import { joinControls } from './hardware/join-controls.ts';
import { disagreements } from './inventory/derived-findings.ts';
import { perRevision } from './inventory/per-revision.ts';
import { countWindows } from './maintenance/maintenance-window.ts';
import { itemsUnderMaintenance } from './maintenance/members.ts';
import { createSilenceSchedule } from './maintenance/silence-schedule.ts';
import { createSilenceSync, type SilenceSync } from './maintenance/silence-sync.ts';
import type { CmdbOptions } from './options.ts';
import { createFileLists } from './service-discovery/file-lists.ts';
import { createServiceDiscovery } from './service-discovery/service-discovery.ts';
import { shownClassesOf } from './shown-classes.ts';
import { isRedfishSource, type RedfishSource } from './sources/redfish/redfish-source.ts';
import type { SourceType } from './sources/source-type.ts';
import { createStatus, type Status } from './status.ts';
import { createCmdbStore } from './store/cmdb-store.ts';
import { createGoodCounts } from './store/good-counts.ts';
import { createMaintenanceBook } from './store/maintenance-book.ts';
import { cmdbMigrations } from './store/migrations.ts';
import { type CmdbTables, cmdbSchema } from './store/tables.ts';
import type { CmdbView, SourceView } from './view.ts';

/** Collectors over state in memory take milliseconds, tens of them for a large fleet; the deadline is for a bug in one of them. */
const collectorDeadlineSeconds = 8;
const mebibyte = 1024 * 1024;
const disagreementsIn = perRevision((inventory) =>
  [...inventory.items()].flatMap((item) => disagreements(inventory, item)),
);

/** Opens the database, loads the inventory, looks at sources and serves what is known. Throws ConfigError. */
export async function startCmdb(
  context: DaemonContext<CmdbOptions>,
  types: readonly SourceType[],
): Promise<Service<CmdbOptions>> {
  collectEarly();
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
  const { inventory } = store;
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
  const hardwareWatch = createHardwareWatch(() => redfishSources(discovery));
  const finder = createFinder(inventory);
  // The first look at everything takes most of a second for 50,000 items, which nobody should wait for later.
  finder.refresh(0);
  const status = createStatus(store);
  const maintenance = createMaintenanceBook({ db, store, clock });
  const lists = createServiceDiscovery(config.serviceDiscovery, {
    inventory,
    trouble: database.trouble,
    counts: createGoodCounts({ db, clock }),
    clock,
    log,
  });
  const contexts = createAlertContexts({ store, openWindows: maintenance.open, clock });
  const relay = createAlertRelay(config.relays, { contexts, externalUrl: config.externalUrl, readFile, log });
  const drift = createDriftReports(inventory, () => config.expectations);
  let fileLists = openFileLists();
  let silences = openSilences();
  const silenceSchedule = createSilenceSchedule(() => silences);
  const following = startFollowing(options['cmdb.follow-interval'], {
    tasks: [store.catchUp, status.refresh, maintenance.refresh],
    onFollowed: () => fileLists?.write(),
    finder,
    log,
  });
  const forgetting = createForgetting({
    forget: () => store.forgetGone(clock.now() - config.forgetAfterSeconds),
    log,
  });
  const runnerDeps = { clock, log, deadlineSeconds: collectorDeadlineSeconds };
  const factRunner = createCollectorRunner(cmdb, factCollectors, runnerDeps);
  const stateRunner = createCollectorRunner(cmdb, stateCollectors, runnerDeps);
  // Tens of thousands of lines that stay the same for hours.
  const facts = perRevision(() => factRunner.run(view()));
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
    expectations: () => config.expectations,
    isUnderMaintenance: (id) => underMaintenance().some((item) => item.id === id),
    maintenance,
    onWindowChanged: silenceSchedule.hurry,
    discovery: lists,
    contexts,
    relay,
    externalUrl: config.externalUrl,
  };
  const shownClasses = shownClassesOf(options['info.classes']);
  leadership.start((leading) => {
    hardwareWatch.lead(leading);
    silenceSchedule.lead(leading);
    forgetting.lead(leading);
  });
  discovery.start();

  function openFileLists() {
    const { fileFolder: folder } = config.serviceDiscovery;
    return folder === undefined ? undefined : createFileLists({ folder, discovery: lists, replaceFile, log });
  }

  function openSilences(): SilenceSync | undefined {
    const { alertmanager } = config;
    if (alertmanager === undefined) return undefined;
    const client = createAlertmanagerClient(alertmanager, { readFile });
    return createSilenceSync({ inventory, windows: maintenance.refresh, client, rules: alertmanager, clock, log });
  }

  function apply(next: CmdbConfig): void {
    config = next;
    store.setPrecedence(next.precedence);
    lists.setSettings(next.serviceDiscovery);
    relay.setRelays(next.relays);
    fileLists = openFileLists();
    silences = openSilences();
    silenceSchedule.hurry();
    discovery.replace(next.sources, next.classes.check).then(hardwareWatch.renew, (error: unknown) => {
      log.error('a source could not be closed', { reason: reasonOf(error) });
    });
  }

  function underMaintenance() {
    return itemsUnderMaintenance(inventory, maintenance.open());
  }

  function view(): CmdbView {
    return {
      inventory,
      sources: sourceViews(discovery, status),
      findings: [...status.findings(), ...disagreementsIn(inventory)],
      changes: store.changes,
      drift: drift(),
      maintenance: {
        items: underMaintenance(),
        windows: countWindows(maintenance.current(), clock.now()),
        isInSync: isLeader() ? silences?.isInSync() : undefined,
      },
      lists: lists.overview(),
      replica: {
        isLeader: isLeader(),
        store: database.kind,
        isStoreUp: database.trouble() === undefined && following.trouble() === undefined,
      },
      shownClasses,
      maxSeries: options['info.max-series'],
    };
  }

  return {
    families: async () => [
      ...(await facts(inventory)),
      ...(await stateRunner.run(view())),
      ...(await hardwareRunner.run(hardware.statuses())),
    ],
    notReady: () => database.trouble(),
    links: [
      { path: '/api/v1/items', text: 'items of the inventory' },
      { path: '/api/v1/findings', text: 'what somebody has to look at' },
      { path: '/api/v1/sources', text: 'how discovery is doing' },
      { path: '/api/v1/sd', text: 'target lists for Prometheus' },
      { path: '/api/v1/openapi.json', text: 'description of the API' },
    ],
    routes: (app) => {
      const access = { tokens, read: options['api.read'], listenAddress: options['web.listen-address'] };
      serveRoutes(app, cmdbRoutes, { services, access, log, explainError: explainCmdbError });
    },
    reload: (next) => apply(readCmdbFile(next['cmdb.file'], types, { readFile })),
    stop: async () => {
      await Promise.all([discovery.stop(), following.stop(), leadership.stop(), silenceSchedule.stop()]);
      await database.close();
    },
  };
}

function redfishSources(discovery: Discovery): readonly RedfishSource[] {
  return discovery.opened().filter(isRedfishSource);
}

function sourceViews(discovery: Discovery, status: Status): readonly SourceView[] {
  return discovery.sources().map(({ name, type, everySeconds }) => ({
    name,
    type,
    everySeconds,
    last: status.looks().find(({ source }) => source === name),
  }));
}
