import { type CellCounts, type Cells, piecesOf, sumOfCells } from './cells.ts';
import { cellsOfResidualRatio, createResidualRatio } from './residual-ratio.ts';
import type { SeriesSettings } from './series-settings.ts';
import { cellsOfDelay, createDelay } from './windows/delay.ts';
import { addMoment, deviationOf, momentCells } from './windows/moments.ts';
import { cellsOfRollingMoments, createRollingMoments } from './windows/rolling-moments.ts';
import { cellsOfSeason, createSeason } from './windows/season.ts';

const floorShare = 0.01;
/** As for tail ratios of several signals: a change counts from the last reading of three slots. */
const back = 3;

/** Ratios of the four residuals of one series in the order level, change, season, hour; NaN where not known. */
export interface SeriesTailRatio {
  readonly step: (value: number) => number;
  readonly ratios: Float64Array;
}

/** Section 8 of the reference, "one series". A slot without a reading is NaN. */
export function createSeriesTailRatio(settings: SeriesSettings, cells: Cells): SeriesTailRatio {
  const { day, hour, combine, floorReadings } = settings;
  const piece = piecesOf(cells);
  const { ofLevel, ofHour, ofHourLevel } = sizes(settings);
  const own = piece({ f64: ownCells }).f64;
  const level = createRollingMoments(ofLevel, piece(cellsOfRollingMoments(ofLevel)));
  const lastHour = createRollingMoments(ofHour, piece(cellsOfRollingMoments(ofHour)));
  const hourLevel = createRollingMoments(ofHourLevel, piece(cellsOfRollingMoments(ofHourLevel)));
  const anHourAgo = createDelay(hour, piece(cellsOfDelay(hour)));
  const season = createSeason(day, piece(cellsOfSeason(day)));
  const residuals = [0, 1, 2, 3].map(() => createResidualRatio(settings, piece(cellsOfResidualRatio(settings))));
  const ratios = new Float64Array(4);

  function changeOf(value: number): number {
    const age = own[sinceLast] as number;
    const change = age > 0 && age <= back ? value - (own[lastValue] as number) : Number.NaN;
    if (!Number.isNaN(value)) {
      own[lastValue] = value;
      own[sinceLast] = 1;
    } else if (age > 0) own[sinceLast] = age + 1;
    return change;
  }

  function learnFloor(value: number): void {
    if (!Number.isNaN(value) && (own[0] as number) < floorReadings) addMoment(own, 0, value);
  }

  return {
    ratios,
    step: (value) => {
      learnFloor(value);
      const floor = floorShare * deviationOf(own, 0);
      const ofLevelNow = value - level.mean();
      const usual = season.median();
      lastHour.push(value);
      const hourNow = !Number.isNaN(value) ? lastHour.mean() : Number.NaN;
      hourLevel.push(anHourAgo(lastHour.mean()));
      const now = [
        ofLevelNow,
        changeOf(value),
        !Number.isNaN(usual) ? value - usual : ofLevelNow,
        hourNow - hourLevel.mean(),
      ];
      for (let each = 0; each < 4; each++)
        ratios[each] = (residuals[each] as (residual: number, floor: number) => number)(now[each] as number, floor);
      level.push(value);
      season.push(value);
      return combine === 'max' ? largest(ratios) : meanOfTwoLargest(ratios);
    },
  };
}

const lastValue = momentCells;
/** Slots since the last reading; 0 before the first. */
const sinceLast = momentCells + 1;
const ownCells = momentCells + 2;

export function cellsOfSeriesTailRatio(settings: SeriesSettings): CellCounts {
  const { ofLevel, ofHour, ofHourLevel } = sizes(settings);
  const each = cellsOfResidualRatio(settings);
  return sumOfCells(
    { f64: ownCells },
    cellsOfRollingMoments(ofLevel),
    cellsOfRollingMoments(ofHour),
    cellsOfRollingMoments(ofHourLevel),
    cellsOfDelay(settings.hour),
    cellsOfSeason(settings.day),
    ...[each, each, each, each],
  );
}

function sizes({ day, hour, minimum }: SeriesSettings) {
  return {
    ofLevel: { size: 7 * day, minimum },
    ofHour: { size: hour, minimum: Math.min(3, hour) },
    ofHourLevel: { size: 7 * day, minimum },
  };
}

/** Of those that are known; NaN if none is. */
function largest(ratios: Float64Array): number {
  let most = Number.NaN;
  for (const ratio of ratios) if (!(ratio <= most) && !Number.isNaN(ratio)) most = ratio;
  return most;
}

function meanOfTwoLargest(ratios: Float64Array): number {
  let first = Number.NaN;
  let second = Number.NaN;
  for (const ratio of ratios) {
    if (Number.isNaN(ratio)) continue;
    if (!(ratio <= first)) {
      second = first;
      first = ratio;
    } else if (!(ratio <= second)) second = ratio;
  }
  return !Number.isNaN(second) ? (first + second) / 2 : first;
}
