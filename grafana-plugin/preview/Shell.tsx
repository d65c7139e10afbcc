import type { AppPlugin } from '@grafana/data';
import { getThemeById, PluginContextProvider, ThemeContext } from '@grafana/data';
import { config, LocationServiceProvider, locationService } from '@grafana/runtime';
import { ErrorBoundaryAlert, GlobalStyles, ModalRoot, PortalContainer } from '@grafana/ui';
import React from 'react';
import { Navigate, Route, Routes, useLocation, useParams } from 'react-router-dom';
import { AppPage } from './AppPage';
import { ConfigurationPage } from './ConfigurationPage';
import { Header } from './Header';
import { HostRouter } from './HostRouter';
import { PanelPage } from './PanelPage';

/** What Grafana would be around the app: theme, addresses, dialogs. */
export function Shell({ app }: { readonly app: AppPlugin }) {
  const start = `/a/${app.meta.id}`;
  return (
    <ThemeContext.Provider value={getThemeById(config.bootData.user.theme)}>
      <LocationServiceProvider service={locationService}>
        <GlobalStyles />
        <HostRouter>
          <ErrorBoundaryAlert style="page">
            <PluginContextProvider meta={app.meta}>
              <div style={{ display: 'flex', flexDirection: 'column', minHeight: '100vh' }}>
                <Header app={app} />
                <Routes>
                  <Route path="/panel/:id" element={<PanelPage />} />
                  <Route path="/d/:uid/*" element={<BoardAddress start={start} />} />
                  <Route path={`/plugins/${app.meta.id}`} element={<ConfigurationPage app={app} />} />
                  <Route path={`${start}/*`} element={<AppPage app={app} />} />
                  <Route path="*" element={<Navigate to={start} replace />} />
                </Routes>
              </div>
            </PluginContextProvider>
          </ErrorBoundaryAlert>
        </HostRouter>
        <ModalRoot />
        <PortalContainer />
      </LocationServiceProvider>
    </ThemeContext.Provider>
  );
}

/** Boards are shown by a page of the app, because the part of Grafana that shows them is on no registry. */
function BoardAddress({ start }: { readonly start: string }) {
  const { uid } = useParams();
  const { search } = useLocation();
  return <Navigate to={`${start}/boards/${uid}${search}`} replace />;
}
