import {
  EmbeddedScene,
  SceneControlsSpacer,
  type SceneObject,
  SceneRefreshPicker,
  SceneTimePicker,
  SceneTimeRange,
  type SceneVariableSet,
  VariableValueSelectors,
} from '@grafana/scenes';

interface PageScene {
  /** In Grafana's words, such as `now-3h`. */
  readonly from: string;
  readonly refresh?: string;
  readonly variables: SceneVariableSet;
  readonly body: SceneObject;
}

/** What all pages have: variables, time range and refresh at the top, all of which live in the address. */
export function pageScene({ from, refresh = '1m', variables, body }: PageScene): EmbeddedScene {
  return new EmbeddedScene({
    $timeRange: new SceneTimeRange({ from, to: 'now' }),
    $variables: variables,
    controls: [
      new VariableValueSelectors({}),
      new SceneControlsSpacer(),
      new SceneTimePicker({ isOnCanvas: true }),
      new SceneRefreshPicker({ refresh, isOnCanvas: true }),
    ],
    body,
  });
}
