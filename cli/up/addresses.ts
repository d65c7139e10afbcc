import { proxyUrlOf, type Stack } from './stack.ts';

/** Where everything is, once it runs. */
export function addresses(stack: Stack): string {
  const { ports, folder } = stack;
  return `
${grafanaLine(stack)}${previewLine(stack)}  Prometheus    http://127.0.0.1:${ports.prometheus}   targets, rules, graphs
  Alertmanager  http://127.0.0.1:${ports.alertmanager}   what people are told, silences
  Exporters     http://127.0.0.1:${ports.gpu}   metrics of the GPUs
                http://127.0.0.1:${ports.training}   metrics of training runs; takes what they push, datagrams on ${ports.trainingUdp}
${proxyLines(stack)}  Inventory     http://127.0.0.1:${ports.cmdb}   what is where, whose it is, what breaks with it; fleetlens cmdb find …
  Billing       http://127.0.0.1:${ports.billing}   who had what and what it costs; fleetlens billing status
  Prediction    http://127.0.0.1:${ports.prediction}   who is likeliest to fail, and why: /api/v1/risk
  Files         ${folder}

Alerts appear below as they reach the receiver.
`;
}

function grafanaLine({ ports, grafana }: Stack): string {
  return grafana === undefined
    ? ''
    : `  Grafana       http://127.0.0.1:${ports.grafana}/a/fleetlens-gpucluster-app   with the app and the boards\n`;
}

function previewLine({ ports, hasPreview }: Stack): string {
  // What has just begun has no history that the pages would show with the times that they open with.
  const url = `http://127.0.0.1:${ports.preview}/?from=now-15m`;
  return hasPreview
    ? `  Grafana app   ${url}   fleet, inventory, cost, risk, alerts and boards, as a preview without Grafana\n`
    : '  Grafana app   not built here; npm run build makes it\n';
}

function proxyLines(stack: Stack): string {
  const url = proxyUrlOf(stack);
  if (url === undefined) return '';
  return `                http://127.0.0.1:${stack.ports.inference}   metrics of LLM serving
  LLM proxy     ${url}   takes requests of LLM clients
${tryIt(stack, url)}`;
}

/** The key is one of the simulation, made from its seed. */
function tryIt({ serving }: Stack, url: string): string {
  const demo = serving?.tenants.find(({ traffic }) => traffic === undefined);
  const model = serving?.engines[0]?.model.name;
  if (demo === undefined || model === undefined) return '';
  const body = { model, messages: [{ role: 'user', content: 'Hello' }] };
  return `                curl -s ${url}/v1/chat/completions -H 'Authorization: Bearer ${demo.apiKey}' -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'
`;
}
