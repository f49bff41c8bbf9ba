/** What the page reads of an AsyncAPI 3 document. */

export interface Reference {
  readonly $ref: string;
}

export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

export interface Message {
  readonly name: string;
  readonly summary: string;
  readonly contentType?: string;
  readonly headers: JsonSchema;
  readonly payload: JsonSchema;
  readonly examples?: readonly { readonly summary?: string; readonly headers?: unknown; readonly payload: unknown }[];
}

export interface Channel {
  readonly address: string;
  readonly description: string;
  readonly messages: Readonly<Record<string, Reference>>;
  readonly bindings?: {
    readonly kafka: { readonly partitions: number; readonly topicConfiguration: { readonly 'retention.ms': number } };
  };
}

export interface Operation {
  readonly action: 'send' | 'receive';
  readonly channel: Reference;
  readonly summary: string;
  readonly bindings?: { readonly kafka: { readonly groupId: { readonly enum: readonly string[] } } };
}

export interface Server {
  readonly host: string;
  readonly protocol: string;
  readonly description: string;
  readonly security?: readonly Reference[];
}

export interface EventsDocument {
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: Readonly<Record<string, Server>>;
  readonly channels: Readonly<Record<string, Channel>>;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What a reference within the document points at. */
export function resolved<Value>(document: EventsDocument, { $ref }: Reference): Value {
  const path = $ref.replace(/^#\//, '').split('/');
  return path.reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], document) as Value;
}

export const nameOf = ({ $ref }: Reference): string => $ref.split('/').at(-1) ?? $ref;
