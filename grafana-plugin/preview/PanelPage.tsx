import {
  applyFieldOverrides,
  type DataFrame,
  type DataQuery,
  dateMath,
  dateTime,
  EventBusSrv,
  getPanelOptionsWithDefaults,
  LoadingState,
  type PanelData,
  type PanelPlugin,
  PluginContextProvider,
  type TimeRange,
} from '@grafana/data';
import { getDataSourceSrv } from '@grafana/runtime';
import { PanelChrome, useTheme2 } from '@grafana/ui';
import React, { useEffect, useMemo, useState } from 'react';
import { useLocation, useParams } from 'react-router-dom';
import { loadPanel } from './load-plugin';

/**
 * One panel as on a dashboard. The address says what is in it: `queries` (JSON, as a panel's targets), `options`, `fieldConfig`, `from`,
 * `to`, `w`, `h`, and `var-NAME` for what variables hold.
 */
export function PanelPage() {
  const { id = '' } = useParams();
  const { search } = useLocation();
  const knobs = useMemo(() => new URLSearchParams(search), [search]);
  const [plugin, setPlugin] = useState<PanelPlugin>();
  useEffect(() => {
    loadPanel(id).then(setPlugin, (error: unknown) => {
      document.body.dataset.hostError = String(error);
    });
  }, [id]);
  const timeRange = useMemo(() => timeRangeOf(knobs), [knobs]);
  const answer = useQueries(knobs.get('queries') ?? '[]', timeRange);
  if (plugin?.panel === null || plugin === undefined) return <div>Loading {id} …</div>;
  return <Framed key={plugin.meta.id} plugin={plugin} knobs={knobs} timeRange={timeRange} answer={answer} />;
}

interface QueryAnswer {
  readonly state: LoadingState;
  readonly series: DataFrame[];
  readonly error?: { readonly message: string };
}

interface FramedProps {
  readonly plugin: PanelPlugin;
  readonly knobs: URLSearchParams;
  readonly timeRange: TimeRange;
  readonly answer: QueryAnswer;
}

function Framed({ plugin, knobs, timeRange, answer }: FramedProps) {
  const theme = useTheme2();
  const replaceVariables = (text: string) =>
    text.replace(/\$\{(\w+)[^}]*\}|\$(\w+)/g, (all, braced, bare) => knobs.get(`var-${braced ?? bare}`) ?? all);
  const { options, fieldConfig } = getPanelOptionsWithDefaults({
    plugin,
    isAfterPluginChange: false,
    currentOptions: JSON.parse(knobs.get('options') ?? '{}'),
    currentFieldConfig: JSON.parse(knobs.get('fieldConfig') ?? '{"defaults":{},"overrides":[]}'),
  });
  const [own, setOwn] = useState<unknown>(options);
  const series = applyFieldOverrides({
    data: answer.series,
    fieldConfig,
    fieldConfigRegistry: plugin.fieldConfigRegistry,
    replaceVariables,
    theme,
    timeZone: 'utc',
  });
  const data: PanelData = {
    state: answer.state,
    series,
    timeRange,
    structureRev: 1,
    annotations: [],
    error: answer.error,
  };
  const Panel = plugin.panel;
  if (Panel === null) return null;
  return (
    <PluginContextProvider meta={plugin.meta}>
      <main style={{ padding: 8 }}>
        <PanelChrome
          title={plugin.meta.name}
          width={Number(knobs.get('w') ?? Math.min(1240, window.innerWidth - 16))}
          height={Number(knobs.get('h') ?? 640)}
          loadingState={answer.state}
        >
          {(width, height) => (
            <Panel
              id={1}
              title={plugin.meta.name}
              data={data}
              timeRange={timeRange}
              timeZone="utc"
              options={own}
              fieldConfig={fieldConfig}
              width={width}
              height={height}
              transparent={false}
              renderCounter={0}
              eventBus={events}
              replaceVariables={replaceVariables}
              onOptionsChange={setOwn}
              onFieldConfigChange={() => {}}
              onChangeTimeRange={() => {}}
            />
          )}
        </PanelChrome>
      </main>
    </PluginContextProvider>
  );
}

const events = new EventBusSrv();

function timeRangeOf(knobs: URLSearchParams): TimeRange {
  const raw = { from: knobs.get('from') ?? 'now-1h', to: knobs.get('to') ?? 'now' };
  const from = dateMath.toDateTime(raw.from, { roundUp: false }) ?? dateTime();
  const to = dateMath.toDateTime(raw.to, { roundUp: true }) ?? dateTime();
  return { from, to, raw };
}

function useQueries(text: string, range: TimeRange): QueryAnswer {
  const [answer, setAnswer] = useState<QueryAnswer>({ state: LoadingState.Loading, series: [] });
  useEffect(() => {
    let left = false;
    const targets: DataQuery[] = JSON.parse(text);
    const request = {
      requestId: 'panel',
      interval: '15s',
      intervalMs: 15_000,
      range,
      scopedVars: {},
      targets,
      timezone: 'utc',
      app: 'preview',
      startTime: 0,
    };
    const asked = async () => (targets.length === 0 ? { data: [] } : (await getDataSourceSrv().get()).query(request));
    asked().then(
      (response) => {
        if (!left && 'data' in response) setAnswer({ state: LoadingState.Done, series: response.data });
      },
      (error: unknown) => {
        if (!left)
          setAnswer({
            state: LoadingState.Error,
            series: [],
            error: { message: error instanceof Error ? error.message : String(error) },
          });
      },
    );
    return () => {
      left = true;
    };
  }, [text, range]);
  return answer;
}
