/**
 * One diagram for all markers that agree wherever it matters.
 *
 * Some values of `os_name`, `sys_platform` and `platform_system` are never
 * reported together: `os_name == 'nt'` excludes `sys_platform == 'linux'`. The
 * standard does not say so; it is knowledge about the world. What a marker says
 * of such an environment is without consequence, so it is chosen here, always
 * in the same way and to make the marker short.
 */

import { type Diagram, FALSE, type NodeRef, opposite, TRUE } from './marker-diagram.ts';
import { isPlatformVariable } from './marker-variable.ts';

export class PlatformKnowledge {
  readonly #diagram: Diagram;
  readonly #chosen = new Map<NodeRef, NodeRef>();
  #possible: NodeRef | undefined;

  constructor(diagram: Diagram) {
    this.#diagram = diagram;
  }

  /** The one diagram of all that agree with `ref` on every possible platform. */
  canonical(ref: NodeRef): NodeRef {
    if (!this.#mixesPlatforms(ref)) return ref;
    const known = this.#chosen.get(ref);
    if (known !== undefined) return known;
    this.#possible ??= opposite(findContradictions(this.#diagram));
    let result = this.#choose(ref, this.#possible, new Map());
    if (this.#mixesPlatforms(result)) {
      result = this.#diagram.mapChildren(result, (child) => this.canonical(child));
    }
    this.#chosen.set(ref, result);
    this.#chosen.set(opposite(ref), opposite(result));
    return result;
  }

  /** Platform variables come first on every path, so a second one is asked right below the first. */
  #mixesPlatforms(ref: NodeRef): boolean {
    return this.#asksPlatform(ref) && this.#diagram.children(ref).some((child) => this.#asksPlatform(child));
  }

  #asksPlatform(ref: NodeRef): boolean {
    return ref !== TRUE && ref !== FALSE && isPlatformVariable(this.#diagram.node(ref).variable);
  }

  /**
   * A diagram that answers like `ref` wherever `possible` holds. The lowest
   * interval of a variable holds no known value, so whatever is possible for
   * another interval is possible for it: its answer stands in for impossible
   * intervals, and for those that cannot tell it from their own.
   */
  #choose(ref: NodeRef, possible: NodeRef, known: Map<string, NodeRef>): NodeRef {
    if (possible === TRUE || !this.#asksPlatform(ref)) return ref;
    const key = `${ref},${possible}`;
    let result = known.get(key);
    if (result === undefined) known.set(key, (result = this.#chooseStep(ref, possible, known)));
    return result;
  }

  #chooseStep(ref: NodeRef, possible: NodeRef, known: Map<string, NodeRef>): NodeRef {
    const diagram = this.#diagram;
    const [asked, limited] = [diagram.node(ref), diagram.node(possible)];
    if (asked.variableKey < limited.variableKey) {
      return diagram.mapChildren(ref, (child) => this.#choose(child, possible, known));
    }
    const lowestPossible = diagram.children(possible)[0] ?? TRUE;
    if (asked.variableKey > limited.variableKey) return this.#choose(ref, lowestPossible, known);
    const lowest = diagram.children(ref)[0] ?? FALSE;
    const standIn = this.#choose(lowest, lowestPossible, known);
    return diagram.merge(ref, possible, (child, allowed) => {
      if (allowed === FALSE || child === lowest) return standIn;
      const own = this.#choose(child, allowed, known);
      const isAlike = allowed !== lowestPossible && own === this.#choose(standIn, allowed, known);
      return isAlike ? standIn : own;
    });
  }
}

/** Values of `platform_system` whose `sys_platform` is none of {@link OTHER_PLATFORMS}. */
const UNUSUAL_SYSTEMS = ['FreeBSD', 'NetBSD', 'OpenBSD', 'SunOS', 'iOS', 'iPadOS'];
const OTHER_PLATFORMS = ['aix', 'android', 'emscripten', 'ios', 'linux', 'darwin', 'win32', 'cygwin', 'wasi'];

/** The marker of all known contradictions. */
function findContradictions(diagram: Diagram): NodeRef {
  const osName = (value: string): NodeRef => diagram.ofText({ kind: 'text', name: 'os_name' }, value);
  const platform = (value: string): NodeRef => diagram.ofText({ kind: 'text', name: 'sys_platform' }, value);
  const system = (value: string): NodeRef => diagram.ofText({ kind: 'text', name: 'platform_system' }, value);
  const pairs: [NodeRef, NodeRef][] = [
    [osName('nt'), platform('linux')],
    [osName('nt'), platform('darwin')],
    [osName('nt'), platform('ios')],
    [osName('posix'), platform('win32')],
  ];
  for (const unusual of UNUSUAL_SYSTEMS) {
    for (const other of OTHER_PLATFORMS) {
      if (other !== 'ios' || !unusual.startsWith('i')) pairs.push([system(unusual), platform(other)]);
    }
  }
  return pairs.reduce((all, [left, right]) => diagram.or(all, diagram.and(left, right)), FALSE);
}
