import { css } from '@emotion/css';
import type { GrafanaTheme2, PanelProps } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { useCallback, useMemo } from 'react';
import { ChoiceOfTexts } from './components/ChoiceOfTexts';
import { InventoryLookup } from './components/InventoryLookup';
import { useTrail } from './components/use-trail';
import { firingSeries, infoFacts } from './models/info-series';
import { lookupTexts } from './models/lookup-text';
import type { Options } from './options';

export function Panel({ data, options, width, height, timeRange, timeZone, replaceVariables }: PanelProps<Options>) {
  const styles = useStyles2(getStyles);
  const texts = lookupTexts(replaceVariables(options.lookup ?? ''));
  const trail = useTrail(texts.length === 1 ? (texts[0] ?? '') : '');
  const { text, go, replace } = trail;
  const choose = useCallback((itemId: number, typed?: string) => go({ text: typed ?? '', itemId }), [go]);
  const search = useCallback((typed: string) => go({ text: typed, itemId: undefined }), [go]);
  const resolved = useCallback((itemId: number) => replace({ text, itemId }), [replace, text]);
  const facts = useMemo(() => infoFacts(data.series), [data.series]);
  const series = useMemo(() => firingSeries(data.series), [data.series]);
  return (
    <div className={styles.panel} style={{ width, height }} tabIndex={-1}>
      <InventoryLookup
        text={text}
        itemId={trail.itemId}
        onSearch={search}
        onChoose={choose}
        onResolved={resolved}
        onBack={trail.back}
        hasSearch={options.hasSearch ?? true}
        refreshKey={timeRange.to.valueOf()}
        timeZone={timeZone}
        facts={facts}
        series={series}
      >
        {texts.length > 1 ? <ChoiceOfTexts texts={texts} onChoose={search} /> : undefined}
      </InventoryLookup>
    </div>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return { panel: css({ overflow: 'auto', padding: theme.spacing(1) }) };
}
