import type { z } from 'zod';

/** What the service writes to a topic, for the AsyncAPI document. */
export interface PublishedMessage<Schema extends z.ZodType = z.ZodType> {
  readonly summary: string;
  readonly schema: Schema;
  readonly example: z.output<Schema>;
}

const published = new Map<string, PublishedMessage>();

/** Says what a class writes to a standard topic that nobody here reads. */
export function Publishes<Schema extends z.ZodType>(topic: string, message: PublishedMessage<Schema>): ClassDecorator {
  published.set(topic, message);
  return () => undefined;
}

/** By topic. */
export const publishedMessages = (): ReadonlyMap<string, PublishedMessage> => published;
