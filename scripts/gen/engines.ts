import { engineScrapeFile, jobName, scrapedEngines } from '../../cli/generate/engine-jobs.ts';
import { engineMonitorFiles } from '../../cli/generate/engine-monitors.ts';
import { type Engine, type EngineSeries, isRelabelled, type StatusRule } from '../../metrics/engines/engine.ts';
import { engineList } from '../../metrics/engines/index.ts';
import { inference } from '../../metrics/inference.ts';
import { generatedFrom, table } from '../../rules/render/markdown.ts';

/** Scrape jobs and monitors for inference engines, and the page of docs/reference about them. */
export function generatedEngines(): readonly (readonly [path: string, text: string])[] {
  return [
    ['deploy/generated/prometheus/scrape-engines.yml', engineScrapeFile()],
    ...[...engineMonitorFiles({})].map(([name, text]) => [`deploy/generated/${name}`, text] as const),
    ['docs/reference/engines.md', page()],
  ];
}

function page(): string {
  return `${generatedFrom('metrics/engines')}

# Inference engines

What the metrics of each engine become ([guide](../guides/inference-engines.md)). R: relabelling gives the series, and the normaliser too.
N: the normaliser alone gives it. An empty cell: the engine does not tell it.

${matrix()}

${engineList.map(section).join('\n\n')}
`;
}

function matrix(): string {
  const told = Object.keys(inference).filter((name) => engineList.some((engine) => cellOf(engine, name) !== ''));
  return table(
    ['Series', ...engineList.map(({ kind }) => `\`${kind}\``)],
    told.map((name) => [`\`${name}\``, ...engineList.map((engine) => cellOf(engine, name))]),
  );
}

/** What the normaliser asks for beside the metrics page. */
const asked: Readonly<Partial<Record<Engine['kind'], readonly string[]>>> = {
  llamacpp: ['inference_kv_cache_usage_ratio'],
  ollama: ['inference_model_loaded', 'inference_model_memory_bytes'],
};

function cellOf({ kind, series }: Engine, name: string): string {
  const own = series.filter(({ unified }) => unified === name);
  if (own.some(isRelabelled)) return 'R';
  return own.length > 0 || asked[kind]?.includes(name) ? 'N' : '';
}

function section(engine: Engine): string {
  const { title, kind, switchOn, limits, series } = engine;
  const seriesTable = series.length === 0 ? '' : `${table(['Series of the engine', 'Becomes'], series.map(rowOf))}\n\n`;
  return `## ${title}

\`engine_kind="${kind}"\`. ${whereOf(engine)} ${switchOn}

${seriesTable}${limits.map((limit) => `- ${limit}`).join('\n')}`;
}

function whereOf(engine: Engine): string {
  const { port, path, modelLabels } = engine;
  if (path === undefined) return `Its port is ${port}.`;
  const jobs = scrapedEngines.filter((scraped) => scraped.engine === engine).map((each) => `\`${jobName(each)}\``);
  const model =
    modelLabels.length > 0
      ? `The model is in ${modelLabels.map((label) => `\`${label}\``).join(' or ')}.`
      : 'Whoever scrapes names the model.';
  return `Port ${port}, path \`${path}\`, ${jobs.length > 1 ? 'jobs' : 'job'} ${jobs.join(' and ')}. ${model}`;
}

function rowOf(series: EngineSeries): readonly string[] {
  const { native, formerly = [], where = {}, unified } = series;
  const conditions = Object.entries(where).map(([label, value]) => `${label}="${value}"`);
  const name = `\`${native}${conditions.length > 0 ? `{${conditions.join(',')}}` : ''}\``;
  const before = formerly.map((old) => `formerly \`${old}\``);
  return [[name, ...before].join(', '), [`\`${unified}\``, ...notesOf(series)].join('; ')];
}

function notesOf({ status, unitsPerBase, countedBy, normaliserOnly }: EngineSeries): readonly string[] {
  return [
    ...(status === undefined ? [] : [typeof status === 'string' ? `status ${status}` : statusNote(status)]),
    ...(unitsPerBase === undefined ? [] : [`divided by ${unitsPerBase}, by the normaliser`]),
    ...(countedBy === undefined ? [] : [`a sum, counted by \`${countedBy}\``]),
    ...(normaliserOnly === undefined ? [] : [`by the normaliser, as ${normaliserOnly}`]),
  ];
}

function statusNote({ from, cases, otherwise }: StatusRule): string {
  const each = cases.map(({ match, status }) => `${match.replaceAll('|', ', ')}: ${status}`);
  return `status by \`${from}\`: ${[...each, `otherwise ${otherwise}`].join('; ')}`;
}
