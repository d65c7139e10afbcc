import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2, useTheme2 } from '@grafana/ui';
import React from 'react';
import type { RackBox, RackLayout } from '../models/rack-layout';
import { asIs } from '../texts/as-is';
import { classText } from '../texts/class-text';
import { stateText } from '../texts/state-text';
import { ItemLink } from './ItemLink';

interface Props {
  readonly layout: RackLayout;
  readonly here: ReadonlySet<number>;
  readonly name: string;
}

const unitHeight = 15;
const numbersWidth = 26;

/** The rack from the front: a drawn frame with numbered units, and on it a link for each machine. */
export function RackPicture({ layout, here, name }: Props) {
  const styles = useStyles2(getStyles);
  const height = layout.units * unitHeight;
  return (
    <div className={styles.rack} style={{ height: height + 2 }} data-testid="rack-picture">
      <Frame layout={layout} name={name} />
      <ul
        className={styles.machines}
        aria-label={t('cmdb.rack.machines', 'Machines in {{name}}, from the top', { name, ...asIs })}
      >
        {layout.boxes.map((box) => (
          <li key={box.item.id} className={styles.place} style={positionOf(box)}>
            <ItemLink
              item={box.item}
              className={cx(
                styles.machine,
                box.item.state !== 'in_service' && styles.unwell,
                here.has(box.item.id) && styles.here,
              )}
              label={labelOf(box, here.has(box.item.id))}
              isCurrent={here.has(box.item.id)}
            >
              <span className={styles.name}>
                {box.item.name}
                {box.item.state === 'in_service' ? '' : ` · ${stateText(box.item.state).text}`}
              </span>
            </ItemLink>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Frame({ layout, name }: { readonly layout: RackLayout; readonly name: string }) {
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const height = layout.units * unitHeight;
  const numbers = Array.from({ length: layout.units }, (_, index) => layout.units - index);
  return (
    <svg
      className={styles.frame}
      width="100%"
      height={height + 2}
      role="img"
      aria-label={t('cmdb.rack.picture', 'Rack {{name}} with {{units}} units, {{free}} free', {
        name,
        units: layout.units,
        free: layout.freeUnits,
        ...asIs,
      })}
    >
      <rect
        x={numbersWidth}
        y={1}
        width={`calc(100% - ${numbersWidth + 1}px)`}
        height={height}
        fill={theme.colors.background.canvas}
        stroke={theme.colors.border.medium}
      />
      {numbers.map((unit, index) => (
        <g key={unit}>
          <text
            x={numbersWidth - 5}
            y={index * unitHeight + 12}
            textAnchor="end"
            fontSize={10}
            fill={theme.colors.text.secondary}
          >
            {unit}
          </text>
          <line
            x1={numbersWidth}
            x2="100%"
            y1={index * unitHeight + 1}
            y2={index * unitHeight + 1}
            stroke={theme.colors.border.weak}
          />
        </g>
      ))}
    </svg>
  );
}

function positionOf({ top, units, lane, lanes }: RackBox): React.CSSProperties {
  return {
    top: top * unitHeight + 2,
    height: units * unitHeight - 2,
    insetInlineStart: `calc(${numbersWidth + 2}px + (100% - ${numbersWidth + 4}px) * ${lane / lanes})`,
    width: `calc((100% - ${numbersWidth + 4}px) / ${lanes} - 1px)`,
  };
}

function labelOf({ item, units }: RackBox, isHere: boolean): string {
  const range = units === 1 ? `U${item.unit}` : `U${item.unit}–${item.unit + units - 1}`;
  const parts = [`${range}: ${item.name}`, classText(item.class), stateText(item.state).text, item.tenants.join(', ')];
  const here = isHere ? t('cmdb.rack.here', 'shown here') : '';
  return [...parts, here].filter((part) => part !== '').join(', ');
}

function getStyles(theme: GrafanaTheme2) {
  return {
    rack: css({ position: 'relative', maxWidth: 420 }),
    frame: css({ position: 'absolute', inset: 0 }),
    machines: css({ listStyle: 'none', margin: 0, padding: 0 }),
    place: css({ position: 'absolute' }),
    machine: css({
      display: 'flex',
      alignItems: 'center',
      height: '100%',
      padding: theme.spacing(0, 0.75),
      overflow: 'hidden',
      fontSize: 11,
      lineHeight: 1,
      color: theme.colors.text.primary,
      textDecoration: 'none',
      background: theme.colors.background.secondary,
      border: `1px solid ${theme.colors.border.strong}`,
      borderRadius: 2,
      '&:hover': { background: theme.colors.emphasize(theme.colors.background.secondary, 0.08) },
    }),
    unwell: css({ borderInlineStart: `4px solid ${theme.colors.warning.main}` }),
    here: css({
      background: theme.colors.primary.transparent,
      borderColor: theme.colors.primary.border,
      boxShadow: `inset 0 0 0 1px ${theme.colors.primary.border}`,
      fontWeight: theme.typography.fontWeightBold,
    }),
    name: css({ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }),
  };
}
