import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import {
  LazyLoader,
  type SceneComponentProps,
  type SceneObject,
  SceneObjectBase,
  type SceneObjectState,
} from '@grafana/scenes';
import { Button, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';

interface SectionState extends SceneObjectState {
  readonly title?: string;
  readonly description?: string;
  /** Stays closed, and asks nothing, until somebody opens it. */
  readonly isClosed?: boolean;
  /** Items are put beside each other while each has so many pixels. */
  readonly leastWidth?: number;
  /** Of a panel in pixels; without it an item is as high as it needs. */
  readonly height?: number;
  readonly items: SceneObject[];
}

/** A heading, and items below it that flow to the next line where the page is narrow. */
export class Section extends SceneObjectBase<SectionState> {
  static Component = SectionRenderer;
}

interface SectionsState extends SceneObjectState {
  readonly sections: Section[];
}

/** The body of a page. */
export class PageSections extends SceneObjectBase<SectionsState> {
  static Component = SectionsRenderer;
}

export function pageSections(...sections: SectionState[]): PageSections {
  return new PageSections({ sections: sections.map((section) => new Section(section)) });
}

function SectionsRenderer({ model }: SceneComponentProps<PageSections>) {
  const styles = useStyles2(getStyles);
  const { sections } = model.useState();
  return (
    <div className={styles.page}>
      {sections.map((section) => (
        <section.Component key={section.state.key} model={section} />
      ))}
    </div>
  );
}

function SectionRenderer({ model }: SceneComponentProps<Section>) {
  const styles = useStyles2(getStyles);
  const { title, description, isClosed = false, ...grid } = model.useState();
  const [isOpen, setIsOpen] = useState(!isClosed);
  if (title === undefined) return <Grid {...grid} />;
  return (
    <section aria-label={title}>
      <div className={styles.heading}>
        <h2 className={styles.title}>
          {isClosed ? (
            <Button
              fill="text"
              size="md"
              className={styles.toggle}
              icon={isOpen ? 'angle-down' : 'angle-right'}
              aria-expanded={isOpen}
              onClick={() => setIsOpen(!isOpen)}
            >
              {title}
            </Button>
          ) : (
            title
          )}
        </h2>
        {description !== undefined && isOpen && <div className={styles.description}>{description}</div>}
      </div>
      {isOpen && <Grid {...grid} />}
    </section>
  );
}

function Grid({ leastWidth, height, items }: Pick<SectionState, 'leastWidth' | 'height' | 'items'>) {
  const styles = useStyles2(getStyles);
  const columns =
    leastWidth === undefined ? 'minmax(0, 1fr)' : `repeat(auto-fit, minmax(min(100%, ${leastWidth}px), 1fr))`;
  return (
    <div className={styles.grid} style={{ gridTemplateColumns: columns }}>
      {items.map((item) => (
        <Item key={item.state.key} item={item} height={height} />
      ))}
    </div>
  );
}

function Item({ item, height }: { readonly item: SceneObject; readonly height: number | undefined }) {
  const styles = useStyles2(getStyles);
  const Component = item.Component;
  if (height === undefined)
    return (
      <div className={styles.item}>
        <Component model={item} />
      </div>
    );
  return (
    <div className={styles.item} style={{ height }}>
      <LazyLoader key={item.state.key ?? 'lazy'} className={styles.lazy}>
        <Component model={item} />
      </LazyLoader>
    </div>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    page: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(3), width: '100%', minWidth: 0 }),
    heading: css({ marginBottom: theme.spacing(1) }),
    title: css({ ...theme.typography.h5, margin: 0 }),
    toggle: css({ ...theme.typography.h5, padding: 0, color: theme.colors.text.primary }),
    description: css({ color: theme.colors.text.secondary }),
    grid: css({ display: 'grid', gap: theme.spacing(1), minWidth: 0 }),
    item: css({ minWidth: 0, position: 'relative' }),
    lazy: css({ width: '100%', height: '100%' }),
  };
}
