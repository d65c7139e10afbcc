import { Ajv2020 } from 'ajv/dist/2020.js';
import { predictionDocument } from '../../../../exporters/prediction/api/document.ts';
import { predictionRoutes } from '../../../../exporters/prediction/api/routes/index.ts';
import type { PredictionServices } from '../../../../exporters/prediction/api/services.ts';
import { precursorsOf } from '../../../../exporters/prediction/evaluation/precursors.ts';
import type { ModelSet } from '../../../../exporters/prediction/pipeline/model-set.ts';
import { scoreFleet } from '../../../../exporters/prediction/pipeline/score-fleet.ts';
import { trainModels } from '../../../../exporters/prediction/pipeline/train-models.ts';
import type { PredictionView } from '../../../../exporters/prediction/view.ts';
import { errorCodes } from '../../../../kit/api/api-error.ts';
import { errorsOf, openApi } from '../../../../kit/api/openapi.ts';
import { type ApiServer, startApiServer, testRoleTokens, testTokens } from '../../../support/api-server.ts';
import { quietLog } from '../../../support/stores.ts';
import { node } from '../fleet.ts';
import { inputOf, madeFleet, trainFast } from '../pipeline/made-fleet.ts';

const document = JSON.parse(JSON.stringify(openApi(predictionRoutes, predictionDocument)));
const fleet = madeFleet({ gpus: 16, days: 120, rate: 0.02 });
const { history, nowMs } = fleet;
const entities = [...fleet.entities, node('gpu-0'), { ...node('gpu-0'), cluster: 'lab' }];

let api: ApiServer;
let models: ModelSet;
let previous: string | undefined;
const rolledBackBy: string[] = [];

const sources = [
  {
    name: 'main',
    isUp: true,
    lastSuccessMs: nowMs,
    seconds: 1,
    failures: 1,
    problem: undefined,
    backfill: { isActive: false, progress: 1, untilMs: nowMs, problem: 'the disk is full', remarks: ['kept in x'] },
  },
];

function servicesOf(): PredictionServices {
  const scores = scoreFleet(models, { atMs: nowMs, entities, events: history.events, tables: { gpu: fleet.table } });
  const run = { atMs: nowMs, seconds: 1, isComplete: true, risks: scores.risks };
  const failures = { incidents: history.incidents, precursors: precursorsOf(history.incidents, history.raised) };
  const [first = node('')] = fleet.entities;
  return {
    view: () => ({ run, failures, sources }) as unknown as PredictionView,
    scored: () => ({ run, scores, failures: history, products: new Map() }),
    anomalyEvents: () => [
      {
        atMs: nowMs,
        entity: first,
        detector: 'peers',
        signals: ['gpu_temperature'],
        score: 2,
        threshold: 1,
        isStrong: true,
        isConfirmed: true,
      },
    ],
    models: () => models,
    previousModels: () => previous,
    rollBack: async (caller) => {
      rolledBackBy.push(caller);
      return models;
    },
  };
}

beforeAll(async () => {
  models = await trainModels(inputOf(fleet), { train: trainFast });
  api = await startApiServer(predictionRoutes, {
    services: servicesOf(),
    access: { tokens: testRoleTokens(quietLog), read: 'open' },
  });
});
afterAll(() => api.stop());

const fits = (path: string, method: string, answer: unknown): unknown => {
  const schema = document.paths[path][method].responses['200'].content['application/json'].schema;
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const check = ajv.compile({ ...schema, components: document.components });
  return check(answer) ? [] : check.errors;
};

test.each([
  ['/api/v1/risk', '/api/v1/risk?limit=5'],
  ['/api/v1/risk/{entity}', '/api/v1/risk/GPU-001'],
  ['/api/v1/models', '/api/v1/models'],
  ['/api/v1/card', '/api/v1/card?horizon=7d'],
  ['/api/v1/incidents', '/api/v1/incidents?limit=10'],
  ['/api/v1/anomalies', '/api/v1/anomalies'],
  ['/api/v1/sources', '/api/v1/sources'],
])('%s answers as the document says', async (path, asked) => {
  const { status, json } = await api.ask(asked);
  expect(status).toBe(200);
  expect(fits(path, 'get', json)).toEqual([]);
});

test('the likeliest come first, by the horizon that is asked for, and only those asked for', async () => {
  const { json } = await api.ask('/api/v1/risk?kind=gpu&horizon=24h&limit=16');
  const values = json.risks.map((risk: { probability: Record<string, number> }) => risk.probability['24h']);
  expect(values).toHaveLength(16);
  expect(values).toEqual(values.toSorted((a: number, b: number) => b - a));
  expect((await api.ask('/api/v1/risk?cluster=lab')).json).toMatchObject({ total: 1, risks: [{ cluster: 'lab' }] });
  expect((await api.ask('/api/v1/risk?node=gpu-1')).json.total).toBe(8);
});

test('contributions of all reasons add up to the probability, the strongest first', async () => {
  const { json } = await api.ask('/api/v1/risk/GPU-002');
  for (const horizon of ['24h', '7d', '30d']) {
    const own: { contribution: number; direction: string }[] = json.contributions[horizon];
    const logOdds = own.reduce((sum, { contribution }) => sum + contribution, 0);
    expect(1 / (1 + Math.exp(-logOdds))).toBeCloseTo(json.probability[horizon], 9);
    const sizes = own.map(({ contribution }) => Math.abs(contribution));
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    for (const { contribution, direction } of own) expect(direction).toBe(contribution > 0 ? 'raises' : 'lowers');
  }
});

test('a name that two clusters have is not guessed', async () => {
  expect((await api.ask('/api/v1/risk/gpu-0')).json.error).toMatchObject({ code: 'conflict', field: 'cluster' });
  expect((await api.ask('/api/v1/risk/gpu-0?cluster=lab')).json).toMatchObject({ cluster: 'lab', kind: 'node' });
  expect((await api.ask('/api/v1/risk/gpu%2Fprod%2FGPU-001')).json.uuid).toBe('GPU-001');
  expect((await api.ask('/api/v1/risk/none')).status).toBe(404);
});

test('the card is told as Markdown, too', async () => {
  const { text, headers } = await api.ask('/api/v1/card', { headers: { accept: 'text/markdown' } });
  expect(headers['content-type']).toContain('text/markdown');
  expect(text).toMatch(/^# /);
});

test('incidents are those since a time, the newest first', async () => {
  const { json } = await api.ask('/api/v1/incidents?limit=10000');
  const starts = json.incidents.map(({ started }: { started: string }) => Date.parse(started));
  expect(starts).toHaveLength(history.incidents.length);
  expect(starts).toEqual(starts.toSorted((a: number, b: number) => b - a));
  const { json: late } = await api.ask(`/api/v1/incidents?since=${starts[3] / 1000}`);
  expect(late.incidents.length).toBeLessThan(starts.length);
  expect(late.incidents.every(({ started }: { started: string }) => Date.parse(started) >= starts[3])).toBe(true);
});

test('only an editor rolls back, where there is something to go back to', async () => {
  const post = (token?: string) =>
    api.ask('/api/v1/models/rollback', {
      method: 'POST',
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });
  expect((await post()).status).toBe(401);
  expect((await post(testTokens.reader)).status).toBe(403);
  previous = undefined;
  expect((await post(testTokens.editor)).status).toBe(409);
  expect(rolledBackBy).toEqual([]);
  previous = '2026-01-01-00000000';
  expect((await post(testTokens.editor)).json).toMatchObject({ version: models.id });
  expect(rolledBackBy).toHaveLength(1);
});

test('every error that a route may give is in the document', () => {
  for (const route of predictionRoutes) {
    const { responses } = document.paths[route.path][route.method];
    expect(Object.keys(responses)).toEqual(
      expect.arrayContaining(errorsOf(route).map((code) => String(errorCodes[code].status))),
    );
  }
});
