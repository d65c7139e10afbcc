import { Badge } from '@grafana/ui';
import React from 'react';
import { stateText } from '../texts/state-text';

export function StateBadge({ state }: { readonly state: string }) {
  const { text, colour } = stateText(state);
  return <Badge text={text} color={colour} data-testid="item-state" />;
}
