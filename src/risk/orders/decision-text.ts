import type { CheckKind, CheckResult } from '../../book/check-result.js';
import type { Level } from '../../book/inputs.js';
import { minorUnits } from '../../decimal/decimal.js';
import type { JsonText } from '../json-text.js';
import type { DecisionReply, DecisionsReply } from './decision.schema.js';
import type { Answer } from './decision-reply.js';
import { type Figures, figuresOf, unitOf } from './figures.js';

/**
 * JSON of `fullReply`, byte by byte. Most of an answer over HTTP are its checks, and most of a check are words that all
 * checks of its kind share: joined here, they take a third of the time of objects that `JSON.stringify` reads.
 */
export function decisionText({ reply, checks, currency }: Answer): JsonText<DecisionReply> {
  const text = JSON.stringify(reply);
  // No text of somebody else can hold this: its quotation marks would be escaped.
  const full =
    checks === null ? text : text.replace('"checks":null', () => `"checks":[${checksText(checks, currency)}]`);
  return full as JsonText<DecisionReply>;
}

/** The same of many. */
export const decisionsText = (answers: readonly Answer[]) =>
  `{"decisions":[${answers.map(decisionText).join()}]}` as JsonText<DecisionsReply>;

/** Nothing in it has to be escaped: ids and codes hold no such characters. */
function checksText(checks: readonly CheckResult[], currency: string): string {
  const digits = minorUnits(currency);
  const words = wordsIn(currency);
  let text = '';
  for (const result of checks) {
    const { kind, status, level, levelId, exact } = result;
    const { passed, start, exactEnd, boundEnd } = wordsOf(kind, words, currency);
    const scope = scopeOf(level, levelId);
    const figures = figuresOf(result, digits);
    const { before, after, limit, headroom } = figures;
    text += status === 'PASS' ? passed : `${start}${status}"`;
    // Few pieces for what nearly all of them are.
    if (headroom === null) text += scope.text + figuresText(figures);
    else {
      text += before === null ? scope.withoutBefore : `${scope.withBefore}${before}","after":"`;
      text += `${after}","limit":"${limit}","headroom":"${headroom}"`;
    }
    text += exact ? exactEnd : boundEnd;
  }
  // Without the comma before the first.
  return text.slice(1);
}

const NO_FIGURES = '"before":null,"after":null,"limit":null,"headroom":null';

function figuresText({ before, after, limit, headroom }: Figures): string {
  if (after === null && limit === null && before === null) return NO_FIGURES;
  return `"before":${quoted(before)},"after":${quoted(after)},"limit":${quoted(limit)},"headroom":${quoted(headroom)}`;
}

const quoted = (text: string | null): string => (text === null ? 'null' : `"${text}"`);

/** What the checks of a kind have in common before and behind what differs. */
interface Words {
  /** Before the status. */
  readonly start: string;
  /** With the status of nearly all of them. */
  readonly passed: string;
  readonly exactEnd: string;
  readonly boundEnd: string;
}

type WordsByKind = WeakMap<CheckKind, Words>;
const wordsByCurrency = new Map<string, WordsByKind>();

function wordsIn(currency: string): WordsByKind {
  let words = wordsByCurrency.get(currency);
  if (!words) {
    words = new WeakMap();
    wordsByCurrency.set(currency, words);
  }
  return words;
}

function wordsOf(kind: CheckKind, known: WordsByKind, currency: string): Words {
  let words = known.get(kind);
  if (!words) {
    const start = flat(`,{"code":"${kind.code}","status":"`);
    const end = (exact: boolean) =>
      flat(`,"unit":${quoted(unitOf(kind.unit, currency))},"soft":${kind.soft === true},"exact":${exact}}`);
    words = { start, passed: flat(`${start}PASS"`), exactEnd: end(true), boundEnd: end(false) };
    known.set(kind, words);
  }
  return words;
}

/** Whom a check concerns, and how its figures begin. */
interface Scope {
  readonly text: string;
  readonly withBefore: string;
  readonly withoutBefore: string;
}

/** More than a firm has accounts that trade within minutes; a scope takes half a kilobyte. */
const SCOPES_MAX = 5_000;
const scopesByLevel = new Map<Level | null, Map<string | null, Scope>>();

function scopeOf(level: Level | null, id: string | null): Scope {
  let scopes = scopesByLevel.get(level);
  if (!scopes) {
    scopes = new Map();
    scopesByLevel.set(level, scopes);
  }
  let scope = scopes.get(id);
  if (!scope) {
    const text = flat(`,"level":${quoted(level)},"level_id":${quoted(id)},`);
    const withoutBefore = flat(`${text}"before":null,"after":"`);
    scope = { text, withBefore: flat(`${text}"before":"`), withoutBefore };
    if (scopes.size >= SCOPES_MAX) scopes.clear();
    scopes.set(id, scope);
  }
  return scope;
}

/** As one piece of memory: the engine keeps what is joined as its parts, and would walk through them at each use. */
const flat = (text: string): string => Buffer.from(text).toString();
