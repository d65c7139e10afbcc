import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import type { PluginPageProps } from '@grafana/runtime';
import { Tab, TabsBar, useStyles2 } from '@grafana/ui';
import React from 'react';

/** The frame that Grafana draws around a page of an app: title, actions, tabs. */
export function PluginPage({ pageNav, subTitle, actions, info, renderTitle, children }: PluginPageProps) {
  const styles = useStyles2(getStyles);
  const title = pageNav?.text ?? '';
  const parents = parentsOf(pageNav);
  return (
    <main className={styles.page}>
      {parents.length > 0 && (
        <nav aria-label="Breadcrumb">
          {parents.map(({ text, url }) => (
            <a key={url} href={url}>
              {text} /{' '}
            </a>
          ))}
        </nav>
      )}
      <div className={styles.heading}>
        {renderTitle === undefined ? <h1>{title}</h1> : renderTitle(title)}
        {info?.map(({ label, value }) => (
          <span key={label}>
            {label}: {value}
          </span>
        ))}
        <div>{actions}</div>
      </div>
      {(subTitle ?? pageNav?.subTitle) !== undefined && (
        <div className={styles.subTitle}>{subTitle ?? pageNav?.subTitle}</div>
      )}
      {pageNav?.children !== undefined && pageNav.children.length > 0 && (
        <TabsBar>
          {pageNav.children.map(({ text, url, active }) => (
            <Tab key={text} label={text} href={url} active={active} />
          ))}
        </TabsBar>
      )}
      <div className={styles.body}>{children}</div>
    </main>
  );
}

function parentsOf(item: PluginPageProps['pageNav']): Array<{ text: string; url: string }> {
  const parent = item?.parentItem;
  return parent?.url === undefined ? [] : [...parentsOf(parent), { text: parent.text, url: parent.url }];
}

function getStyles(theme: GrafanaTheme2) {
  return {
    page: css({ display: 'flex', flexDirection: 'column', flexGrow: 1, minWidth: 0, padding: theme.spacing(2) }),
    heading: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(2), alignItems: 'center', h1: { margin: 0 } }),
    subTitle: css({ color: theme.colors.text.secondary }),
    body: css({ display: 'flex', flexDirection: 'column', flexGrow: 1, marginTop: theme.spacing(2), minWidth: 0 }),
  };
}
