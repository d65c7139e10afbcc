import { LoadingState, type PanelData } from '@grafana/data';
import { t } from '@grafana/i18n';
import type { SceneObjectState } from '@grafana/scenes';
import { type SceneComponentProps, type SceneDataProvider, SceneObjectBase, sceneGraph } from '@grafana/scenes';
import { Alert, LoadingPlaceholder } from '@grafana/ui';
import React, { type ComponentType, useMemo } from 'react';
import { type Expressions, instantQueries } from './instant-queries';
import { type Row, rowsOf } from './rows';

/** The rows of each expression, by its name. An expression that finds nothing has no rows. */
export type Readings<K extends string = string> = Readonly<Record<K, readonly Row[]>>;

export interface ReadingsProps<K extends string = string> {
  readonly readings: Readings<K>;
  /** End of the time range, which is the moment that all values are of. */
  readonly atMs: number;
}

interface ReadingsState extends SceneObjectState {
  readonly $data: SceneDataProvider;
  readonly names: readonly string[];
  readonly component: ComponentType<ReadingsProps>;
}

/** A part of a page that shows what some expressions say. It follows variables, time range and refresh as a panel does. */
export class ReadingsView extends SceneObjectBase<ReadingsState> {
  static Component = ReadingsRenderer;
}

export function readingsView<K extends string>(
  expressions: Expressions & Readonly<Record<K, Expressions[string]>>,
  component: ComponentType<ReadingsProps<K>>,
): ReadingsView {
  const names = Object.keys(expressions);
  // Every name of the record has rows, so a component of fewer names finds all of its own.
  return new ReadingsView({
    $data: instantQueries(expressions),
    names,
    component: component as ComponentType<ReadingsProps>,
  });
}

function ReadingsRenderer({ model }: SceneComponentProps<ReadingsView>) {
  const { names, component: Component } = model.useState();
  const { data } = sceneGraph.getData(model).useState();
  const readings = useMemo(() => readingsOf(data, names), [data, names]);
  const problem = problemOf(data);
  if (data === undefined || (data.state === LoadingState.Loading && data.series.length === 0))
    return <LoadingPlaceholder text={t('readings.loading', 'Asking Prometheus …')} />;
  return (
    <>
      {problem !== undefined && (
        <Alert
          severity="error"
          title={t('readings.problem', 'Prometheus does not answer as it should')}
          data-testid="query-problem"
        >
          {problem}
        </Alert>
      )}
      {(problem === undefined || data.series.length > 0) && (
        <Component readings={readings} atMs={data.timeRange.to.valueOf()} />
      )}
    </>
  );
}

function readingsOf(data: PanelData | undefined, names: readonly string[]): Readings {
  const frames = data?.series ?? [];
  return Object.fromEntries(names.map((name) => [name, rowsOf(frames, name)]));
}

function problemOf(data: PanelData | undefined): string | undefined {
  // Grafana puts what a data source threw into the older field alone.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const error = data?.errors?.[0] ?? data?.error;
  if (error === undefined) return undefined;
  return error.message ?? error.data?.message ?? error.statusText ?? t('readings.unknown', 'It did not say why.');
}
