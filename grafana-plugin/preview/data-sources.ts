import { type DataSourceApi, type DataSourceInstanceSettings, type DataSourceRef, PluginType } from '@grafana/data';
import { config, type DataSourceSrv } from '@grafana/runtime';
import { PreviewPrometheus } from './prometheus';

const settings: DataSourceInstanceSettings = {
  id: 1,
  uid: 'prometheus',
  type: 'prometheus',
  name: 'Prometheus',
  isDefault: true,
  access: 'proxy',
  url: '',
  jsonData: {},
  readOnly: true,
  meta: {
    id: 'prometheus',
    name: 'Prometheus',
    type: PluginType.datasource,
    module: '',
    baseUrl: '',
    metrics: true,
    info: {
      author: { name: '' },
      description: '',
      links: [],
      logos: { small: '', large: '' },
      screenshots: [],
      updated: '',
      version: '',
    },
  },
};

/** The one Prometheus of the preview; `none` leaves it out, as in a Grafana without a data source. */
export function dataSourceSrv(none: boolean): DataSourceSrv {
  const source: DataSourceApi = new PreviewPrometheus(settings);
  const runtime = new Map<string, DataSourceApi>();
  config.datasources = none ? {} : { [settings.name]: settings };
  const uidOf = (ref?: DataSourceRef | string | null) => (typeof ref === 'string' ? ref : ref?.uid);
  return {
    get: async (ref) => {
      const own = runtime.get(uidOf(ref) ?? '');
      if (own !== undefined) return own;
      if (none) throw new Error('There is no data source of type prometheus.');
      return source;
    },
    getList: () => (none ? [] : [settings]),
    getInstanceSettings: (ref) => {
      const own = runtime.get(uidOf(ref) ?? '');
      return none ? undefined : own === undefined ? settings : { ...settings, uid: own.uid, name: own.name };
    },
    reload: async () => {},
    registerRuntimeDataSource: ({ dataSource }) => runtime.set(dataSource.uid, dataSource),
  };
}
