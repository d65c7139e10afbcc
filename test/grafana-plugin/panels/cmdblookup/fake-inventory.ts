import { type BackendSrv, type BackendSrvRequest, config, setBackendSrv } from '@grafana/runtime';
import { configure } from '@testing-library/react';
import { of, throwError } from 'rxjs';
import alerts from '../../../fixtures/grafana-plugin/cmdb/alerts.json';
import history from '../../../fixtures/grafana-plugin/cmdb/history.json';
import impact from '../../../fixtures/grafana-plugin/cmdb/impact.json';
import itemServer from '../../../fixtures/grafana-plugin/cmdb/item-server.json';
import itemsExample from '../../../fixtures/grafana-plugin/cmdb/items-example.json';
import maintenance from '../../../fixtures/grafana-plugin/cmdb/maintenance.json';
import begun from '../../../fixtures/grafana-plugin/cmdb/maintenance-begun.json';
import place from '../../../fixtures/grafana-plugin/cmdb/place.json';
import rack from '../../../fixtures/grafana-plugin/cmdb/rack.json';
import relations from '../../../fixtures/grafana-plugin/cmdb/relations.json';
import search from '../../../fixtures/grafana-plugin/cmdb/search.json';

// A busy machine draws slowly; what does not come at all still fails.
configure({ asyncUtilTimeout: 30_000 });

export interface FakeAnswer {
  readonly status?: number;
  readonly data: unknown;
}

/** What the fake answers, by the end of the path; the recorded answers where nothing else is said. */
export type Answers = Readonly<Record<string, FakeAnswer>>;

const recorded: Answers = {
  '/items/1': { data: itemServer },
  '/items/1/place': { data: place },
  '/items/1/rack': { data: rack },
  '/items/1/relations': { data: relations },
  '/items/1/impact': { data: impact },
  '/items/1/history': { data: history },
  '/maintenance': { data: maintenance },
  'POST /maintenance': { status: 201, data: begun },
  '/items': { data: itemsExample },
  '/search': { data: search },
  '/alerts': { data: alerts },
};
const notThere: FakeAnswer = { status: 404, data: { error: { code: 'not_found', message: 'there is no such item' } } };

/** Stands in for Grafana's proxy with the inventory behind it. Returns what was asked. */
export function fakeInventory(answers: Answers = {}, role: 'Viewer' | 'Editor' = 'Viewer'): BackendSrvRequest[] {
  const asked: BackendSrvRequest[] = [];
  const all: Answers = { ...recorded, ...answers };
  const fetch = (request: BackendSrvRequest) => {
    asked.push(request);
    const path = request.url.replace(/^.*\/api\/v\d/, '');
    const { status = 200, data } = all[`${request.method} ${path}`] ?? all[path] ?? all['*'] ?? notThere;
    const answer = { status, data, statusText: '', config: request };
    return status < 300 ? of(answer) : throwError(() => answer);
  };
  const service: Partial<BackendSrv> = { fetch: fetch as BackendSrv['fetch'] };
  setBackendSrv(service as BackendSrv);
  Object.assign(config.bootData.user, { orgRole: role, isGrafanaAdmin: false });
  return asked;
}
