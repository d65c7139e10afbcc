import { EmbeddedScene, type SceneComponentProps, SceneObjectBase, type SceneObjectState } from '@grafana/scenes';
import React from 'react';
import { BillView } from './BillView';
import type { BillRef } from './bill-ref';

interface State extends SceneObjectState {
  readonly bill: BillRef;
}

class BillBody extends SceneObjectBase<State> {
  static readonly Component = ({ model }: SceneComponentProps<BillBody>) => <BillView bill={model.useState().bill} />;
}

export function billScene(bill: BillRef): EmbeddedScene {
  return new EmbeddedScene({ body: new BillBody({ bill }) });
}
