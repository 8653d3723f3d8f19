/**
 * Sentences for a derivation, from the facts up to the conclusion. A step that several others build on is numbered and
 * referred to (docs/solver.md, "Errors").
 */
import { padded, type ErrorWords } from './error-words.ts';
import type { ErrorFact, ErrorStep, ErrorTree } from './error-tree.ts';

type Task =
  | { readonly kind: 'explain'; readonly step: ErrorStep }
  | { readonly kind: 'number'; readonly step: ErrorStep }
  | { readonly kind: 'after-first'; readonly step: ErrorStep; readonly first: ErrorStep; readonly second: ErrorStep }
  | { readonly kind: 'say'; readonly line: string };

export function reportTree(tree: ErrorTree, words: ErrorWords): string {
  if (tree.kind !== 'step') return words.fact(tree);
  return new Reporter(words).report(tree);
}

class Reporter {
  readonly #words: ErrorWords;
  readonly #lines: string[] = [];
  readonly #numbers: Map<number, number> = new Map();
  readonly #tasks: Task[] = [];
  #count = 0;

  constructor(words: ErrorWords) {
    this.#words = words;
  }

  report(tree: ErrorStep): string {
    this.#tasks.push({ kind: 'explain', step: tree });
    for (let task = this.#tasks.pop(); task !== undefined; task = this.#tasks.pop()) this.#run(task);
    return this.#lines.join('\n');
  }

  #run(task: Task): void {
    if (task.kind === 'say') this.#lines.push(task.line);
    else if (task.kind === 'number') this.#numberOnce(task.step);
    else if (task.kind === 'after-first') this.#afterFirst(task);
    else this.#explain(task.step);
  }

  #explain(step: ErrorStep): void {
    const { first, second } = step;
    this.#tasks.push({ kind: 'number', step });
    if (first.kind === 'step' && second.kind === 'step') this.#explainSteps(step, first, second);
    else if (first.kind === 'step' && second.kind !== 'step') this.#explainWithFact(step, first, second);
    else if (first.kind !== 'step' && second.kind === 'step') this.#explainWithFact(step, second, first);
    else if (first.kind !== 'step' && second.kind !== 'step') {
      this.#lines.push(`Because ${padded('', this.#words.facts(first, second), ', ')}${this.#concluding(step)}`);
    }
  }

  #concluding(step: ErrorStep): string {
    return `we can conclude that ${this.#conclusion(step)}`;
  }

  #conclusion(step: ErrorStep): string {
    return padded('', this.#words.conclusion(step.terms), '.');
  }

  #explainWithFact(step: ErrorStep, derived: ErrorStep, fact: ErrorFact): void {
    const known = this.#numberOf(derived);
    if (known !== undefined) {
      const conclusion = this.#words.conclusion(derived.terms);
      this.#lines.push(
        `Because we know from (${known}) that ${padded('', conclusion, ' ')}and ${padded('', this.#words.fact(fact), ', ')}${this.#concluding(step)}`,
      );
      return;
    }
    const inner = innerOf(derived);
    const clause = inner === undefined ? this.#words.fact(fact) : this.#words.facts(inner.fact, fact);
    this.#say(`And because ${padded('', clause, ', ')}${this.#concluding(step)}`);
    this.#tasks.push({ kind: 'explain', step: inner?.step ?? derived });
  }

  #explainSteps(step: ErrorStep, first: ErrorStep, second: ErrorStep): void {
    const [firstNumber, secondNumber] = [this.#numberOf(first), this.#numberOf(second)];
    if (firstNumber !== undefined && secondNumber !== undefined) {
      const [a, b] = [this.#words.conclusion(first.terms), this.#words.conclusion(second.terms)];
      this.#lines.push(
        `Because we know from (${firstNumber}) that ${padded('', a, ' ')}and we know from (${secondNumber}) that ${padded('', b, ', ')}${this.#conclusion(step)}`,
      );
    } else if (firstNumber !== undefined) this.#andKnown(step, { number: firstNumber, known: first, next: second });
    else if (secondNumber !== undefined) this.#andKnown(step, { number: secondNumber, known: second, next: first });
    else {
      this.#tasks.push({ kind: 'after-first', step, first, second });
      this.#tasks.push({ kind: 'explain', step: first });
    }
  }

  /** Explain `next`, then conclude from it and from a step that was explained already. */
  #andKnown(
    step: ErrorStep,
    { number, known, next }: { readonly number: number; readonly known: ErrorStep; readonly next: ErrorStep },
  ): void {
    const conclusion = padded('', this.#words.conclusion(known.terms), ', ');
    this.#say(`And because we know from (${number}) that ${conclusion}${this.#concluding(step)}`);
    this.#tasks.push({ kind: 'explain', step: next });
  }

  #afterFirst({ step, first, second }: Task & { readonly kind: 'after-first' }): void {
    if (first.shared !== undefined) {
      this.#lines.push('');
      this.#tasks.push({ kind: 'explain', step });
      return;
    }
    const number = this.#addNumber();
    this.#lines.push('');
    this.#andKnown(step, { number, known: first, next: second });
  }

  #say(line: string): void {
    this.#tasks.push({ kind: 'say', line });
  }

  #numberOnce({ shared }: ErrorStep): void {
    if (shared !== undefined && !this.#numbers.has(shared)) this.#numbers.set(shared, this.#addNumber());
  }

  #numberOf({ shared }: ErrorStep): number | undefined {
    return shared === undefined ? undefined : this.#numbers.get(shared);
  }

  /** Number the line before. */
  #addNumber(): number {
    this.#count += 1;
    const last = this.#lines.length - 1;
    const line = this.#lines[last];
    if (line !== undefined) this.#lines[last] = `${line} (${this.#count})`;
    return this.#count;
  }
}

/** A step that follows from another step and a fact: both are told in one sentence with what comes next. */
function innerOf({ first, second }: ErrorStep): { readonly step: ErrorStep; readonly fact: ErrorFact } | undefined {
  if (first.kind === 'step' && second.kind !== 'step') return { step: first, fact: second };
  if (second.kind === 'step' && first.kind !== 'step') return { step: second, fact: first };
  return undefined;
}
