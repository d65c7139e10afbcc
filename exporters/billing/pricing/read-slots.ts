import { fieldsOf, invalid, listOf, oneOf, optional, type Place, textOf } from '../../../kit/config-values.ts';
import { ConfigError } from '../../../kit/errors.ts';
import type { Slot } from './price-book.ts';
import { priceOf } from './read-values.ts';

const maxSlots = 50;
const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const dayMinutes = 24 * 60;
const weekMinutes = 7 * dayMinutes;

/** Reads `time_of_day`. Throws ConfigError for slots that overlap or have the same name. */
export function readSlots(place: Place): readonly Slot[] {
  const places = listOf(place, maxSlots);
  const slots = places.map(slotOf);
  slots.forEach((slot, index) => {
    const other = slots.slice(0, index).findIndex((each) => overlap(each, slot));
    const twin = slots.slice(0, index).findIndex(({ name }) => name === slot.name);
    if (twin >= 0)
      throw new ConfigError(
        `${places[index]?.where} is called ${slot.name}, and so is ${places[twin]?.where}; give each a name`,
      );
    if (other >= 0)
      throw new ConfigError(`${places[index]?.where} overlaps ${places[other]?.where}; each hour has one price`);
  });
  return slots;
}

function slotOf(place: Place): Slot {
  const field = fieldsOf(place, ['name', 'days', 'from', 'to', 'price']);
  const fromMinute = minuteOf(field('from'), dayMinutes - 1);
  const untilMinute = minuteOf(field('to'), dayMinutes);
  const days = daysOf(field('days'));
  const names = days.length === dayNames.length ? [] : days.map((day) => dayNames[day] ?? '');
  return {
    name: optional(field('name'), textOf) ?? [...names, `${field('from').value}-${field('to').value}`].join(' '),
    days,
    fromMinute,
    untilMinute: untilMinute > fromMinute ? untilMinute : untilMinute + dayMinutes,
    price: priceOf(field('price')),
  };
}

/** Every day where none is given. */
function daysOf(place: Place): readonly number[] {
  const names = optional(place, (each) => listOf(each, dayNames.length).map((day) => oneOf(day, dayNames)));
  if (names === undefined) return dayNames.map((_name, index) => index);
  if (names.length === 0) throw invalid(place, `a list of days of ${dayNames.join(', ')}`);
  return [...new Set(names)].map((name) => dayNames.indexOf(name));
}

function minuteOf(place: Place, most: number): number {
  const [, hour, minute] = (typeof place.value === 'string' && /^(\d\d):(\d\d)$/.exec(place.value)) || [];
  const minutes = Number(hour) * 60 + Number(minute);
  if (hour !== undefined && Number(minute) < 60 && minutes <= most) return minutes;
  throw invalid(
    place,
    `a time of the day such as '06:30', in quotes${most === dayMinutes ? '; 24:00 is the end of the day' : ''}`,
  );
}

function overlap(left: Slot, right: Slot): boolean {
  const ofRight = stretchesOf(right);
  return stretchesOf(left).some(([from, until]) =>
    ofRight.some(([otherFrom, otherUntil]) =>
      [-weekMinutes, 0, weekMinutes].some((shift) => from < otherUntil + shift && otherFrom + shift < until),
    ),
  );
}

/** In minutes from Sunday's midnight. */
function stretchesOf({ days, fromMinute, untilMinute }: Slot): readonly (readonly [number, number])[] {
  return days.map((day) => [day * dayMinutes + fromMinute, day * dayMinutes + untilMinute]);
}
