import { dateTime, dateTimeFormat } from '@grafana/data';
import React from 'react';
import { useLookup } from './lookup-context';

/** How long ago or when to come, with the exact time where the pointer rests. */
export function When({ at }: { readonly at: string }) {
  const { timeZone } = useLookup();
  const time = dateTime(at);
  if (!time.isValid()) return <>{at}</>;
  return (
    <time dateTime={at} title={dateTimeFormat(at, { timeZone })}>
      {time.fromNow()}
    </time>
  );
}
