import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { SERVICE_VERSION } from '../version.js';

/** The OpenAPI document, made from the zod schemas that also parse the requests. */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const info = new DocumentBuilder()
    .setTitle('RedFire Risk')
    .setDescription('Real-time risk service: may this order go out, how much can we lose, what breaks us.')
    .setVersion(SERVICE_VERSION)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .build();
  const document = SwaggerModule.createDocument(app, info, {
    operationIdFactory: (_controller, method) => method,
    standardSchemaConverter: (schema, { schemaType }) => convert(schema as z.ZodType, schemaType),
  });
  for (const path of Object.values(document.paths)) {
    for (const operation of Object.values(path)) {
      placeExample(operation as ExampledOperation);
      nameProblemMediaType(operation as ExampledOperation);
    }
  }
  return document;
}

/** Serves `/openapi.json` and, from files of this installation, the browser at `/docs`. */
export function serveOpenApi(app: NestFastifyApplication): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
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
    override: ({ jsonSchema }) => dropSafeIntegerBounds(jsonSchema),
  });
  return { schema: json, components: definitions as Record<string, unknown> | undefined };
}

/** Zod states the bounds of every integer it can hold; they tell a reader nothing. */
function dropSafeIntegerBounds(json: z.core.JSONSchema.BaseSchema): void {
  if (json.minimum === Number.MIN_SAFE_INTEGER) delete json.minimum;
  if (json.maximum === Number.MAX_SAFE_INTEGER) delete json.maximum;
}

interface ExampledOperation {
  responses?: Record<string, { content?: Record<string, unknown> }>;
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

/** Nest writes every reply as `application/json`; ours to errors are problem documents. */
function nameProblemMediaType(operation: ExampledOperation): void {
  for (const [status, response] of Object.entries(operation.responses ?? {})) {
    const json = response.content?.['application/json'];
    if (Number(status) >= 400 && json) response.content = { 'application/problem+json': json };
  }
}
