import { locationService } from '@grafana/runtime';
import React, { type ReactNode, useLayoutEffect, useState } from 'react';
import { type NavigationType, type Navigator, Router } from 'react-router-dom';

/** Grafana's history, which is older than the router of its pages. */
export function HostRouter({ children }: { readonly children: ReactNode }) {
  const history = locationService.getHistory();
  const [state, setState] = useState({ location: history.location, action: history.action });
  useLayoutEffect(
    () => history.listen((location: Location, action: string) => setState({ location, action })),
    [history],
  );
  return (
    <Router
      navigator={history as unknown as Navigator}
      location={state.location}
      navigationType={state.action as unknown as NavigationType}
    >
      {children}
    </Router>
  );
}
