/**
 * What cannot be: values of `os_name`, `sys_platform` and `platform_system`
 * that no interpreter reports together. The standard does not say so; it is
 * knowledge about the world that lets a resolver drop impossible branches.
 */

import { type Diagram, FALSE, type NodeRef, opposite } from './marker-diagram.ts';

/** Values of `platform_system` whose `sys_platform` is none of {@link OTHER_PLATFORMS}. */
const UNUSUAL_SYSTEMS = ['FreeBSD', 'NetBSD', 'OpenBSD', 'SunOS', 'iOS', 'iPadOS'];
const OTHER_PLATFORMS = ['aix', 'android', 'emscripten', 'ios', 'linux', 'darwin', 'win32', 'cygwin', 'wasi'];

/** The marker of all known contradictions. */
export function findContradictions(diagram: Diagram): NodeRef {
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
  return pairs.reduce((all, [left, right]) => plainOr(diagram, all, diagram.plainAnd(left, right)), FALSE);
}

function plainOr(diagram: Diagram, left: NodeRef, right: NodeRef): NodeRef {
  return opposite(diagram.plainAnd(opposite(left), opposite(right)));
}
