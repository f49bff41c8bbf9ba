import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { ERROR_CODES, type ErrorCode } from '../risk/errors.js';
import { SERVICE_VERSION } from '../version.js';
import { PROBLEM_TYPE } from './problem.js';

/** In the order in which a reader meets them. */
const TAGS = [
  'Orders',
  'Approvals',
  'Limits',
  'Trading states',
  'Value at risk',
  'Accounts',
  'Instruments',
  'Quotes',
  'Prices',
  'Jobs',
  'Messaging',
  'Cache',
  'Health',
  'Problems',
];

/** The OpenAPI document, made from the zod schemas that also parse the requests. */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('RedFire Risk')
    .setDescription('Real-time risk service: may this order go out, how much can we lose, what breaks us.')
    .setVersion(SERVICE_VERSION)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0');
  for (const tag of TAGS) builder.addTag(tag);
  const document = SwaggerModule.createDocument(app, builder.build(), {
    operationIdFactory: (_controller, method) => method,
    standardSchemaConverter: (schema, { schemaType }) => convert(schema as z.ZodType, schemaType),
  });
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const operation of Object.values(methods) as ExampledOperation[]) {
      placeExample(operation);
      addProblems(operation, problemsOfEvery(path, operation));
      nameProblemMediaType(operation);
    }
  }
  return document;
}

/** Serves `/openapi.json` and, from files of this installation, the browser at `/docs`. */
export function serveOpenApi(app: NestFastifyApplication): void {
  // Made now, before anybody waits: it takes long enough to hold up other requests.
  SwaggerModule.setup('docs', app, openApiDocument(app), {
    jsonDocumentUrl: 'openapi.json',
    customSiteTitle: 'RedFire Risk API',
    swaggerOptions: { defaultModelsExpandDepth: 0, docExpansion: 'list', tryItOutEnabled: true },
  });
}

function convert(schema: z.ZodType, io: 'input' | 'output') {
  if (!(schema instanceof z.ZodType)) return undefined;
  const {
    $schema: _,
    definitions,
    ...json
  } = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      dropSafeIntegerBounds(jsonSchema);
      // Zod leaves the default out where a text becomes something else, as in a query.
      if (zodSchema instanceof z.ZodDefault)
        jsonSchema.default = zodSchema.def.defaultValue as typeof jsonSchema.default;
    },
  });
  return { schema: json, components: definitions as Record<string, unknown> | undefined };
}

/** Zod states the bounds of every integer it can hold; they tell a reader nothing. */
function dropSafeIntegerBounds(json: z.core.JSONSchema.BaseSchema): void {
  if (json.minimum === Number.MIN_SAFE_INTEGER) delete json.minimum;
  if (json.maximum === Number.MAX_SAFE_INTEGER) delete json.maximum;
}

interface DocumentedResponse {
  description?: string;
  content?: Record<string, { schema?: { $ref?: string } }>;
}

interface ExampledOperation {
  responses?: Record<string, DocumentedResponse>;
  parameters?: { in: string; name: string; example?: unknown }[];
  requestBody?: { content: Record<string, { example?: unknown }> };
  'x-example'?: {
    params?: Record<string, string>;
    query?: Record<string, unknown>;
    body?: unknown;
    contentType?: string;
  };
}

/** Shows the operation's example where OpenAPI tools look for it. */
function placeExample(operation: ExampledOperation): void {
  const example = operation['x-example'];
  if (!example) return;
  for (const parameter of operation.parameters ?? []) {
    const value = (parameter.in === 'path' ? example.params : example.query)?.[parameter.name];
    if (value !== undefined) parameter.example = value;
  }
  const media = operation.requestBody?.content[example.contentType ?? 'application/json'];
  if (media && example.body !== undefined) media.example = example.body;
}

const PROBLEM_REF = '#/components/schemas/Problem';

/** What can go wrong with any operation, whatever it does. */
function problemsOfEvery(path: string, { requestBody }: ExampledOperation): ErrorCode[] {
  const codes: ErrorCode[] = ['internal'];
  if (requestBody) codes.push('payload_too_large', 'unsupported_media_type');
  if (requestBody?.content['application/json']) codes.push('malformed_json');
  if (path.startsWith('/v1/')) codes.push('not_ready', 'dependency_unavailable');
  return codes;
}

function addProblems({ responses = {} }: ExampledOperation, codes: readonly ErrorCode[]): void {
  for (const code of codes) {
    const status = String(ERROR_CODES[code][0]);
    const named = responses[status]?.description?.split(', ') ?? [];
    responses[status] = {
      description: [...new Set([...named, code])].join(', '),
      content: responses[status]?.content ?? { 'application/json': { schema: { $ref: PROBLEM_REF } } },
    };
  }
}

/** Nest writes every reply of an operation as one media type; ours to errors are problem documents. */
function nameProblemMediaType({ responses = {} }: ExampledOperation): void {
  for (const response of Object.values(responses)) {
    const [media] = Object.values(response.content ?? {});
    if (media?.schema?.$ref === PROBLEM_REF) response.content = { [PROBLEM_TYPE]: media };
  }
}
