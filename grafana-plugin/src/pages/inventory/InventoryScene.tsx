import { type SceneComponentProps, SceneObjectBase, type SceneObjectState, sceneGraph } from '@grafana/scenes';
import React, { useCallback } from 'react';
import { InventoryLookup } from '../../panels/cmdblookup/components/InventoryLookup';
import { InventoryOverview } from './InventoryOverview';
import { useAddress } from './use-address';
import { useChosen } from './use-chosen';

/**
 * Search, item and overview. It holds the component of the panel and not the panel, so that it is as high as its content and its choice can stand
 * in the address.
 */
export class InventoryScene extends SceneObjectBase<SceneObjectState> {
  static readonly Component = Inventory;
}

function Inventory({ model }: SceneComponentProps<InventoryScene>) {
  const { text, itemId, go, replace } = useAddress();
  const { value: timeRange } = sceneGraph.getTimeRange(model).useState();
  const site = useChosen(model, 'site');
  const cluster = useChosen(model, 'cluster');
  const choose = useCallback((id: number, typed?: string) => go({ text: typed, itemId: id }), [go]);
  const search = useCallback((typed: string) => go({ text: typed }), [go]);
  const resolved = useCallback((id: number) => replace({ text, itemId: id }), [replace, text]);
  return (
    <InventoryLookup
      isPage
      text={text}
      itemId={itemId}
      onSearch={search}
      onChoose={choose}
      onResolved={resolved}
      refreshKey={timeRange.to.valueOf()}
      timeZone={sceneGraph.getTimeRange(model).getTimeZone()}
    >
      <InventoryOverview site={site} cluster={cluster} />
    </InventoryLookup>
  );
}
