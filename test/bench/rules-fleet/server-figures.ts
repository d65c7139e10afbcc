/** What a Prometheus says of itself. */
export interface ServerFigures {
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  readonly series: number;
  readonly samples: number;
  readonly missed: number;
  readonly failures: number;
  /** Last duration in seconds of each rule group, by its name. */
  readonly groups: ReadonlyMap<string, number>;
}

export async function serverFigures(url: string): Promise<ServerFigures> {
  const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(30_000) });
  const lines = (await response.text()).split('\n');
  const valuesOf = (name: string): readonly (readonly [labels: string, value: number])[] =>
    lines
      .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
      .map((line) => [line.slice(name.length, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]);
  const total = (name: string): number => valuesOf(name).reduce((sum, [, value]) => sum + value, 0);
  return {
    cpuSeconds: total('process_cpu_seconds_total'),
    residentBytes: total('process_resident_memory_bytes'),
    series: total('prometheus_tsdb_head_series'),
    samples: total('prometheus_tsdb_head_samples_appended_total'),
    missed: total('prometheus_rule_group_iterations_missed_total'),
    failures: total('prometheus_rule_evaluation_failures_total'),
    groups: new Map(
      valuesOf('prometheus_rule_group_last_duration_seconds').map(([labels, value]) => [groupOf(labels), value]),
    ),
  };
}

/** `{rule_group="/folder/gpu.yaml;gpu"}`: the name is what follows the file. */
function groupOf(labels: string): string {
  return labels.replace(/^.*;/, '').replace(/"\}$/, '');
}

export interface RuleState {
  readonly group: string;
  readonly intervalSeconds: number;
  readonly name: string;
  readonly seconds: number;
  readonly error: string;
}

/** Each rule with the time that its last evaluation took. */
export async function ruleStates(url: string): Promise<readonly RuleState[]> {
  const response = await fetch(`${url}/api/v1/rules`, { signal: AbortSignal.timeout(60_000) });
  const { data } = (await response.json()) as RulesAnswer;
  return data.groups.flatMap(({ name: group, interval, rules }) =>
    rules.map(({ name, evaluationTime, lastError = '' }) => ({
      group,
      intervalSeconds: interval,
      name,
      seconds: evaluationTime,
      error: lastError,
    })),
  );
}

interface RulesAnswer {
  readonly data: {
    readonly groups: readonly {
      readonly name: string;
      readonly interval: number;
      readonly rules: readonly {
        readonly name: string;
        readonly evaluationTime: number;
        readonly lastError?: string;
      }[];
    }[];
  };
}
