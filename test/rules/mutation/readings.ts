import type { FiringExample } from '../../../rules/alert.ts';
import { inputOf } from '../../../rules/render/promtool-tests.ts';
import type { RuleFolder, ToolResult } from '../rule-files.ts';
import { secondsOf } from './durations.ts';
import type { Reading } from './firing.ts';

/** An expression that is read at some times of a situation, which is the series of an example. */
export interface Query {
  readonly situation: FiringExample;
  readonly expr: string;
  /** Seconds from the start of the series, none after the time of the example. */
  readonly times: readonly number[];
}

/** What it gave, in the order of its times; or what Prometheus finds wrong with it, already when it parses it or at one of the times. */
export type Answer = readonly Reading[] | { readonly error: string; readonly isInvalid: boolean };

/** Answers in the order of the queries. Each situation is loaded once, and nothing is evaluated but the queries at their times. */
export function answersOf(folder: RuleFolder, queries: readonly Query[]): readonly Answer[] {
  const bySituation = new Map<FiringExample, number[]>();
  queries.forEach(({ situation }, index) => {
    bySituation.set(situation, [...(bySituation.get(situation) ?? []), index]);
  });
  const files = [...bySituation].map(([situation, indexes], number) => {
    const name = `${number}.readings.yaml`;
    const at = `${secondsOf(situation.at)}s`;
    folder.write(name, {
      // Series are loaded up to the last evaluation.
      evaluation_interval: at,
      tests: [{ ...inputOf(situation), promql_expr_test: indexes.flatMap((index) => exprTests(queries, index)) }],
    });
    return name;
  });
  const given = files.length === 0 ? new Map() : parsed(folder.promtool('test', 'rules', ...files));
  return queries.map(({ times }, index) => answerOf(times, (position) => given.get(mark(index, position)) ?? []));
}

type Got = readonly string[] | string;

function answerOf(times: readonly number[], gotAt: (position: number) => Got): Answer {
  const readings: Reading[] = [];
  for (const [position, at] of times.entries()) {
    const got = gotAt(position);
    if (typeof got === 'string') return { error: got, isInvalid: got.includes('parse error') };
    readings.push({ at, series: got });
  }
  return readings;
}

/** No samples are expected, so that promtool prints what there is. */
function exprTests(queries: readonly Query[], index: number): readonly object[] {
  const { expr = '', times = [] } = queries[index] ?? {};
  return times.map((time, position) => ({
    expr: `${expr} # ${mark(index, position)}`,
    eval_time: `${Math.round(time * 1000)}ms`,
    exp_samples: [],
  }));
}

function mark(index: number, position: number): string {
  return `${index}@${position}`;
}

/** By the mark of the query: its series without values, or the error. */
function parsed({ output }: ToolResult): ReadonlyMap<string, Got> {
  const given = new Map<string, Got>();
  let open: string | undefined;
  for (const line of output.split('\n')) {
    const [, found, error] = /^ +expr: ".* # (\d+@\d+)", time: \S+,(?: err: (.*))?$/.exec(line) ?? [];
    if (found !== undefined) {
      open = found;
      if (error !== undefined) given.set(found, error);
    } else if (/^ +got: /.test(line) && open !== undefined) given.set(open, seriesIn(line));
    else refuse(line);
  }
  return given;
}

/** What is neither an answer nor a heading would otherwise count as an empty answer. */
function refuse(line: string): void {
  if (!/^(?:Unit Testing: .*| *SUCCESS| *FAILED:| *name: .*| *exp: nil|\s*)$/.test(line))
    throw new Error(`promtool: ${line.slice(0, 2000)}`);
}

const sample = /([a-zA-Z_:][\w:]*)?\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\} \S+/g;

function seriesIn(line: string): readonly string[] {
  return [...line.matchAll(sample)].map(([, , labels = '']) => labels);
}
