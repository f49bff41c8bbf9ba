import { Header } from '@nestjs/common';

/** Of a route that may answer with JSON already written (`JsonText`): Nest sends a text as it is, and would call it plain. */
export const AnswersJsonText = () => Header('content-type', 'application/json; charset=utf-8');
