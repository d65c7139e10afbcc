import type { DaemonContext } from '../../kit/daemon.ts';
import { ConfigError } from '../../kit/errors.ts';
import type { AnyRegistry } from '../../kit/exposition/prom-client.ts';
import { createFileWatch, fileSignature } from '../../kit/http/file-watch.ts';
import type { OptionValues } from '../../kit/options/define.ts';
import { createStateFile } from '../../kit/state-file.ts';
import { createExchange } from './api/proxy/exchange.ts';
import { startProxyServer } from './api/proxy/proxy-server.ts';
import { createBodyMemory } from './api/proxy/request-body.ts';
import type { Gateway } from './gateway/gateway.ts';
import { createProxyCounters } from './metering/proxy-counters.ts';
import { type EndedRequest, otherName } from './metering/request-end.ts';
import { createServingMetrics } from './metering/serving-metrics.ts';
import type { InferenceOptions } from './options.ts';
import { parseSavedTenants, savedTenantsMark, writeSavedTenants } from './policy/saved-tenants.ts';
import { createTenants, type SavedTenants } from './policy/tenants.ts';
import { createUpstreamPool } from './routing/upstream-pool.ts';
import { readGateway, readKeys } from './sources/gateway-in-force.ts';
import { readProxyTls } from './sources/proxy-tls.ts';
import { createAgents } from './sources/upstreams/agents.ts';
import { createUpstreamKeys } from './sources/upstreams/secret-file.ts';
import { type QueueReader, watchUpstreams } from './sources/upstreams/upstream-watch.ts';
import type { ProxyView } from './view.ts';

export interface Proxy {
  readonly url: string;
  readonly view: () => ProxyView;
  /** Throws ConfigError before anything has changed. */
  readonly reload: (options: OptionValues<InferenceOptions>) => void;
  readonly stop: () => Promise<void>;
}

interface ProxyParts {
  readonly registry: AnyRegistry;
  readonly queues: QueueReader;
  /** Called for each request that was worked on and has ended. */
  readonly onEnded?: ((request: EndedRequest) => void) | undefined;
}

const mebibyte = 1024 * 1024;
const watchFilesEveryMs = 2000;
const saveEveryMs = 5000;
const largestStateBytes = 16 * mebibyte;
/** Starts the proxy that the options ask for. Throws ConfigError. */
export async function startProxy(
  { options, clock, log, self, readFile }: DaemonContext<InferenceOptions>,
  { registry, queues, onEnded }: ProxyParts,
): Promise<Proxy> {
  let inForce = options;
  let gateway = readGateway(options, readFile);
  let keys = readKeys(options, readFile);
  const tls = readProxyTls(options['proxy.tls-file'], readFile);
  const counters = createProxyCounters(registry);
  const metrics = createServingMetrics({
    registry,
    clock,
    slo: {
      ttft: options['slo.ttft'],
      tpot: options['slo.tpot'],
      objective: options['slo.objective'],
      models: gateway.sloOfModels,
    },
    onEnded,
  });
  const pool = createUpstreamPool(
    gateway.upstreams,
    {
      policy: options['proxy.routing'],
      ejectAfter: options['proxy.eject-after'],
      ejectSeconds: options['proxy.eject-for'],
    },
    {
      clock,
      onAttemptEnd: counters.attempted,
      onEjected: (upstream, seconds) => {
        counters.ejected(upstream);
        log.warn('upstream is left alone for a while, because it failed several times in a row', { upstream, seconds });
      },
    },
  );
  const stateFile = budgetFile(options, log);
  const tenants = createTenants(gateway, clock, await stateFile?.load());
  const upstreamKey = createUpstreamKeys(readFile, clock);
  const agents = createAgents(readFile);

  function startWatch() {
    const health = {
      everySeconds: options['proxy.health-interval'],
      timeoutSeconds: Math.max(options['proxy.connect-timeout'], options['proxy.health-interval']),
    };
    return watchUpstreams(gateway.upstreams, health, {
      pool,
      agents,
      log,
      headersOf: (upstream) => {
        const key = upstreamKey(upstream);
        return key === undefined ? {} : { Authorization: `Bearer ${key}` };
      },
      queues: options['proxy.routing'] === 'lowest_queue' ? queues : undefined,
    });
  }

  function modelLabel(model: string | undefined): string {
    if (model === undefined) return otherName;
    return gateway.models.includes(model) || pool.isServed(model) ? model : otherName;
  }

  let watch = startWatch();

  function reload(next: OptionValues<InferenceOptions>): void {
    files.restart(filesOf(next));
    const nextGateway: Gateway = readGateway(next, readFile);
    const nextKeys = readKeys(next, readFile);
    if (keys.size > 0 && nextKeys.size === 0 && next['proxy.keys-file'] === inForce['proxy.keys-file'])
      throw new ConfigError(`${next['proxy.keys-file']} has no key any more; restart to go on without keys`);
    gateway = nextGateway;
    keys = nextKeys;
    inForce = next;
    pool.replace(gateway.upstreams);
    tenants.setLimits(gateway);
    watch.stop();
    watch = startWatch();
  }

  const files = createFileWatch({
    signatureOf: fileSignature,
    everyMs: watchFilesEveryMs,
    onChange: () => {
      try {
        reload(inForce);
        self.configLoaded(true);
        log.info('files of the proxy read again', { upstreams: gateway.upstreams.length, keys: keys.size });
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        self.configLoaded(false);
        log.error('a file of the proxy was not read, the old one stays in force', { reason: error.message });
      }
    },
  });
  files.restart(filesOf(options));

  const exchange = createExchange(
    { maxBodyBytes: options['proxy.max-body-mib'] * mebibyte },
    {
      clock,
      log,
      metrics,
      counters,
      pool,
      agents,
      upstreamKey,
      tenants,
      modelLabel,
      memory: createBodyMemory(options['proxy.max-buffered-mib'] * mebibyte),
      keys: () => keys,
      paths: () => gateway.paths,
      // Whoever comes through would use the proxy's own key.
      refusesUnknown: () =>
        inForce['proxy.unknown-keys'] === 'reject' ||
        gateway.upstreams.some(({ apiKeyFile }) => apiKeyFile !== undefined),
      maxAttempts: options['proxy.max-attempts'],
      timeouts: {
        connectSeconds: options['proxy.connect-timeout'],
        firstByteSeconds: options['proxy.first-byte-timeout'],
        idleSeconds: options['proxy.idle-timeout'],
        stallSeconds: options['proxy.client-stall-timeout'],
      },
    },
  );
  const server = await startProxyServer(
    {
      address: options['proxy.listen-address'],
      tls,
      maxConnections: options['proxy.max-connections'],
      requestSeconds: options['proxy.request-timeout'],
      drainSeconds: options['proxy.drain-timeout'],
    },
    { exchange, log, onMalformed: () => counters.malformed('http') },
  ).catch((error: unknown) => {
    watch.stop();
    agents.close();
    throw error;
  });
  files.start();
  const save = (): Promise<void> => stateFile?.save(writeSavedTenants(tenants.save())) ?? Promise.resolve();
  const saving = setInterval(() => void save(), saveEveryMs);
  log.info('proxy listening', { url: server.url, upstreams: gateway.upstreams.map(({ name }) => name) });
  return {
    url: server.url,
    view: () => ({
      upstreams: pool.all(),
      tenants: [...tenants.all()].map(([tenant, policy]) => ({
        tenant,
        waiting: policy.waiting(),
        budgets: policy.budgets(),
      })),
      connections: server.connections(),
      keys: keys.size,
    }),
    reload,
    stop: async () => {
      files.stop();
      clearInterval(saving);
      watch.stop();
      await server.close();
      agents.close();
      await save();
    },
  };
}

function budgetFile(options: OptionValues<InferenceOptions>, log: DaemonContext<InferenceOptions>['log']) {
  const path = options['proxy.state-file'];
  if (path === undefined) return undefined;
  return createStateFile<SavedTenants>({
    path,
    option: '--proxy.state-file',
    mark: savedTenantsMark,
    maxBytes: largestStateBytes,
    consequence: 'token budgets start anew',
    parse: parseSavedTenants,
    log,
  });
}

function filesOf(options: OptionValues<InferenceOptions>): readonly string[] {
  return [options['proxy.file'], options['proxy.keys-file']].filter((file) => file !== undefined);
}
