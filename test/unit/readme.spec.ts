import { readFileSync } from 'node:fs';
import { environmentSchema } from '../../src/config.js';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

describe('README', () => {
  it('lists every configuration variable with its default and its meaning', () => {
    const rows = Object.entries(environmentSchema.shape).map(([name, schema]) => {
      const unset = schema.safeParse(undefined);
      const fallback = unset.success && unset.data !== undefined ? `\`${unset.data}\`` : 'unset';
      return `| \`${name}\` | ${fallback} | ${schema.description} |`;
    });
    const table = readme.slice(readme.indexOf('| variable |')).split('\n\n')[0]!.split('\n').slice(2);
    expect(table).toEqual(rows);
  });

  it('names every variable in the commented .env', () => {
    const file = readFileSync(new URL('../../.env', import.meta.url), 'utf8');
    for (const name of Object.keys(environmentSchema.shape)) expect(file).toContain(`#${name}=`);
  });
});
