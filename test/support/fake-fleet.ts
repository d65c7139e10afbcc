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

/** Speaks the API of Prometheus for a fleet that is described by a few vectors and has no history. */
export async function startFakeFleet(answers: FakeAnswers): Promise<FakeFleet> {
  let mood: 'well' | 'broken' | 'silent' = 'well';
  const server = await startFakeHttpServer((response, { path, form }) => {
    if (mood === 'silent') return;
    const body = mood === 'well' ? { status: 'success', data: dataOf(path, form, answers) } : brokenBody;
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

function dataOf(path: string, form: URLSearchParams, answers: FakeAnswers) {
  if (!path.endsWith('/query')) return { resultType: 'matrix', result: [] };
  const query = form.get('query') ?? '';
  const [, labels = [], value = 0] = answers.find(([contains]) => query.includes(contains)) ?? [];
  const time = Number(form.get('time') ?? 0);
  return { resultType: 'vector', result: labels.map((metric) => ({ metric, value: [time, String(value)] })) };
}
