import { type FakeHttpServer, startFakeHttpServer } from './fake-http-server.ts';

export interface FakeFleet extends FakeHttpServer {
  /** What every request gets from now on: answers, an error, or nothing at all. */
  readonly behave: (as: 'well' | 'broken' | 'silent') => void;
}

/** Labels of an instant vector by what the expression must contain; the first that fits counts. */
export type FakeAnswers = readonly (readonly [
  contains: string,
  labels: readonly Readonly<Record<string, string>>[],
  value: number,
])[];

/** Speaks the API of Prometheus for a fleet that is described by a few vectors, now and, as `past` has it, at each step of any range. */
export async function startFakeFleet(answers: FakeAnswers, past: FakeAnswers = []): Promise<FakeFleet> {
  let mood: 'well' | 'broken' | 'silent' = 'well';
  const server = await startFakeHttpServer((response, { path, form }) => {
    if (mood === 'silent') return;
    const body = mood === 'well' ? { status: 'success', data: dataOf(path, form, { answers, past }) } : brokenBody;
    response.writeHead(mood === 'well' ? 200 : 500, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  return {
    ...server,
    behave: (as) => {
      mood = as;
    },
  };
}

const brokenBody = { status: 'error', errorType: 'internal', error: 'the disk is on fire' };

interface Known {
  readonly answers: FakeAnswers;
  readonly past: FakeAnswers;
}

function dataOf(path: string, form: URLSearchParams, { answers, past }: Known) {
  const query = form.get('query') ?? '';
  if (!path.endsWith('/query')) {
    const [, metrics = [], value = 0] = past.find(([contains]) => query.includes(contains)) ?? [];
    const values = stepsOf(form).map((time) => [time, String(value)]);
    return { resultType: 'matrix', result: metrics.map((metric) => ({ metric, values })) };
  }
  const [, labels = [], value = 0] = answers.find(([contains]) => query.includes(contains)) ?? [];
  const time = Number(form.get('time') ?? 0);
  return { resultType: 'vector', result: labels.map((metric) => ({ metric, value: [time, String(value)] })) };
}

function stepsOf(form: URLSearchParams): readonly number[] {
  const [start = 0, end = 0, step = 1] = ['start', 'end', 'step'].map((name) => Number(form.get(name)));
  return Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, at) => start + at * step);
}
