import type { Decision } from '../../book/decision.js';
import type { BookAlert } from '../../book/effects.js';
import type { RiskBook } from '../../book/risk-book.js';
import { alertMessageOf } from './alert-message.js';
import type { BookWriteBuilder } from './book-write.js';
import type { DecisionReply } from './decision.schema.js';
import { decisionReply } from './decision-reply.js';
import { decisionIdOf } from './order-identity.js';
import type { Changes } from './ports.js';

/** Currency of what is said about an account that is not there. */
const NO_CURRENCY = 'USD';

export const currencyOf = (book: RiskBook, accountId: string): string =>
  book.account(accountId)?.currency ?? NO_CURRENCY;

/** The outcome of an approval, as it is told. */
export const revisionOf = (book: RiskBook, decision: Decision): DecisionReply =>
  decisionReply(decision, {
    decisionId: decisionIdOf(decision),
    currency: currencyOf(book, decision.accountId),
  });

/** Adds what one input changed to the next write. */
export function addChanges(
  write: BookWriteBuilder,
  { decisions, effects, revisions }: Changes,
  { book, now }: { book: RiskBook; now: number },
): void {
  // Decisions before the effects that came with them: those speak of their orders.
  if (decisions) for (const decision of decisions) write.addDecision(decision);
  if (revisions) for (const revision of revisions) write.addRevision(revision);
  for (const effect of effects) {
    if (effect.kind === 'DECISION') write.addRevision(revisionOf(book, effect.decision));
    else if (effect.kind === 'ALERT')
      write.addAlert(alertMessageOf(effect.alert, { at: now, currency: alertCurrency(book, effect.alert) }));
    else write.addEffect(effect);
  }
}

function alertCurrency(book: RiskBook, alert: BookAlert): string {
  if (alert.code === 'UNEXPECTED_FILL') return currencyOf(book, alert.fill.accountId);
  return currencyOf(book, 'accountId' in alert ? alert.accountId : alert.id);
}
