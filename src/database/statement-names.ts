/** Connections keep every statement that has a name until they end, so there are only so many. */
const NAMES_MAX = 64;

/** Names of statements by their texts: the first ones that come, which are those that come often. */
export class StatementNames {
  private readonly byText = new Map<string, string>();

  /** Undefined where there are too many: such a statement is parsed each time. */
  nameOf(text: string): string | undefined {
    const known = this.byText.get(text);
    if (known !== undefined || this.byText.size >= NAMES_MAX) return known;
    const name = `statement_${this.byText.size}`;
    this.byText.set(text, name);
    return name;
  }
}
