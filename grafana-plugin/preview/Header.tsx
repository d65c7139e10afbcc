import { css } from '@emotion/css';
import type { AppPlugin, GrafanaTheme2 } from '@grafana/data';
import { config, locationService } from '@grafana/runtime';
import { Button, Combobox, useStyles2 } from '@grafana/ui';
import React from 'react';
import { useLocation } from 'react-router-dom';

/** Navigation, and the word that this is no Grafana. */
export function Header({ app }: { readonly app: AppPlugin }) {
  const styles = useStyles2(getStyles);
  const { pathname, search } = useLocation();
  const range = timeRangeOf(search);
  const includes = app.meta.includes ?? [];
  const pages = includes.filter(({ type, addToNav }) => String(type) === 'page' && addToNav === true);
  const boards = includes
    .filter(({ type }) => String(type) === 'dashboard')
    .map(({ name, path = '' }) => ({
      label: name,
      value: `/d/fleetlens-${path.replace(/^dashboards\/(.*)\.json$/, '$1')}`,
    }));
  const { theme, language } = config.bootData.user;
  return (
    <header className={styles.header}>
      <div className={styles.name}>
        <a href={`/a/${app.meta.id}`}>FleetLens preview</a>
        <span className={styles.hint}>
          the same app and boards go into Grafana {config.buildInfo.version}; this is only a host for them
        </span>
      </div>
      <nav aria-label="Pages" className={styles.nav}>
        {pages.map(({ name, path = '' }) => {
          const url = path.replace('%PLUGIN_ID%', app.meta.id);
          return (
            <a
              key={url}
              href={`${url}${range}`}
              aria-current={pathname.startsWith(url) ? 'page' : undefined}
              className={pathname.startsWith(url) ? styles.current : undefined}
            >
              {name}
            </a>
          );
        })}
        {boards.length > 0 && (
          <Combobox
            aria-label="Boards"
            placeholder="Boards"
            width={24}
            options={boards}
            value={boards.find(({ value }) => value === pathname)?.value ?? null}
            onChange={({ value }) => locationService.push(`${value}${range}`)}
          />
        )}
        <Button
          size="sm"
          variant="secondary"
          fill="outline"
          onClick={() => reloadWith('theme', theme === 'light' ? 'dark' : 'light')}
        >
          {theme === 'light' ? 'Dark' : 'Light'}
        </Button>
        <Button
          size="sm"
          variant="secondary"
          fill="outline"
          onClick={() => reloadWith('lang', language === 'zh-Hans' ? 'en-US' : 'zh-Hans')}
        >
          {language === 'zh-Hans' ? 'English' : '中文'}
        </Button>
      </nav>
    </header>
  );
}

/** From page to page the chosen time range stays. */
function timeRangeOf(search: string): string {
  const kept = [...new URLSearchParams(search)].filter(([name]) => name === 'from' || name === 'to');
  return kept.length === 0 ? '' : `?${new URLSearchParams(kept)}`;
}

function reloadWith(knob: string, value: string): void {
  sessionStorage.setItem(`preview-${knob}`, value);
  document.location.reload();
}

function getStyles(theme: GrafanaTheme2) {
  return {
    header: css({
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(1, 3),
      padding: theme.spacing(1, 2),
      background: theme.colors.background.primary,
      borderBottom: `1px solid ${theme.colors.border.weak}`,
    }),
    name: css({
      display: 'flex',
      flexWrap: 'wrap',
      gap: theme.spacing(0, 1),
      alignItems: 'baseline',
      a: { ...theme.typography.h5, margin: 0 },
    }),
    hint: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
    nav: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1, 2), alignItems: 'center' }),
    current: css({ color: theme.colors.text.link, fontWeight: theme.typography.fontWeightBold }),
  };
}
