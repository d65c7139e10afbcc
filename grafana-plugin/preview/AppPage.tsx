import type { AppPlugin } from '@grafana/data';
import React from 'react';
import { useLocation } from 'react-router-dom';

/** Where the app has the page to itself. */
export function AppPage({ app }: { readonly app: AppPlugin }) {
  const { pathname, search } = useLocation();
  const Root = app.root;
  if (Root === undefined) return <div>The app has no page.</div>;
  return (
    <Root
      meta={app.meta}
      basename={`/a/${app.meta.id}`}
      path={pathname}
      query={Object.fromEntries(new URLSearchParams(search))}
      onNavChanged={() => {}}
    />
  );
}
