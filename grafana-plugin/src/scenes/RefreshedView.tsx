import { type SceneComponentProps, SceneObjectBase, type SceneObjectState, sceneGraph } from '@grafana/scenes';
import React, { type ComponentType } from 'react';

interface RefreshedState extends SceneObjectState {
  /** Rendered with the end of the time range, which moves on with each refresh. */
  readonly component: ComponentType<{ readonly atMs: number }>;
}

/** A part of a page that asks services, not Prometheus, and asks again when the page is refreshed. */
export class RefreshedView extends SceneObjectBase<RefreshedState> {
  static Component = RefreshedRenderer;
}

function RefreshedRenderer({ model }: SceneComponentProps<RefreshedView>) {
  const { component: Component } = model.useState();
  const { value } = sceneGraph.getTimeRange(model).useState();
  return <Component atMs={value.to.valueOf()} />;
}
