import { isDeadLetterTopic } from './dead-letter.js';
import type { MessagingDriver } from './driver.js';
import type { StoredRecord, TopicPartition } from './record.js';

/** Letters may have a megabyte each: so many are read at once, however long the page is. */
const READ_AT_ONCE = 64;

/** A partition of dead letters and the offset before which to read on. */
export interface Place extends TopicPartition {
  readonly before: number;
}

/** The letters of one partition from `before` down, read as they are asked for. */
class Stack {
  /** The newest one left; undefined where there is none. */
  top: StoredRecord | undefined;
  private readonly read: StoredRecord[] = [];
  private before: number;

  constructor(
    private readonly driver: Pick<MessagingDriver, 'last'>,
    private readonly place: Place,
    private readonly chunk: number,
  ) {
    this.before = place.before;
  }

  /** Takes the top off. Throws `dependency_unavailable`. */
  async next(): Promise<void> {
    if (this.read.length === 0) await this.fetch();
    this.top = this.read.shift();
  }

  private async fetch(): Promise<void> {
    const { topic, partition } = this.place;
    const found = await this.driver.last(topic, this.chunk, new Map([[partition, this.before]]));
    // By offset, not by time: clocks of several writers differ, and nothing may be passed over.
    this.read.push(...(found ?? []).sort((a, b) => b.offset - a.offset));
    this.before = this.read.at(-1)?.offset ?? this.before;
  }
}

/**
 * The newest `limit` letters below the places, newest first, each as `show` makes it; and the places to go on from, none
 * where that was all. Throws `dependency_unavailable`.
 */
export async function pageOfLetters<Shown>(
  driver: Pick<MessagingDriver, 'last'>,
  places: readonly Place[],
  limit: number,
  show: (letter: StoredRecord) => Shown,
): Promise<{ data: Shown[]; rest: Place[] }> {
  const stacks = places.map((place) => new Stack(driver, place, Math.min(limit + 1, READ_AT_ONCE)));
  await Promise.all(stacks.map((stack) => stack.next()));
  const data: Shown[] = [];
  while (data.length < limit) {
    const stack = newest(stacks);
    if (!stack?.top) break;
    data.push(show(stack.top));
    await stack.next();
  }
  const rest = stacks.flatMap(({ top }) =>
    top ? [{ topic: top.topic, partition: top.partition, before: top.offset + 1 }] : [],
  );
  return { data, rest };
}

function newest(stacks: readonly Stack[]): Stack | undefined {
  return stacks.reduce<Stack | undefined>((best, stack) => {
    if (!stack.top || (best?.top && best.top.timestampMs >= stack.top.timestampMs)) return best;
    return stack;
  }, undefined);
}

export function cursorOf(places: readonly Place[]): string | null {
  if (places.length === 0) return null;
  return places.map(({ topic, partition, before }) => `${topic}:${partition}:${before}`).join(',');
}

/** The places of a cursor; undefined where one is not of dead letters, or not of the topic asked for. */
export function placesOf(cursor: string, topic: string | undefined): Place[] | undefined {
  const places = cursor.split(',').map((text) => {
    const [name = '', partition, before] = text.split(':');
    return { topic: name, partition: Number(partition), before: Number(before) };
  });
  const isAsked = (place: Place) => isDeadLetterTopic(place.topic) && (topic === undefined || place.topic === topic);
  return places.every(isAsked) ? places : undefined;
}
