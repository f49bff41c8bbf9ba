import { Injectable } from '@nestjs/common';
import { LiveBook } from '../orders/ports.js';
import { notFound } from './level.js';
import type { UtilisationQuery, UtilisationReply } from './utilisation.schema.js';
import { utilisationRowOf } from './utilisation-row.js';

@Injectable()
export class UtilisationService {
  constructor(private readonly liveBook: LiveBook) {}

  /** Throws `account_not_found`. */
  ofPath({ account_id }: UtilisationQuery): Promise<UtilisationReply> {
    return this.liveBook.look((book, now) => {
      const account = book.account(account_id);
      if (!account) throw notFound({ level: 'ACCOUNT', id: account_id });
      const rows = book.utilisation(account_id, now);
      return { data: rows.map((row) => utilisationRowOf(row, account.currency)), next_cursor: null };
    });
  }
}
