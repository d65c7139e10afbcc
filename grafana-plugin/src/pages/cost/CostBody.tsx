import { css } from '@emotion/css';
import { type GrafanaTheme2, LoadingState } from '@grafana/data';
import { t } from '@grafana/i18n';
import {
  type SceneComponentProps,
  type SceneDataProvider,
  SceneObjectBase,
  type SceneObjectState,
  sceneGraph,
  type VizPanel,
} from '@grafana/scenes';
import { Alert, LoadingPlaceholder, useStyles2 } from '@grafana/ui';
import React from 'react';
import { OneTenant } from './tenant/OneTenant';
import { AllTenants } from './tenants/AllTenants';
import { useTenant } from './use-tenant';

interface State extends SceneObjectState {
  readonly $data: SceneDataProvider;
  /** Panels of the board, for all tenants and for one. */
  readonly panels: readonly VizPanel[];
  readonly tenantPanels: readonly VizPanel[];
}

/** All tenants, or the one that is chosen above. */
export class CostBody extends SceneObjectBase<State> {
  static readonly Component = CostBodyView;
}

function CostBodyView({ model }: SceneComponentProps<CostBody>) {
  const styles = useStyles2(getStyles);
  const { panels, tenantPanels } = model.useState();
  const { data } = sceneGraph.getData(model).useState();
  const { tenant, choose } = useTenant(model);
  const atMs = sceneGraph.getTimeRange(model).useState().value.to.valueOf();
  const frames = data?.series ?? [];
  const error = data?.errors?.[0]?.message;
  const isFirst = data === undefined || (data.state === LoadingState.Loading && frames.length === 0);
  return (
    <div className={styles.page}>
      {error !== undefined && (
        <Alert severity="error" title={t('cost.prometheus.failed', 'Prometheus gives no figures of costs')}>
          {error}
        </Alert>
      )}
      {isFirst && error === undefined && <LoadingPlaceholder text={t('cost.loading', 'Asking Prometheus …')} />}
      {tenant === undefined ? (
        <AllTenants frames={frames} isEmptyKnown={!isFirst && error === undefined} panels={panels} onChoose={choose} />
      ) : (
        <OneTenant
          key={tenant}
          tenant={tenant}
          frames={frames}
          atMs={atMs}
          panels={tenantPanels}
          onAll={() => choose(undefined)}
        />
      )}
    </div>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    page: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(2), width: '100%', minWidth: 0 }),
  };
}
