import { css } from '@emotion/css';
import { type GrafanaTheme2, locationUtil } from '@grafana/data';
import { t } from '@grafana/i18n';
import { ClipboardButton, IconButton, LinkButton, useStyles2 } from '@grafana/ui';
import React from 'react';
import { gpuBoardUrl, inventoryUrl } from '../links/links';
import type { RiskRow } from '../rows/risk-row';

interface Props {
  readonly row: RiskRow;
  readonly onClose: () => void;
}

/** Which GPU it is, where, whose, and where else it is shown. */
export function Header({ row, onClose }: Props) {
  const styles = useStyles2(getStyles);
  const { uuid, cluster, node, gpuIndex, rack, model, tenant, job } = row;
  const index = gpuIndex === undefined ? undefined : t('failure.gpuIndex', 'GPU {{index}}', { index: gpuIndex });
  return (
    <div>
      <div className={styles.line}>
        <span className={styles.uuid} data-testid="failure-uuid">
          {uuid}
        </span>
        <ClipboardButton
          size="sm"
          fill="text"
          variant="secondary"
          icon="copy"
          aria-label={t('failure.copy', 'Copy the UUID')}
          getText={() => uuid}
        />
        <IconButton
          name="times"
          size="lg"
          aria-label={t('failure.close', 'Back to the list')}
          tooltip={t('failure.close', 'Back to the list')}
          onClick={onClose}
          data-testid="failure-close"
        />
      </div>
      <div className={styles.faint}>{[cluster, node, index, rack, model].filter(Boolean).join(' · ')}</div>
      {(tenant ?? job) !== undefined && (
        <div className={styles.faint}>
          {t('failure.holder', 'In use by {{who}}', { who: [tenant, job].filter(Boolean).join(' · ') })}
        </div>
      )}
      <div className={styles.links}>
        <LinkButton
          size="sm"
          variant="secondary"
          icon="dashboard"
          href={locationUtil.assureBaseUrl(gpuBoardUrl(row))}
          data-testid="failure-to-board"
        >
          {t('failure.link.board', 'GPU detail')}
        </LinkButton>
        <LinkButton
          size="sm"
          variant="secondary"
          icon="sitemap"
          href={locationUtil.assureBaseUrl(inventoryUrl(row))}
          data-testid="failure-to-inventory"
        >
          {t('failure.link.inventory', 'Inventory')}
        </LinkButton>
      </div>
    </div>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    line: css({ display: 'flex', gap: theme.spacing(0.5), alignItems: 'flex-start' }),
    uuid: css({ flex: 1, fontWeight: theme.typography.fontWeightMedium, overflowWrap: 'anywhere' }),
    faint: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary, overflowWrap: 'anywhere' }),
    links: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0.5), padding: theme.spacing(0.5, 0, 1, 0) }),
  };
}
