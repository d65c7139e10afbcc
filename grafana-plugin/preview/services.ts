import {
  type DataQueryRequest,
  type DataSourceApi,
  EventBusSrv,
  type GrafanaConfig,
  LoadingState,
  locationUtil,
  type PanelData,
  type PanelPlugin,
} from '@grafana/data';
import {
  config,
  FakeEchoSrv,
  setAppEvents,
  setBackendSrv,
  setCurrentUser,
  setDataSourceSrv,
  setEchoSrv,
  setPluginImportUtils,
  setRunRequest,
  setTemplateSrv,
} from '@grafana/runtime';
import { catchError, from, map, type Observable, of, startWith } from 'rxjs';
import { backendSrv } from './backend-srv';
import { dataSourceSrv } from './data-sources';
import { loadPanel } from './load-plugin';
import { templateSrv } from './template-srv';

export const appEvents = new EventBusSrv();

interface Knobs {
  /** A Grafana without a Prometheus. */
  readonly noDataSource: boolean;
}

/** The services of @grafana/runtime that plugins ask, as far as ours do. */
export function setServices({ noDataSource }: Knobs): void {
  setBackendSrv(backendSrv());
  setTemplateSrv(templateSrv());
  setDataSourceSrv(dataSourceSrv(noDataSource));
  setRunRequest(runRequest);
  setAppEvents(appEvents);
  setEchoSrv(new FakeEchoSrv());
  setCurrentUser(config.bootData.user);
  const loaded = new Map<string, PanelPlugin>();
  setPluginImportUtils({
    importPanelPlugin: async (id) => {
      const plugin = await loadPanel(id);
      loaded.set(id, plugin);
      return plugin;
    },
    getPanelPluginFromCache: (id) => loaded.get(id),
  });
  locationUtil.initialize({
    config: config as unknown as GrafanaConfig,
    getVariablesUrlParams: () => ({}),
    getTimeRangeForUrl: () => ({ from: 'now-1h', to: 'now' }),
  });
}

function runRequest(dataSource: DataSourceApi, request: DataQueryRequest): Observable<PanelData> {
  const common = { request, timeRange: request.range, annotations: [] };
  return from(dataSource.query(request)).pipe(
    map(({ data }): PanelData => ({ ...common, state: LoadingState.Done, series: data })),
    catchError((error: unknown) => of(failed(error, request))),
    startWith<PanelData>({ ...common, state: LoadingState.Loading, series: [] }),
  );
}

function failed(error: unknown, request: DataQueryRequest): PanelData {
  const message = error instanceof Error ? error.message : String(error);
  const told = { message, refId: request.targets[0]?.refId };
  return { request, timeRange: request.range, state: LoadingState.Error, series: [], error: told, errors: [told] };
}
