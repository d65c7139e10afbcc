import { prometheus } from '../../metrics/external.ts';
import { inference } from '../../metrics/inference.ts';
import type { Expr } from '../../metrics/promql.ts';
import { promql, select, series } from '../../metrics/promql.ts';
import { defineAlerts } from '../alert.ts';
import { exampleEngineTarget, exampleProxyTarget } from '../examples.ts';
import { askProxy, lookAtEngine } from '../inference-texts.ts';
import { engineJobs } from '../serving.ts';
import { recent } from '../vectors.ts';

const upstreamUp = recent(inference.inference_upstream_up);
const engineUp = recent(inference.inference_engine_up);
const scraped = select(prometheus.up, { job: engineJobs });

const secondProxy = { ...exampleProxyTarget, node: 'n2', instance: 'n2:9411' } as const;
const secondEngine = { ...exampleEngineTarget, node: 'n3', instance: 'n3:8000' } as const;

function upstream(
  name: string,
  values: string,
  proxy: typeof exampleProxyTarget | typeof secondProxy,
): readonly [Expr, string] {
  return [series(inference.inference_upstream_up, { ...proxy, upstream: name }), values];
}

const askUpstream =
  'Ask it from the machine of the proxy: `curl -sS -m 10 -o /dev/null -w "%{http_code} %{time_total}\\n" <url of the upstream>/health`.';
const whyLeftOut =
  'Why it is left out: `sum by (upstream, outcome) (rate(inference_upstream_attempts_total[5m]))`. unreachable is the network or a process that is gone, timeout one that hangs, server_error one that fails.';
const findEngine =
  'Is it running: `kubectl get pods -o wide`, `docker ps`, `systemctl status <engine>`; did it run out of memory: `dmesg -T | grep -i oom`, `torch.OutOfMemoryError` in its log.';
const startEngine =
  'Start it again: `kubectl delete pod <pod>`, `docker restart <container>`. Loading a large model takes minutes; the probe of Kubernetes must wait as long.';

export default defineAlerts({
  theme: 'inference-upstreams',
  alerts: [
    {
      name: 'InferenceAllUpstreamsDown',
      expr: promql`max by (cluster) (${upstreamUp}) == 0`,
      // Shorter than that of InferenceUpstreamDown, which it inhibits: else each of them is told before the one.
      for: '1m',
      severity: 'critical',
      action: 'investigate',
      domain: 'inference',
      team: 'sre',
      summary: 'The proxy has no upstream left, so every request fails.',
      description:
        'No upstream of the proxy in {{ $labels.cluster }} takes requests. See whether the servers are gone or the proxy cannot reach them.',
      runbook: {
        meaning:
          'All models behind the proxy are out. So many servers at once have one cause: the network, a certificate or key, a rollout, or the node that they share.',
        firstLook: [
          whyLeftOut,
          askUpstream,
          'Do the engines run: `kubectl get pods -o wide`; does Prometheus see them: `up{job=~"fleetlens-engine-.*"}`.',
          'What was changed: the file of the proxy, network policies, certificates, the last rollout of the engines.',
        ],
        remedy: [
          'Engines down: see the runbook of InferenceAllEnginesDown.',
          'Engines well, and the proxy cannot reach them: name resolution, network policy, TLS (`curl -v` shows which).',
          'The file of the proxy is wrong: put it back, and load it with `systemctl reload fleetlens-inference`.',
        ],
      },
      fires: {
        when: 'Both upstreams are down at both proxies',
        series: [
          upstream('chat-a', '1x3 0x10', exampleProxyTarget),
          upstream('chat-b', '1x3 0x10', exampleProxyTarget),
          upstream('chat-a', '1x3 0x10', secondProxy),
          upstream('chat-b', '1x3 0x10', secondProxy),
        ],
        at: '5m',
        alerts: [{ cluster: 'c1' }],
      },
      quiet: {
        when: 'One proxy has lost both upstreams, another still reaches one of them',
        series: [
          upstream('chat-a', '0x10', exampleProxyTarget),
          upstream('chat-b', '0x10', exampleProxyTarget),
          upstream('chat-a', '0x10', secondProxy),
          upstream('chat-b', '1x10', secondProxy),
        ],
        at: '8m',
      },
    },
    {
      name: 'InferenceUpstreamDown',
      expr: promql`max by (cluster, upstream) (${upstreamUp}) == 0`,
      for: '3m',
      severity: 'warning',
      action: 'investigate',
      domain: 'inference',
      team: 'sre',
      summary: 'An upstream of the proxy takes no requests.',
      description:
        'No proxy in {{ $labels.cluster }} sends requests to {{ $labels.upstream }}: its health check fails or it was ejected. Others take its share; see why it is out.',
      runbook: {
        meaning:
          'One server less shares the load. Models that only this upstream has are out. It comes back by itself as soon as its health check succeeds.',
        firstLook: [whyLeftOut, askUpstream, findEngine, askProxy],
        remedy: [
          startEngine,
          'It answers by hand and not to the proxy: path of the health check, key or certificate of this upstream in the file of the proxy.',
          'Taken out for good: remove it from the file of the proxy.',
        ],
      },
      fires: {
        when: 'One of two upstreams is down at both proxies',
        series: [
          upstream('chat-a', '1x3 0x10', exampleProxyTarget),
          upstream('chat-b', '1x13', exampleProxyTarget),
          upstream('chat-a', '1x3 0x10', secondProxy),
        ],
        at: '8m',
        alerts: [{ cluster: 'c1', upstream: 'chat-a' }],
      },
      quiet: {
        when: 'An upstream was ejected for two minutes, and one of two proxies does without another',
        series: [
          upstream('chat-a', '1x3 0x1 1x10', exampleProxyTarget),
          upstream('chat-b', '0x13', exampleProxyTarget),
          upstream('chat-b', '1x13', secondProxy),
        ],
        at: '7m',
      },
    },
    {
      name: 'InferenceAllEnginesDown',
      expr: promql`max by (cluster, job) (${scraped}) == 0`,
      // Long enough for one scrape that fails, and shorter than that of InferenceEngineUnreachable, which it inhibits.
      for: '2m',
      severity: 'critical',
      action: 'investigate',
      domain: 'inference',
      team: 'sre',
      summary: 'No engine of a kind can be scraped.',
      description:
        'Not one target of {{ $labels.job }} in {{ $labels.cluster }} answers. See whether the engines are gone or only their metrics.',
      runbook: {
        meaning:
          'Either all engines of this kind are down and their models with them, or Prometheus cannot reach any of them, and nothing about them is watched.',
        firstLook: [
          'Does it serve: one request by hand, to an engine and through the proxy.',
          'What Prometheus says: page Status, Targets, column Error.',
          findEngine,
          'What was rolled out, and which nodes they share: `kubectl rollout history deployment/<engine>`, `kubectl get pods -o wide`.',
        ],
        remedy: [
          startEngine,
          'Broken by a rollout: `kubectl rollout undo deployment/<engine>`.',
          'They serve, and only the scrape fails: port, network policy or TLS of the scrape job.',
        ],
      },
      fires: {
        when: 'Both vLLM engines are down, one of another kind is up',
        series: [
          [series(prometheus.up, exampleEngineTarget), '1x3 0x10'],
          [series(prometheus.up, secondEngine), '1x3 0x10'],
          [series(prometheus.up, { ...secondEngine, job: 'fleetlens-engine-sglang' }), '1x13'],
        ],
        at: '6m',
        alerts: [{ cluster: 'c1', job: 'fleetlens-engine-vllm' }],
      },
      quiet: {
        when: 'One of two engines is down, and so is the proxy, which has an alert of its own',
        series: [
          [series(prometheus.up, exampleEngineTarget), '0x13'],
          [series(prometheus.up, secondEngine), '1x13'],
          [series(prometheus.up, exampleProxyTarget), '0x13'],
        ],
        at: '6m',
      },
    },
    {
      name: 'InferenceEngineUnreachable',
      expr: promql`max by (cluster, job, instance) (${scraped}) == 0`,
      for: '3m',
      severity: 'warning',
      action: 'investigate',
      domain: 'inference',
      team: 'sre',
      summary: 'An engine cannot be scraped.',
      description:
        '{{ $labels.instance }} ({{ $labels.job }}) in {{ $labels.cluster }} does not answer Prometheus. See whether it still serves.',
      runbook: {
        meaning:
          'One replica is down, or so busy that it does not answer in time. The others take its share, and its series are missing meanwhile.',
        firstLook: [
          'Does it serve: `curl -sS -m 10 http://<instance>/v1/models`.',
          'What Prometheus says: page Status, Targets, column Error. `context deadline exceeded` is an engine that hangs or is overloaded.',
          findEngine,
          lookAtEngine,
        ],
        remedy: [startEngine, 'Scaled down: service discovery should have taken it away; see its relabelling.'],
      },
      fires: {
        when: 'One of two engines is down',
        series: [
          [series(prometheus.up, exampleEngineTarget), '1x3 0x10'],
          [series(prometheus.up, secondEngine), '1x13'],
        ],
        at: '8m',
        alerts: [{ cluster: 'c1', job: 'fleetlens-engine-vllm', instance: 'n2:8000' }],
      },
      quiet: {
        when: 'An engine has missed two scrapes under load, another was scaled away',
        series: [
          [series(prometheus.up, exampleEngineTarget), '1x3 0x1 1x10'],
          [series(prometheus.up, secondEngine), '1x2 0 stale'],
        ],
        at: '8m',
      },
    },
    {
      name: 'InferenceEngineDown',
      expr: promql`max by (cluster, engine_kind, engine) (${engineUp}) == 0`,
      for: '3m',
      severity: 'warning',
      action: 'investigate',
      domain: 'inference',
      team: 'sre',
      summary: 'An engine gives no metrics to the normaliser.',
      description:
        'The inference exporter in {{ $labels.cluster }} gets no metrics from {{ $labels.engine }} ({{ $labels.engine_kind }}). See whether the engine still serves.',
      runbook: {
        meaning:
          'The exporter looks at this engine itself, because Prometheus cannot use its metrics as they are. The engine is down, or answers with something else; its series are missing meanwhile.',
        firstLook: [
          'From the machine of the exporter: `curl -sS -m 10 <url of the engine>` with the path in the configuration.',
          'What the exporter says of it: `journalctl -u fleetlens-inference -n 50`, `kubectl logs <pod> --tail=50`.',
          findEngine,
        ],
        remedy: [
          startEngine,
          'It answers with a page that is not known: compare the kind in the configuration with what runs there.',
          'Taken out for good: remove it from the configuration of the exporter.',
        ],
      },
      fires: {
        when: 'An engine gives nothing; another does',
        series: [
          [
            series(inference.inference_engine_up, { ...exampleProxyTarget, engine: 'ollama-a', engine_kind: 'ollama' }),
            '1x3 0x10',
          ],
          [
            series(inference.inference_engine_up, { ...exampleProxyTarget, engine: 'ollama-b', engine_kind: 'ollama' }),
            '1x13',
          ],
        ],
        at: '8m',
        alerts: [{ cluster: 'c1', engine: 'ollama-a', engine_kind: 'ollama' }],
      },
      quiet: {
        when: 'An engine was restarted within two minutes; another exporter still sees one that this does not',
        series: [
          [
            series(inference.inference_engine_up, { ...exampleProxyTarget, engine: 'ollama-a', engine_kind: 'ollama' }),
            '1x3 0x1 1x10',
          ],
          [
            series(inference.inference_engine_up, { ...exampleProxyTarget, engine: 'ollama-b', engine_kind: 'ollama' }),
            '0x13',
          ],
          [
            series(inference.inference_engine_up, { ...secondProxy, engine: 'ollama-b', engine_kind: 'ollama' }),
            '1x13',
          ],
        ],
        at: '8m',
      },
    },
  ],
});
