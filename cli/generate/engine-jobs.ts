import { dump } from 'js-yaml';
import { wrap } from '../../kit/wrap.ts';
import type { Engine } from '../../metrics/engines/engine.ts';
import { engineList } from '../../metrics/engines/index.ts';
import { engineRelabelling, type NameVersion } from './engine-relabel.ts';
import { nodeLabel, type ScrapeJob } from './scrape-config.ts';

/** An engine as a job scrapes it. */
export interface ScrapedEngine {
  readonly engine: Engine;
  readonly version: NameVersion;
  /** The part of the names of job and object that is its own. */
  readonly id: string;
}

/** One for each engine that has metrics, and one for versions of it that have other names. */
export const scrapedEngines: readonly ScrapedEngine[] = engineList
  .filter(({ path }) => path !== undefined)
  .flatMap((engine) => {
    const id = engine.kind.replaceAll('_', '-');
    const present: ScrapedEngine = { engine, version: 'present', id };
    if (engine.formerVersions === undefined) return [present];
    return [present, { engine, version: 'former', id: `${id}-${engine.formerVersions.id}` }];
  });

export function jobName({ id }: Pick<ScrapedEngine, 'id'>): string {
  return `fleetlens-engine-${id}`;
}

/** The job of an engine. Where it does not name its model, discovery has to set `model_name`. */
export function engineScrapeJob(scraped: ScrapedEngine, discovery: Readonly<Record<string, unknown>>): ScrapeJob {
  const { engine, version } = scraped;
  return {
    job_name: jobName(scraped),
    metrics_path: engine.path,
    ...discovery,
    relabel_configs: [...nodeLabel, { target_label: 'engine_kind', replacement: engine.kind }],
    metric_relabel_configs: engineRelabelling(engine, version),
  };
}

const about = `One job for each kind of engine. It gives the series of the engine the names of FleetLens and keeps nothing else, so a job of
yours that scrapes the same engine, and boards that read its own names, stay as they are. Take the jobs of the engines that you have, put
your targets in, and paste them into prometheus.yml, or name this file under scrape_config_files. Needs Prometheus 2.42.`;

/** Text of scrape-engines.yml. */
export function engineScrapeFile(): string {
  const jobs = scrapedEngines.map((scraped) => `${comment(notes(scraped))}${item(exampleJob(scraped))}`);
  return `# Made by fleetlens from metrics/engines. Do not edit: change the source and generate again.
${comment(about)}scrape_configs:
${jobs.join('')}`;
}

function notes({ engine, version }: ScrapedEngine): string {
  const { title, formerVersions, modelLabels } = engine;
  const subject = version === 'former' ? (formerVersions?.about ?? title) : `${title}.`;
  return modelLabels.length > 0 ? subject : `${subject} It does not name its model: set model_name for each target.`;
}

function exampleJob(scraped: ScrapedEngine): ScrapeJob {
  const { engine, id } = scraped;
  const labels = { cluster: 'my-cluster', ...(engine.modelLabels.length > 0 ? {} : { model_name: 'my-model' }) };
  return engineScrapeJob(scraped, {
    scrape_interval: '15s',
    static_configs: [{ targets: [`${id.replaceAll('.', '-')}-1:${engine.port}`], labels }],
  });
}

function comment(text: string): string {
  return `${wrap(text.replaceAll('\n', ' '), { indent: '# ', width: 120 }).join('\n')}\n`;
}

/** The job as an item of the list, two columns in. */
function item(job: ScrapeJob): string {
  return dump([job], { lineWidth: -1, noRefs: true }).replaceAll(/^(?=.)/gm, '  ');
}
