import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, useStyles2 } from '@grafana/ui';
import React from 'react';
import { Empty } from '../../../states/Empty';

interface Props {
  readonly texts: readonly string[];
  readonly onChoose: (text: string) => void;
}

/** A variable of the board has several values: one of them is shown at a time. */
export function ChoiceOfTexts({ texts, onChoose }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <Empty title={t('cmdb.choice.title', 'The board has chosen {{count}}', { count: texts.length })}>
      <div className={styles.choices} data-testid="choices">
        {texts.map((text) => (
          <Button key={text} size="sm" variant="secondary" fill="outline" onClick={() => onChoose(text)}>
            {text}
          </Button>
        ))}
      </div>
    </Empty>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    choices: css({
      display: 'flex',
      flexWrap: 'wrap',
      justifyContent: 'center',
      gap: theme.spacing(1),
      marginTop: theme.spacing(1),
    }),
  };
}
