import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Badge, Button, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';
import { isEditor } from '../../../services/role';
import type { Item } from '../answers/item';
import { type Window, windowsQuestion } from '../answers/maintenance';
import { MaintenanceForm } from './MaintenanceForm';
import { Section } from './Section';
import { useFreshAnswer } from './use-fresh-answer';
import { When } from './When';

/** Windows that run or are to come; editors begin one. */
export function MaintenanceSection({ item }: { readonly item: Item }) {
  const answer = useFreshAnswer(windowsQuestion(item.id));
  const [isOpen, setIsOpen] = useState(false);
  const [begun, setBegun] = useState<{ readonly title: string; readonly holds: number }>();
  const start = isEditor() && !isOpen && (
    <Button
      size="sm"
      variant="secondary"
      icon="cog"
      onClick={() => {
        setIsOpen(true);
        setBegun(undefined);
      }}
      data-testid="maintenance-start"
    >
      {t('cmdb.maintenance.start', 'Start maintenance')}
    </Button>
  );
  return (
    <Section title={t('cmdb.maintenance.title', 'Maintenance')} testId="maintenance" answer={answer} actions={start}>
      {isOpen && (
        <MaintenanceForm
          item={item}
          onCancel={() => setIsOpen(false)}
          onBegun={(window) => {
            setBegun(window);
            setIsOpen(false);
            answer.askAgain();
          }}
        />
      )}
      {begun !== undefined && (
        <div role="status" data-testid="maintenance-begun">
          {t('cmdb.maintenance.begun', 'Announced for {{count}} items.', { count: begun.holds })}
        </div>
      )}
      <Windows windows={answer.value} />
    </Section>
  );
}

function Windows({ windows }: { readonly windows: readonly Window[] | undefined }) {
  const styles = useStyles2(getStyles);
  if (windows === undefined) return null;
  if (windows.length === 0)
    return <div data-testid="maintenance-none">{t('cmdb.maintenance.none', 'None runs and none is planned.')}</div>;
  return (
    <ul className={styles.list} data-testid="maintenance-list">
      {windows.map((window) => (
        <li key={window.id} className={styles.window}>
          <Badge
            color={window.state === 'active' ? 'orange' : 'blue'}
            text={
              window.state === 'active'
                ? t('cmdb.maintenance.active', 'running')
                : t('cmdb.maintenance.planned', 'planned')
            }
          />{' '}
          <strong>{window.title}</strong>
          <div className={styles.quiet}>
            {window.state === 'active' ? (
              <>
                {t('cmdb.maintenance.until', 'ends')} <When at={window.endsAt} />
              </>
            ) : (
              <>
                {t('cmdb.maintenance.from', 'begins')} <When at={window.startsAt} />
              </>
            )}
            {window.createdBy !== undefined && ` · ${window.createdBy}`}
          </div>
        </li>
      ))}
    </ul>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    list: css({ listStyle: 'none', margin: 0, padding: 0 }),
    window: css({ padding: theme.spacing(0.5, 0), overflowWrap: 'anywhere' }),
    quiet: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
  };
}
