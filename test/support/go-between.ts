import { type Answer, startFakeHttpServer } from './fake-http-server.ts';

/** An answer of the HTTP API of Prometheus, as JSON has it. */
export interface ApiAnswer {
  status: string;
  data: { resultType?: string; result?: { metric?: Record<string, string>; value?: [number, string] }[] } | string[];
  warnings?: string[];
  isPartial?: boolean;
}

/** Changes an answer before it is passed on; what it returns instead is sent as it is. */
export type Meddle = (answer: ApiAnswer, asked: { readonly path: string; readonly query: string }) => unknown;

export interface GoBetween {
  readonly url: string;
  /** Passes answers on as they are, unless this is set. */
  meddle: Meddle;
  /** Misbehaves without asking the other server, where set. */
  answer: Answer | undefined;
  /** What was asked since the start. */
  readonly asked: { readonly path: string; readonly query: string; readonly url: URLSearchParams }[];
  readonly stop: () => Promise<void>;
}

/** Stands between us and a real server: gives its answers, or makes of them what other stores and broken ones say. */
export async function startGoBetween(url: string): Promise<GoBetween> {
  const asked: GoBetween['asked'] = [];
  const server = await startFakeHttpServer((response, request, turn) => {
    const { path, form } = request;
    const query = form.get('query') ?? form.get('match[]') ?? '';
    asked.push({ path, query, url: form });
    if (between.answer !== undefined) {
      between.answer(response, request, turn);
      return;
    }
    void passOn(`${url}${path}`, form).then((answer) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(between.meddle(answer, { path, query })));
    });
  });
  const between: GoBetween = {
    url: server.url,
    meddle: (answer) => answer,
    answer: undefined,
    asked,
    stop: server.stop,
  };
  return between;
}

async function passOn(url: string, body: URLSearchParams): Promise<ApiAnswer> {
  return (await (await fetch(url, { method: 'POST', body })).json()) as ApiAnswer;
}
