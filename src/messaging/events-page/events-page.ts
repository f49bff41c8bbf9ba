import { createHash } from 'node:crypto';
import {
  type Channel,
  type EventsDocument,
  type JsonSchema,
  type Message,
  nameOf,
  type Operation,
  resolved,
  type Server,
} from './document.js';
import { type Field, fieldsOf } from './fields.js';
import { Html, html } from './html.js';
import { STYLE } from './style.js';

/** The page runs no script and loads nothing; only its own style sheet is let in. */
export const EVENTS_PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

/** The AsyncAPI document for people: a page of HTML that needs nothing besides. */
export function eventsPage(document: EventsDocument): string {
  const { info, servers, channels } = document;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${info.title}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<nav aria-label="Channels">
<p class="brand">RedFire <span>Risk</span></p>
<p class="label">Channels</p>
<ul>${Object.keys(channels).map((name) => html`<li><a href="#${name}">${breakable(name)}</a></li>`)}</ul>
<p class="label">More</p>
<ul><li><a href="/docs">HTTP API</a></li><li><a href="/asyncapi.json">asyncapi.json</a></li></ul>
</nav>
<main>
<header>
<h1>${info.title} <small>${info.version}</small></h1>
<p>${info.description}</p>
</header>
<section><h2>Servers</h2>${Object.values(servers).map(serverCard)}</section>
${Object.entries(channels).map(([name, channel]) => channelSection(document, name, channel))}
</main>
</body>
</html>
`;
  return page.markup;
}

function serverCard({ host, protocol, description, security = [] }: Server): Html {
  const signIn = security.map((scheme) => html`<span class="tag">${nameOf(scheme)}</span>`);
  return html`<div class="server"><code>${host}</code> <span class="tag">${protocol}</span> ${signIn}<p>${description}</p></div>`;
}

function channelSection(document: EventsDocument, name: string, channel: Channel): Html {
  const operations = Object.values(document.operations).filter((operation) => nameOf(operation.channel) === name);
  const messages = Object.values(channel.messages).map((reference) => resolved<Message>(document, reference));
  return html`<section id="${name}" class="channel">
<h2>${channel.address}</h2>
<p class="facts">${channel.description}${topicFacts(channel)}</p>
<ul class="operations">${operations.map(operationLine)}</ul>
${messages.map((message) => messageCard(document, message))}
</section>`;
}

function topicFacts({ bindings }: Channel): string {
  if (!bindings) return '';
  const { partitions, topicConfiguration } = bindings.kafka;
  const days = topicConfiguration['retention.ms'] / 86_400_000;
  return ` · ${partitions} partitions · kept for ${days} day${days === 1 ? '' : 's'}`;
}

function operationLine({ action, summary, bindings }: Operation): Html {
  const group = bindings?.kafka.groupId.enum[0];
  const by = group ? html` <span class="tag">group ${group}</span>` : undefined;
  return html`<li><span class="action ${action}">${action === 'receive' ? 'reads' : 'sends'}</span><span>${summary}${by}</span></li>`;
}

function messageCard(document: EventsDocument, message: Message): Html {
  const { name, summary, contentType, headers, payload, examples = [] } = message;
  return html`<article>
<h3>${name}${contentType ? html` <span class="tag">${contentType}</span>` : undefined}</h3>
<p>${summary}</p>
${valueTables(document, payload)}
<details><summary>Headers</summary>${fieldsOf(document, headers).map(fieldTable)}</details>
${examples.map(
  ({ summary: title, headers: example, payload: value }) => html`<details>
<summary>Example${title ? `: ${title.charAt(0).toLowerCase()}${title.slice(1)}` : ''}</summary>
<p class="label">Value</p><pre tabindex="0">${JSON.stringify(value, null, 2)}</pre>
<p class="label">Headers</p><pre tabindex="0">${JSON.stringify(example ?? {}, null, 2)}</pre>
</details>`,
)}
</article>`;
}

function valueTables(document: EventsDocument, payload: JsonSchema): Html {
  const tables = fieldsOf(document, payload).map(fieldTable);
  if (tables.length === 0) return html`<h4>Value</h4><p>${payload.description ?? 'Anything'}</p>`;
  return html`<h4>Value</h4>${tables}`;
}

function fieldTable(fields: readonly Field[]): Html {
  return html`<div class="scroll"><table>
<thead><tr><th>Field</th><th>Type</th><th>Meaning</th></tr></thead>
<tbody>${fields.map(fieldRow)}</tbody>
</table></div>`;
}

function fieldRow({ name, type, isRequired, description, rules }: Field): Html {
  const required = isRequired ? html` <span class="required">required</span>` : undefined;
  const list =
    rules.length > 0 ? html`<span class="rules">${rules.map((rule) => html`<span>${rule}</span>`)}</span>` : undefined;
  return html`<tr><td><code>${name}</code>${required}</td><td>${type}</td><td>${sentence(description)}${list}</td></tr>`;
}

/** A long name may go on in another line after a dot. */
const breakable = (name: string) => name.split('.').map((part, i) => (i === 0 ? html`${part}` : html`<wbr>.${part}`));

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
