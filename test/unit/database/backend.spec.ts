import { postgresqlBackend } from '../../../src/database/backend.js';

describe('the address of a PostgreSQL server', () => {
  it.each([
    ['postgresql://risk:s3cret@db.example:6432/prod', 'PostgreSQL at db.example:6432/prod'],
    ['postgres://risk:s3cret@db.example/prod?sslmode=require', 'PostgreSQL at db.example:5432/prod'],
    ['postgres://localhost/prod?user=risk&password=s3cret', 'PostgreSQL at localhost:5432/prod'],
  ])('is logged without user or password: %s', (url, label) => {
    expect(postgresqlBackend(url).label).toBe(label);
  });
});
