import { type EventsDocument, type JsonSchema, resolved } from './document.js';

/** A field of a message, as a reader wants it. */
export interface Field {
  /** `positions[].symbol` for one within a list. */
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly description: string;
  /** Each in words: `at most 32 characters`. */
  readonly rules: readonly string[];
}

const PATTERN_LENGTH_MAX = 48;

/** The fields of a schema with those within, in its order; several lists where the schema has alternatives. */
export function fieldsOf(document: EventsDocument, schema: JsonSchema): Field[][] {
  const whole = followed(document, schema);
  const alternatives = (whole.anyOf ?? whole.oneOf)?.map((one) => followed(document, one));
  if (!whole.properties && alternatives?.some(({ properties }) => properties)) {
    return alternatives.map((one) => fieldsOfObject(document, one, ''));
  }
  const fields = fieldsOfObject(document, whole, '');
  return fields.length > 0 ? [fields] : [];
}

function fieldsOfObject(document: EventsDocument, object: JsonSchema, prefix: string): Field[] {
  const named = Object.entries(object.properties ?? {}).flatMap(([name, property]) => {
    const schema = followed(document, property);
    const field: Field = {
      name: prefix + name,
      type: typeOf(document, schema),
      isRequired: object.required?.includes(name) ?? false,
      description: descriptionOf(document, schema),
      rules: rulesOf(document, schema),
    };
    const items = schema.items && followed(document, schema.items);
    const inner = items
      ? fieldsOfObject(document, items, `${prefix}${name}[].`)
      : fieldsOfObject(document, schema, `${prefix}${name}.`);
    return [field, ...inner];
  });
  const matching = Object.entries(object.patternProperties ?? {}).map(([pattern, schema]) => ({
    name: `${prefix}${pattern.replace(/^\^/, '')}…`,
    type: typeOf(document, schema),
    isRequired: false,
    description: descriptionOf(document, schema),
    rules: [],
  }));
  return [...named, ...matching];
}

function followed(document: EventsDocument, schema: JsonSchema): JsonSchema {
  return schema.$ref ? resolved<JsonSchema>(document, { $ref: schema.$ref }) : schema;
}

function alternativesOf(document: EventsDocument, schema: JsonSchema): JsonSchema[] {
  const alternatives = schema.anyOf ?? schema.oneOf;
  return alternatives
    ? alternatives.flatMap((one) => alternativesOf(document, followed(document, one)))
    : [followed(document, schema)];
}

function typeOf(document: EventsDocument, schema: JsonSchema): string {
  const names = alternativesOf(document, schema).flatMap(({ type, items }) => {
    if (type === 'array' && items) return [`list of ${typeOf(document, followed(document, items))}`];
    return type ?? 'anything';
  });
  return [...new Set(names)].join(' or ');
}

function descriptionOf(document: EventsDocument, schema: JsonSchema): string {
  const inner = (schema.anyOf ?? schema.oneOf)?.map((one) => descriptionOf(document, followed(document, one)));
  return schema.description ?? inner?.find((text) => text !== '') ?? '';
}

function rulesOf(document: EventsDocument, schema: JsonSchema): string[] {
  const rules = alternativesOf(document, schema).flatMap((one) => [
    ...said(one.const, (value) => `always ${JSON.stringify(value)}`),
    ...said(one.enum, (values) => `one of ${values.join(', ')}`),
    ...said(one.format, (format) => format),
    ...said(one.minimum, (bound) => `at least ${bound}`),
    ...said(one.exclusiveMinimum, (bound) => `more than ${bound}`),
    ...said(one.maximum, (bound) => `at most ${bound}`),
    ...said(one.maxLength, (length) => `at most ${length} characters`),
    ...said(one.minItems, (count) => `at least ${count} items`),
    ...said(one.maxItems, (count) => `at most ${count.toLocaleString('en')} items`),
    // That of a time is a line and a half, and says no more than its format.
    ...said(one.format || (one.pattern?.length ?? 0) > PATTERN_LENGTH_MAX ? undefined : one.pattern, (text) => text),
    ...said(one.default, (value) => `default ${JSON.stringify(value)}`),
  ]);
  return [...new Set(rules)];
}

function said<Value>(value: Value | undefined, words: (value: Value) => string): string[] {
  return value === undefined ? [] : [words(value)];
}
