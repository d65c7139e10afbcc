import { readChatRequest } from '../../../../cli/simulate/inference/engine/chat-request.ts';
import { simulatedModels } from '../../../../cli/simulate/inference/simulated-models.ts';
import { simulatedTenants, type TrafficShape } from '../../../../cli/simulate/inference/simulated-tenants.ts';
import { type PlannedRequest, plannedRequests } from '../../../../cli/simulate/inference/traffic/planned-requests.ts';
import { clientRequest } from '../../../../cli/simulate/inference/traffic/request-body.ts';

const key = { seed: 1, nodes: 2, gpus: 8, scenario: 'healthy' };

interface Client {
  readonly name: string;
  readonly index: number;
  readonly traffic: TrafficShape;
}

function clientsOf(scenario = 'healthy'): readonly Client[] {
  return simulatedTenants({ ...key, scenario }).flatMap(({ name, traffic }, index) =>
    traffic === undefined ? [] : [{ name, index, traffic }],
  );
}

function until(second: number, { index, traffic }: Client, seed = 1): readonly PlannedRequest[] {
  const planned: PlannedRequest[] = [];
  for (const request of plannedRequests(seed, index, traffic)) {
    if (request.second > second) break;
    planned.push(request);
  }
  return planned;
}

test.each(clientsOf().map((client) => [client.name, client] as const))(
  '%s sends the same at every run of one seed, and other with another',
  (_name, client) => {
    expect(until(100, client)).toEqual(until(100, client));
    expect(until(100, client)).not.toEqual(until(100, client, 2));
  },
);

test.each(clientsOf().map((client) => [client.name, client] as const))(
  '%s sends as often as it should',
  (_name, client) => {
    const perSecond = until(10_000, client).length / 10_000;
    expect(perSecond / client.traffic.requestsPerSecond).toBeGreaterThan(0.9);
    expect(perSecond / client.traffic.requestsPerSecond).toBeLessThan(1.1);
  },
);

test('all together are a few requests and some tokens in a second, so that a small machine can bear it', () => {
  const all = clientsOf().flatMap((client) => until(3000, client));
  expect(all.length / 3000).toBeLessThan(4);
  const tokens = all.reduce((sum, { answerTokens }) => sum + answerTokens, 0) / 3000;
  expect(tokens).toBeGreaterThan(50);
  expect(tokens).toBeLessThan(100);
});

test('each way of ending is planned, and whoever goes away does so within the answer', () => {
  const all = clientsOf().flatMap((client) => until(3000, client));
  const left = all.filter(({ goesAfterTokens }) => goesAfterTokens !== undefined);
  expect(left.some(({ isNative }) => isNative)).toBe(true);
  for (const { goesAfterTokens = 0, answerTokens, isStream, wantsUsage } of left) {
    expect(goesAfterTokens).toBeGreaterThanOrEqual(1);
    expect(goesAfterTokens).toBeLessThan(answerTokens);
    expect([isStream, wantsUsage]).toEqual([true, false]);
  }
  expect(all.some(({ isStream }) => !isStream)).toBe(true);
  expect(all.some(({ promptTokens }) => promptTokens > 2048)).toBe(true);
  expect(all.some(({ modelName }) => !simulatedModels.some(({ name }) => name === modelName))).toBe(true);
});

test('the engine that gets a request reads in it what was planned', () => {
  const sent = clientsOf().flatMap((client) => until(200, client).map((planned) => ({ client, planned })));
  const understood = sent.flatMap(({ client, planned }) => {
    const model = simulatedModels.find(({ name }) => name === planned.modelName);
    return model === undefined || planned.promptTokens > model.contextTokens ? [] : [{ client, planned, model }];
  });
  expect(understood.length).toBeGreaterThan(200);
  for (const { client, planned, model } of understood) {
    const isOllama = model.kind === 'ollama';
    const { path, body } = clientRequest(1, client.index, planned);
    expect(path).toBe(isOllama ? '/api/chat' : '/v1/chat/completions');
    const chat = readChatRequest(body, model, isOllama);
    expect(chat).toMatchObject({ answerTokens: planned.answerTokens, isStream: planned.isStream });
    expect(chat).toHaveProperty('promptTokens.length', planned.promptTokens);
  }
});

test('in tenant-burst one tenant sends twenty times as much from second 30 on, and the others what they always do', () => {
  for (const [index, client] of clientsOf('tenant-burst').entries()) {
    const usual = clientsOf()[index];
    if (usual === undefined) throw new Error('a tenant is missing');
    const sent = until(330, client);
    if (client.name !== 'team-b') {
      expect(sent).toEqual(until(330, usual));
      continue;
    }
    expect(sent.filter(({ second }) => second < 30)).toEqual(until(30, usual));
    const after = sent.filter(({ second }) => second >= 35).length / 295;
    expect(after).toBeGreaterThan(4);
    expect(after).toBeLessThan(6);
  }
});
