import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { contentTypes, type Format } from '../../kit/exposition/render.ts';
import { createPrometheusApi, type PrometheusApi } from '../../kit/prometheus-api.ts';
import { startPrometheus } from './prometheus.ts';

export interface ScrapedInBothFormats {
  /** Of a real Prometheus; its jobs are called text and openmetrics. */
  readonly api: PrometheusApi;
  readonly stop: () => Promise<void>;
}

/** Serves a fixed exposition in both formats to a real Prometheus that scrapes both. */
export async function scrapeInBothFormats(exposition: (format: Format) => string): Promise<ScrapedInBothFormats> {
  const exporter = createServer((request, response) => {
    const format: Format = request.url === '/openmetrics' ? 'openmetrics' : 'text';
    response.writeHead(200, { 'Content-Type': contentTypes[format] }).end(exposition(format));
  });
  await new Promise<void>((resolve) => exporter.listen(0, '127.0.0.1', resolve));
  const { port } = exporter.address() as AddressInfo;
  const jobs = (['text', 'openmetrics'] as const).map((format) => ({
    job_name: format,
    metrics_path: `/${format}`,
    scrape_interval: '1s',
    static_configs: [{ targets: [`127.0.0.1:${port}`] }],
  }));
  const prometheus = await startPrometheus({ config: JSON.stringify({ scrape_configs: jobs }) });
  return {
    api: createPrometheusApi({ url: prometheus.url }),
    stop: async () => {
      await prometheus.stop();
      exporter.close();
    },
  };
}
